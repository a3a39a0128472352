"""Who works on what: claims, leases and attempts. The row is the truth; the queue only rings.

A worker claims an order with one conditional UPDATE and holds it by a lease that it keeps
extending. The attempt's number fences: a worker that lost its lease finds that nothing it
still tries (extend, finish, fail) hits a row any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, or_, select, update
from sqlalchemy.orm import Session

from cvtube.videos import turns
from cvtube.videos.books import BOOKS, Book, Kind
from cvtube.videos.models import Asset, AssetKind, Clip, Stage
from cvtube.videos.orders import Doing

# Waits before the next attempt, by attempts made. A machine that is out of memory or whose
# storage is away will not be better at once.
BACKOFF = (timedelta(0), timedelta(seconds=10), timedelta(seconds=60))

# Why an order failed that may well be done another day: the reason was not found in the film.
GAVE_UP = "transcode_gave_up"


@dataclass(frozen=True)
class Claim:
    """The right to work on one order, until the lease runs out."""

    subject_id: str  # a clip; for a film as one file, the film
    video_id: str
    attempt: int
    tries: int  # that count so far, this one included
    kind: Kind = Kind.NEW
    # What of the recording is wanted: seconds from its beginning; None: up to its end.
    trim: tuple[float, float | None] = (0.0, None)

    @property
    def clip_id(self) -> str:
        """What most orders are for."""
        return self.subject_id

    @property
    def book(self) -> Book:
        return BOOKS[self.kind]


@dataclass(frozen=True)
class Made:
    """What a finished attempt made of a clip."""

    duration_ms: int
    width: int
    height: int
    assets: Sequence[Asset]
    ladder: int = 1  # version of the encoding ladder


def claim_next(
    session: Session,
    now: datetime,
    *,
    lease: timedelta,
    max_tries: int,
    worker: str = "",
    again_at_once: int = 1,
) -> Claim | None:
    """Take what deserves it most, or None: nothing waits.

    Of clips that are made again no more than `again_at_once` are under way at a time (one or
    two more where several workers ask at the same instant), or new films would find no worker.
    """
    for kind in Kind:
        if kind is Kind.AGAIN and under_way(session, kind, now) >= again_at_once:
            continue
        subject_id = session.scalar(turns.next_of(kind, now, max_tries))
        if subject_id is not None:
            return claim(
                session, subject_id, now,
                lease=lease, max_tries=max_tries, kind=kind, worker=worker,
            )  # fmt: skip
    return None


def claim(
    session: Session,
    subject_id: str,
    now: datetime,
    *,
    lease: timedelta,
    max_tries: int,
    kind: Kind = Kind.NEW,
    worker: str = "",
) -> Claim | None:
    """Take this one, or None: it is done, being worked on, not due yet, or was tried too often."""
    book = BOOKS[kind]
    table = book.table
    row = session.execute(
        update(table)
        .where(book.subject == subject_id, table.tries < max_tries, book.free(now))
        .values(
            {
                book.state: book.working,
                table.attempt: table.attempt + 1,
                table.tries: table.tries + 1,
                table.lease_until: now + lease,
                table.not_before: None,
                table.started_at: now,
                table.worker: worker,
                table.progress: 0,
            }
        )
        .returning(book.subject, table.video_id, table.attempt, table.tries)
    ).first()
    if row is None:
        return None
    if kind is Kind.NEW:
        forget_early(session, subject_id)
    claimed = _claimed(row, kind)
    return claimed if kind is Kind.FILE else replace(claimed, trim=_trim_of(session, subject_id))


def _claimed(row: Row[*tuple[Any, ...]], kind: Kind) -> Claim:
    subject_id, video_id, attempt, tries = row
    return Claim(subject_id, video_id, attempt, tries, kind)


def _trim_of(session: Session, clip_id: str) -> tuple[float, float | None]:
    columns = select(Clip.trim_start_ms, Clip.trim_end_ms)
    start, end = session.execute(columns.where(Clip.id == clip_id)).one()
    return start / 1000, None if end is None else end / 1000


def extend(
    session: Session, held: Claim, now: datetime, *, lease: timedelta, progress: int
) -> bool:
    """Keep the lease and tell how far the work is (percent). False: the order is no longer ours."""
    return _update_held(session, held, lease_until=now + lease, progress=progress)


def show_early(session: Session, held: Claim, early_ms: int, tracks: Sequence[Asset]) -> bool:
    """Let the owner watch what there is so far. False: the clip is no longer ours."""
    if not _update_held(session, held, early_ms=early_ms):
        return False
    _forget_early_tracks(session, held.clip_id)
    session.add_all(tracks)
    return True


def forget_early(session: Session, clip_id: str) -> None:
    """Before their objects go, or with the attempt that was to complete them."""
    _forget_early_tracks(session, clip_id)
    session.execute(
        update(Clip).where(Clip.id == clip_id, Clip.early_ms.is_not(None)).values(early_ms=None)
    )


def _forget_early_tracks(session: Session, clip_id: str) -> None:
    session.execute(delete(Asset).where(Asset.clip_id == clip_id, Asset.kind == AssetKind.EARLY))


def give_back(session: Session, held: Claim, now: datetime, *, wait: timedelta) -> bool:
    """Put the order back: it was not the film's fault, and the try does not count."""
    return _put_back(session, held, now + wait, tries=held.book.table.tries - 1, started_at=None)


