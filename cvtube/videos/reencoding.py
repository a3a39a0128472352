"""Making ready clips again, by the ladder of today, while they go on playing.

The clip itself is touched in one moment only (`lifecycle.finish_reencode`), when everything that
was made takes the place of what was there. It stays ready and approved throughout: it is still
what moderators have seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from cvtube.jobs import leases
from cvtube.jobs.enqueue import enqueue, is_open
from cvtube.jobs.kinds import REENCODE
from cvtube.jobs.leases import Claim
from cvtube.jobs.models import JobState
from cvtube.videos.models import Clip, OriginalChunk, Stage, Video

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


def order_reencodings(
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
        select(
            Clip.id, Clip.video_id, Clip.attempt, Video.owner_id,
            kept.label("kept"), is_open(REENCODE, Clip.id).label("open"),
        )
        .join(Video, Video.id == Clip.video_id)
        .where(Clip.id.in_(clip_ids))
        .order_by(Clip.id)
    ).all()  # fmt: skip
    closed = [row for row in rows if not row.open]
    wanted = [row for row in closed if row.kept]
    ordered = sum(
        enqueue(
            session, REENCODE, row.id, now,
            video_id=row.video_id, owner_id=row.owner_id, attempts=row.attempt,
        )
        for row in wanted
    )  # fmt: skip
    gone = len(closed) - len(wanted)
    return Ordered(ordered, len(rows) - ordered - gone, gone, clip_ids[-1] if clip_ids else "")


def is_worth_it(session: Session, held: Claim) -> bool:
    """A clip that was given up, or is made playable anew, is not made again."""
    there = select(Clip.id).where(Clip.id == held.target_id, Clip.stage == Stage.READY)
    return session.scalar(there) is not None


def fail(session: Session, held: Claim, code: str, now: datetime) -> bool:
    """The clip stays as it is, for the reason the code names. False: no longer ours to say so."""
    if not leases.end(session, held, JobState.FAILED, now, code=code):
        return False
    # What this attempt has stored is nobody's now: the daily look at the storage may take it.
    session.execute(
        update(Clip)
        .where(Clip.id == held.target_id, Clip.attempt < held.attempt)
        .values(attempt=held.attempt)
    )
    return True
