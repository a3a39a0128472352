"""What has been kept long enough. Found every few minutes, erased by jobs of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from cvtube.jobs.enqueue import is_open
from cvtube.jobs.kinds import REENCODE, TRANSCODE
from cvtube.jobs.models import Job
from cvtube.queue.names import Queue
from cvtube.queue.notify import Message
from cvtube.settings import Settings
from cvtube.videos.files import SupersededObject
from cvtube.videos.models import Clip, OriginalChunk, Stage, Video

PURGE_ORIGINAL = Message("cvtube.privacy.jobs.purge_original", Queue.GENERAL)
PURGE_REPLACED = Message("cvtube.privacy.jobs.purge_replaced", Queue.GENERAL)
PURGE_FILM_FILE = Message("cvtube.privacy.jobs.purge_film_file", Queue.GENERAL)
SWEEP = Message("cvtube.privacy.jobs.sweep_portion", Queue.GENERAL)

AT_A_TIME = 200


def films_to_purge(session: Session) -> Sequence[str]:
    """Films that were deleted, or have clips that were given up, and whose rows are left."""
    deleted = (
        select(Video.id)
        .where(Video.deleted_at.is_not(None))
        .order_by(Video.deleted_at)
        .limit(AT_A_TIME)
    )
    given_up = (
        select(Clip.video_id).where(Clip.stage == Stage.ABANDONED).distinct().limit(AT_A_TIME)
    )
    return sorted({*session.scalars(deleted), *session.scalars(given_up)})


def originals_to_purge(session: Session, now: datetime, settings: Settings) -> Sequence[str]:
    """Clips whose sent bytes have served."""
    return session.scalars(
        select(OriginalChunk.clip_id)
        .join(Clip, Clip.id == OriginalChunk.clip_id)
        .where(_served(now, settings))
        .distinct()
        .limit(AT_A_TIME)
    ).all()


def original_has_served(session: Session, clip_id: str, now: datetime, settings: Settings) -> bool:
    """The same for one clip, asked again when it is about to happen."""
    wanted = select(Clip.id).where(Clip.id == clip_id, _served(now, settings))
    return session.scalar(wanted) is not None


def replaced_to_purge(session: Session, now: datetime) -> Sequence[str]:
    """Clips with objects that were replaced, and that no player reads any more."""
    return session.scalars(
        select(SupersededObject.clip_id)
        .where(SupersededObject.due_at <= now)
        .distinct()
        .limit(AT_A_TIME)
    ).all()


def takes_before(now: datetime, settings: Settings) -> datetime:
    """Takes that were recorded earlier and that nobody has chosen go."""
    return now - timedelta(days=settings.take_kept_days)


def _served(now: datetime, settings: Settings) -> ColumnElement[bool]:
    """Made into a film, or known never to become one, as long ago as the operator keeps it.

    What waits to be made again is made of it.
    """
    oldest = now - timedelta(days=settings.original_kept_days)
    # A take may be chosen, and fail, long after it was sent.
    tried = exists().where(
        Job.kind == TRANSCODE.name, Job.target_id == Clip.id, Job.queued_at > oldest
    )
    return or_(
        and_(Clip.stage == Stage.READY, Clip.ready_at <= oldest, ~is_open(REENCODE, Clip.id)),
        and_(Clip.stage == Stage.FAILED, Clip.uploaded_at <= oldest, ~tried),
    )
