"""Erasing: first every object, then the rows that name them, then a look whether all is gone.

In this order a process that is killed half-way leaves rows, and rows are found again. What is
left of a film in the end is its event log: ids and codes, no words.

What was sent for a clip that stays is the exception, since its owner or an operator may want it
again at this very moment: its rows go first, so that nobody can count on bytes that are going.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cvtube.jobs import enqueue
from cvtube.jobs.kinds import DRAFT_CAPTIONS, REENCODE, TRANSCODE
from cvtube.storage.contract import Storage, StorageError
from cvtube.videos import lifecycle
from cvtube.videos.files import SupersededObject
from cvtube.videos.models import Clip, OriginalChunk, Stage, Video, VideoEvent
from cvtube.videos.verbs import Verb


class NotErased(StorageError):
    """Something is still there; whoever asked must ask again."""


@dataclass(frozen=True)
class Gone:
    """What of a film is to be erased."""

    whole: bool  # the film is deleted, or was never there
    clips: Sequence[str] = ()  # else: those of its clips that were given up


def what_is_gone(session: Session, video_id: str) -> Gone:
    """Read it from the rows: the job's name says only which film to look at."""
    video = session.get(Video, video_id)
    if video is None or video.deleted_at is not None:
        return Gone(whole=True)
    abandoned = select(Clip.id).where(Clip.video_id == video_id, Clip.stage == Stage.ABANDONED)
    return Gone(whole=False, clips=session.scalars(abandoned).all())


def erase_objects(storage: Storage, prefix: str) -> None:
    """Remove everything below the prefix, and look again; raises NotErased if that finds any."""
    storage.delete_prefix(prefix)
    for left in storage.list(prefix):
        raise NotErased(f"{left.key} came while {prefix} was being erased")


def forget_video(session: Session, video_id: str, now: datetime) -> None:
    """Drop a deleted film's rows, and what people wrote about it in its log."""
    gone = delete(Video).where(Video.id == video_id, Video.deleted_at.is_not(None))
    if session.execute(gone.returning(Video.id)).first() is None:
        return
    session.execute(update(VideoEvent).where(VideoEvent.video_id == video_id).values(words=None))
    lifecycle.record(session, video_id, now, Verb.PURGED)


def forget_clip(session: Session, clip_id: str, now: datetime) -> None:
    """Drop a given-up clip's rows; its film goes on without it."""
    gone = delete(Clip).where(Clip.id == clip_id, Clip.stage == Stage.ABANDONED)
    row = session.execute(gone.returning(Clip.video_id)).first()
    if row is not None:
        enqueue.forget(session, (TRANSCODE, REENCODE, DRAFT_CAPTIONS), [clip_id])
        lifecycle.record(session, row.video_id, now, Verb.PURGED, clip_id=clip_id)


def replaced(session: Session, clip_id: str, now: datetime) -> Sequence[str]:
    """Keys of a clip's objects that were replaced long enough ago."""
    due = select(SupersededObject.key).where(
        SupersededObject.clip_id == clip_id, SupersededObject.due_at <= now
    )
    return session.scalars(due).all()


def forget_replaced(session: Session, erased: Sequence[str]) -> None:
    """Drop the rows of objects that are gone."""
    session.execute(delete(SupersededObject).where(SupersededObject.key.in_(erased)))


def film_of(session: Session, clip_id: str) -> str | None:
    """The clip's film, in which nobody else changes anything until the transaction ends."""
    of_clip = select(Clip.video_id).where(Clip.id == clip_id).scalar_subquery()
    return session.scalar(select(Video.id).where(Video.id == of_clip).with_for_update())


def forget_original(session: Session, video_id: str, clip_id: str, now: datetime) -> None:
    """Drop the rows of what was sent; the clip stays."""
    chunks = delete(OriginalChunk).where(OriginalChunk.clip_id == clip_id)
    if session.execute(chunks.returning(OriginalChunk.key)).first() is not None:
        lifecycle.record(session, video_id, now, Verb.ORIGINAL_PURGED, clip_id=clip_id)
