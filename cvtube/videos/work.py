"""Who works on a clip: claims, leases and attempts. The row is the truth; the queue only rings.

A worker claims a clip with one conditional UPDATE and holds it by a lease that it keeps
extending. The attempt's number fences: a worker that lost its lease finds that nothing it
still tries (extend, finish, fail) hits a row any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from cvtube.videos.models import Asset, Clip, Stage

# Waits before the next attempt, by attempts made. A machine that is out of memory or whose
# storage is away will not be better at once.
BACKOFF = (timedelta(0), timedelta(seconds=10), timedelta(seconds=60))


@dataclass(frozen=True)
class Claim:
    """The right to work on one clip, until the lease runs out."""

    clip_id: str
    video_id: str
    attempt: int
    tries: int  # that count so far, this one included
    # What of the recording is wanted: seconds from its beginning; None: up to its end.
    trim: tuple[float, float | None] = (0.0, None)


@dataclass(frozen=True)
class Made:
    """What a finished attempt made of a clip."""

    duration_ms: int
    width: int
    height: int
    assets: Sequence[Asset]


def claim(
    session: Session, clip_id: str, now: datetime, *, lease: timedelta, max_tries: int
) -> Claim | None:
    """Take the clip, or None: it is done, being worked on, not due yet, or was tried too often."""
    row = session.execute(
        update(Clip)
        .where(Clip.id == clip_id, Clip.tries < max_tries, _free(now))
        .values(
            stage=Stage.TRANSCODING,
            attempt=Clip.attempt + 1,
            tries=Clip.tries + 1,
            lease_until=now + lease,
            not_before=None,
            progress=0,
        )
        .returning(
            Clip.id, Clip.video_id, Clip.attempt, Clip.tries, Clip.trim_start_ms, Clip.trim_end_ms
        )
    ).first()
    if row is None:
        return None
    end_s = None if row.trim_end_ms is None else row.trim_end_ms / 1000
    return Claim(row.id, row.video_id, row.attempt, row.tries, (row.trim_start_ms / 1000, end_s))


def extend(
    session: Session, held: Claim, now: datetime, *, lease: timedelta, progress: int
) -> bool:
    """Keep the lease and tell how far the work is (percent). False: the clip is no longer ours."""
    return _update_held(session, held, lease_until=now + lease, progress=progress)


def give_back(session: Session, held: Claim, now: datetime, *, wait: timedelta) -> bool:
    """Put the clip back: it was not the film's fault, and the try does not count."""
    return _update_held(
        session,
        held,
        stage=Stage.UPLOADED,
        tries=Clip.tries - 1,
        lease_until=None,
        not_before=now + wait,
        nudged_at=None,
        progress=0,
    )


def end(session: Session, held: Claim, stage: Stage, **values: Any) -> bool:
    """Leave `transcoding` for good; `lifecycle` calls it together with what follows from it."""
    return _update_held(session, held, stage=stage, lease_until=None, **values)


def _update_held(session: Session, held: Claim, **values: Any) -> bool:
    hit = session.execute(
        update(Clip)
        .where(
            Clip.id == held.clip_id,
            Clip.attempt == held.attempt,
            Clip.stage == Stage.TRANSCODING,
        )
        .values(**values)
        .returning(Clip.id)
    ).first()
    return hit is not None


def release_lease(session: Session, clip_id: str, now: datetime) -> None:
    """The worker's process was killed under the clip: let the next one have it at once."""
    session.execute(
        update(Clip)
        .where(Clip.id == clip_id, Clip.stage == Stage.TRANSCODING)
        .values(lease_until=now)
    )


def _free(now: datetime) -> Any:
    due = or_(Clip.not_before.is_(None), Clip.not_before <= now)
    return or_(
        and_(Clip.stage == Stage.UPLOADED, due),
        and_(Clip.stage == Stage.TRANSCODING, Clip.lease_until <= now),
    )


def expired(session: Session, now: datetime) -> Sequence[Claim]:
    """The claims whose worker fell silent."""
    rows = session.execute(
        select(Clip.id, Clip.video_id, Clip.attempt, Clip.tries)
        .where(Clip.stage == Stage.TRANSCODING, Clip.lease_until <= now)
        .with_for_update(skip_locked=True)
    )
    return [Claim(*row) for row in rows]


def requeue(session: Session, lost: Claim, now: datetime) -> bool:
    """Make a clip claimable again after a try that counts, a little later each time."""
    wait = BACKOFF[min(lost.tries, len(BACKOFF)) - 1]
    return _update_held(
        session,
        lost,
        stage=Stage.UPLOADED,
        lease_until=None,
        not_before=now + wait,
        nudged_at=None,
        progress=0,
    )


def unheard(session: Session, now: datetime, *, silence: timedelta) -> Sequence[str]:
    """Ids of clips that wait, are due, and were not rung for lately; marked as rung for now."""
    waiting = (
        select(Clip.id)
        .where(
            Clip.stage == Stage.UPLOADED,
            or_(Clip.not_before.is_(None), Clip.not_before <= now),
            or_(Clip.nudged_at.is_(None), Clip.nudged_at <= now - silence),
        )
        .order_by(Clip.uploaded_at)
        .limit(500)
    )
    ids = session.scalars(waiting).all()
    session.execute(update(Clip).where(Clip.id.in_(ids)).values(nudged_at=now))
    return ids
