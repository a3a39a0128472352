"""Making ready clips again, by the ladder of today, while they go on playing.

The clip itself is touched in one moment only (`lifecycle.finish_reencode`), when everything that
was made takes the place of what was there. It stays ready and approved throughout: it is still
what moderators have seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cvtube.videos import work
from cvtube.videos.models import Clip, OriginalChunk, Stage, Video
from cvtube.videos.orders import OPEN, Doing, Reencode
from cvtube.videos.work import Claim

ORIGINAL_GONE = "original_gone"
AT_A_TIME = 500  # statements hold only so many ids, and others want to write, too


@dataclass(frozen=True)
class Ordered:
    """What came of an order for many clips."""

    ordered: int = 0
    already: int = 0  # waited before
    original_gone: int = 0  # what was sent is no longer kept: they stay as they are
    last: str = ""  # the clip looked at last; empty: there were no more

    def __add__(self, more: Ordered) -> Ordered:
        return Ordered(
            self.ordered + more.ordered,
            self.already + more.already,
            self.original_gone + more.original_gone,
            more.last,
        )


def order(
    session: Session, which: ColumnElement[bool], now: datetime, *, after: str = ""
) -> Ordered:
    """Order ready clips of living films that `which` chooses to be made again.

    As many as are good for one transaction, by their ids: the next ones come `after` the last.
    """
    # What was sent for them is not erased until we are done (privacy.jobs.purge_original).
    clip_ids = session.scalars(
        select(Clip.id)
        .join(Video, Video.id == Clip.video_id)
        .where(which, Clip.stage == Stage.READY, Video.deleted_at.is_(None), Clip.id > after)
        .order_by(Clip.id)
        .limit(AT_A_TIME)
        .with_for_update(of=Video, read=True, key_share=True)
    ).all()
    kept = exists().where(OriginalChunk.clip_id == Clip.id)
    rows = session.execute(
        select(Clip.id, kept.label("kept"), Reencode.state)
        .outerjoin(Reencode, Reencode.clip_id == Clip.id)
        .where(Clip.id.in_(clip_ids))
    ).all()
    closed = [row for row in rows if row.state not in OPEN]
    wanted = [row.id for row in closed if row.kept]
    ordered = _order(session, wanted, now)
    gone = len(closed) - len(wanted)
    return Ordered(ordered, len(rows) - ordered - gone, gone, clip_ids[-1] if clip_ids else "")


def _order(session: Session, clip_ids: Sequence[str], now: datetime) -> int:
    """How many of them nobody else has ordered at the same moment."""
    ended = delete(Reencode).where(Reencode.clip_id.in_(clip_ids), Reencode.state.not_in(OPEN))
    session.execute(ended)
    postgres = session.get_bind().dialect.name == "postgresql"
    insert = (postgresql if postgres else sqlite).insert(Reencode)
    state, ordered_at = Reencode.state, Reencode.ordered_at
    fresh = select(
        Clip.id, Clip.video_id, Clip.attempt,
        literal(Doing.WAITING, state.type), literal(now, ordered_at.type),
    ).where(Clip.id.in_(clip_ids))  # fmt: skip
    columns = [Reencode.clip_id, Reencode.video_id, Reencode.attempt, state, ordered_at]
    mine = insert.from_select(columns, fresh).on_conflict_do_nothing(
        index_elements=[Reencode.clip_id]
    )
    return len(session.scalars(mine.returning(Reencode.clip_id)).all())


def fail(session: Session, held: Claim, code: str, now: datetime) -> bool:
    """The clip stays as it is, for the reason the code names. False: no longer ours to say so."""
    if not work.end(session, held, Doing.FAILED, ended_at=now, error_code=code, progress=0):
        return False
    # What this attempt has stored is nobody's now: the daily look at the storage may take it.
    session.execute(
        update(Clip)
        .where(Clip.id == held.clip_id, Clip.attempt < held.attempt)
        .values(attempt=held.attempt)
    )
    return True


def counts(session: Session) -> dict[Doing, int]:
    """How many orders there are in each state."""
    rows = session.execute(select(Reencode.state, func.count()).group_by(Reencode.state))
    found = dict.fromkeys(Doing, 0)
    for state, count in rows:
        found[state] += count
    return found


def failures(session: Session) -> dict[str, int]:
    """How many clips could not be made again, by the code of the reason."""
    rows = session.execute(
        select(Reencode.error_code, func.count())
        .where(Reencode.state == Doing.FAILED)
        .group_by(Reencode.error_code)
    )
    return {str(code): count for code, count in rows}