def requeue(session: Session, lost: Claim, now: datetime) -> bool:
    """Make an order claimable again after a try that counts, a little later each time."""
    return _put_back(session, lost, now + BACKOFF[min(lost.tries, len(BACKOFF)) - 1])


def end(session: Session, held: Claim, state: Stage | Doing, **values: Any) -> bool:
    """Leave the working state for good; an order's own verbs call it, with what follows from it."""
    return _update_held(session, held, state, lease_until=None, **values)


def _put_back(session: Session, held: Claim, due: datetime, **values: Any) -> bool:
    again = {"lease_until": None, "not_before": due, "nudged_at": None, "progress": 0}
    return _update_held(session, held, held.book.waiting, **again, **values)


def _update_held(
    session: Session, held: Claim, state: Stage | Doing | None = None, **values: Any
) -> bool:
    book = held.book
    hit = session.execute(
        update(book.table)
        .where(
            book.subject == held.subject_id,
            book.table.attempt == held.attempt,
            book.state == book.working,
        )
        .values(**values, **({book.state.key: state} if state else {}))
        .returning(book.subject)
    ).first()
    if hit is not None and state is not None and held.kind is Kind.NEW:
        forget_early(session, held.clip_id)
    return hit is not None


def release_leases(session: Session, worker: str, now: datetime) -> None:
    """The process that did this worker's job was killed: let the next one have it at once."""
    for book in BOOKS.values():
        session.execute(
            update(book.table)
            .where(book.table.worker == worker, book.state == book.working)
            .values(lease_until=now)
        )


def under_way(session: Session, kind: Kind, now: datetime) -> int:
    """How many orders of the kind somebody works on."""
    book = BOOKS[kind]
    return session.scalar(select(func.count(book.subject)).where(book.under_way(now))) or 0


def expired(session: Session, now: datetime) -> Sequence[Claim]:
    """The claims whose worker fell silent."""
    found: list[Claim] = []
    for kind, book in BOOKS.items():
        table = book.table
        rows = session.execute(
            select(book.subject, table.video_id, table.attempt, table.tries)
            .where(book.lost(now))
            .with_for_update(skip_locked=True)
        )
        found += [_claimed(row, kind) for row in rows]
    return found


def unheard(
    session: Session,
    now: datetime,
    *,
    silence: timedelta,
    kind: Kind = Kind.NEW,
    limit: int = 500,
) -> Sequence[str]:
    """Ids of what waits, is due, and was not rung for lately; marked as rung for now."""
    book = BOOKS[kind]
    nudged_at = book.table.nudged_at
    # One that was rung for later than now was so before the clock was set back.
    silent = or_(nudged_at <= now - silence, nudged_at > now + silence)
    waiting = (
        select(book.subject)
        .where(book.due(now), or_(nudged_at.is_(None), silent))
        .order_by(book.since)
        .limit(limit)
    )
    ids = session.scalars(waiting).all()
    session.execute(update(book.table).where(book.subject.in_(ids)).values(nudged_at=now))
    return ids
