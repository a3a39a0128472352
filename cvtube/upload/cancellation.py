"""An upload that does not become a film: taken back, refused, or left alone for too long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, selectinload

from cvtube.accounts.models import User
from cvtube.errors import Refused
from cvtube.upload.quotas import QUOTA_WINDOW
from cvtube.videos import lifecycle
from cvtube.videos.models import Clip, Stage, Video
from cvtube.videos.upload_sessions import UploadSession

_TAKEN_BACK = (
    Stage.UPLOADING,
    Stage.KEPT,
    Stage.UPLOADED,
    Stage.TRANSCODING,
    Stage.FAILED,
)


def cancel(session: Session, upload: UploadSession, now: datetime, *, actor: User) -> None:
    """Its owner gives it up; what has become a film is deleted on the film's page instead."""
    clip = session.get(Clip, upload.clip_id)
    if clip is not None and clip.stage not in _TAKEN_BACK:
        raise Refused("upload_in_film")
    abandon(session, upload, now, actor=actor)


def abandon(
    session: Session, upload: UploadSession, now: datetime, *, actor: User | None = None
) -> None:
    """The recording goes, and with it a film that was only made for it."""
    clip = session.get(Clip, upload.clip_id) if upload.clip_id else None
    if clip is None or clip.stage is Stage.ABANDONED:
        return
    lifecycle.abandon_clip(session, clip.id, now, actor=actor)
    video = session.scalar(
        select(Video)
        .where(Video.id == clip.video_id)
        .options(selectinload(Video.chapters))
        .execution_options(populate_existing=True)
    )
    if upload.made_film and video is not None and _holds_nothing(video):
        lifecycle.delete_video(session, video, now, actor=actor)


def _holds_nothing(video: Video) -> bool:
    return all(c.live_clip_id is None and c.next_clip_id is None for c in video.chapters)


def expired_uploads(session: Session, now: datetime) -> Sequence[str]:
    """Ids of the uploads nobody has gone on with for too long."""
    return session.scalars(
        select(UploadSession.id)
        .join(Clip, Clip.id == UploadSession.clip_id)
        .where(
            UploadSession.finished_at.is_(None),
            UploadSession.expires_at <= now,
            Clip.stage == Stage.UPLOADING,
        )
        .order_by(UploadSession.expires_at)
        .limit(500)
    ).all()


def forget_old(session: Session, now: datetime) -> None:
    """Wipe the names of files whose bytes are purged, and rows that nobody asks for any more."""
    session.execute(
        update(UploadSession)
        .where(UploadSession.clip_id.is_(None), UploadSession.metadata_header != "")
        .values(name="", fingerprint="", metadata_header="")
    )
    session.execute(
        delete(UploadSession).where(
            UploadSession.expires_at <= now,
            UploadSession.created_at <= now - QUOTA_WINDOW,
            UploadSession.finished_at.is_not(None) | UploadSession.clip_id.is_(None),
        )
    )
