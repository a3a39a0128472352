"""Making ready clips again, by the ladder of today, while they go on playing.

The clip itself is touched in one moment only (`lifecycle.finish_reencode`), when everything that
was made takes the place of what was there. It stays ready and approved throughout: it is still
what moderators have seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.orm import Session

from cvtube.videos import work
from cvtube.videos.models import Clip, OriginalChunk, Stage, Video
from cvtube.videos.orders import OPEN, Doing, Reencode
from cvtube.videos.work import Claim

ORIGINAL_GONE = "original_gone"


@dataclass(frozen=True)
class Ordered:
    """What came of an order for many clips."""

    ordered: int
    already: int  # waited before
    original_gone: int  # what was sent is no longer kept: they stay as they are


def order(session: Session, which: ColumnElement[bool], now: datetime) -> Ordered:
    """Order the ready clips of living films that `which` chooses to be made again."""
    kept = exists().where(OriginalChunk.clip_id == Clip.id)
    rows = session.execute(
        select(Clip.id, Clip.video_id, Clip.attempt, kept.label("kept"), Reencode.state)
        .join(Video, Video.id == Clip.video_id)
        .outerjoin(Reencode, Reencode.clip_id == Clip.id)
        .where(which, Clip.stage == Stage.READY, Video.deleted_at.is_(None))
    ).all()
    already = [row for row in rows if row.state in OPEN]
    wanted = [row for row in rows if row.kept and row.state not in OPEN]
    session.execute(delete(Reencode).where(Reencode.clip_id.in_([row.id for row in wanted])))
    session.add_all(
        Reencode(
            clip_id=row.id, video_id=row.video_id, attempt=row.attempt, tries=0, progress=0,
            state=Doing.WAITING, ordered_at=now,
        )
        for row in wanted
    )  # fmt: skip
    return Ordered(len(wanted), len(already), len(rows) - len(wanted) - len(already))


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
        found[state] = count
    return found


def failures(session: Session) -> dict[str, int]:
    """How many clips could not be made again, by the code of the reason."""
    rows = session.execute(
        select(Reencode.error_code, func.count())
        .where(Reencode.state == Doing.FAILED)
        .group_by(Reencode.error_code)
    )
    return {str(code): count for code, count in rows}
