"""What verbs of several kinds do to one recording: it steps back, or is given up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from cvtube.accounts.models import User
from cvtube.jobs.enqueue import cancel, enqueue
from cvtube.jobs.kinds import PURGE_VIDEO, REENCODE, TRANSCODE
from cvtube.videos import preview
from cvtube.videos.lifecycle.write import record
from cvtube.videos.models import (
    Asset,
    Chapter,
    Clip,
    OriginalChunk,
    Review,
    Stage,
    Video,
)
from cvtube.videos.verbs import Verb

# A clip on which nobody works. Its stills will be others than those of which one was chosen.
FRESH: dict[str, Any] = {"error_code": None, "early_ms": None, "poster_still": 0}
QUEUED = (Stage.UPLOADED, Stage.TRANSCODING)
# The code of a clip that may well be made another day: the reason was not found in the film.
GAVE_UP = "transcode_gave_up"
UNDER_WAY = (Stage.UPLOADING, Stage.KEPT, *QUEUED)


def has_original(session: Session, clip_id: str) -> bool:
    return bool(session.scalar(select(exists().where(OriginalChunk.clip_id == clip_id))))


def enqueue_clip(session: Session, clip_id: str, now: datetime, *, restart: bool = False) -> None:
    """Have it made playable; `restart`: anew, whoever is at it."""
    video_id, attempts, owner_id = session.execute(
        select(Clip.video_id, Clip.attempt, Video.owner_id)
        .join(Video, Video.id == Clip.video_id)
        .where(Clip.id == clip_id)
    ).one()
    enqueue(
        session, TRANSCODE, clip_id, now,
        video_id=video_id, owner_id=owner_id, attempts=attempts, restart=restart,
    )  # fmt: skip


def enqueue_purge(session: Session, video_id: str, now: datetime) -> None:
    """Have erased what is nobody's any more; anew, since who is at it has looked already."""
    enqueue(session, PURGE_VIDEO, video_id, now, restart=True)


def step_back(session: Session, clip_id: str, now: datetime, actor: User | None) -> None:
    """A recording gives its place to another one: a take is kept beside it, others go."""
    clip = session.get_one(Clip, clip_id, populate_existing=True)
    undecided = clip.chapter_id is not None and clip.review in {Review.NONE, Review.PENDING}
    spoilt = clip.stage is Stage.FAILED and clip.error_code != GAVE_UP
    session.execute(
        update(Chapter).where(Chapter.next_clip_id == clip_id).values(next_clip_id=None)
    )
    if undecided and clip.stage is Stage.UPLOADING:
        return
    if not (undecided and not spoilt and has_original(session, clip_id)):
        abandon(session, clip_id, now, actor)
        return
    cancel(session, TRANSCODE, clip_id)
    call_off_reencode(session, clip_id)
    session.execute(
        update(Clip)
        .where(Clip.id == clip_id)
        .values(stage=Stage.KEPT, review=Review.NONE, submitted_at=None, **FRESH)
    )
    session.execute(delete(Asset).where(Asset.clip_id == clip_id))
    record(
        session, clip.video_id, now, Verb.TAKE_KEPT,
        actor=actor, clip_id=clip_id, before=clip.stage, after=Stage.KEPT,
    )  # fmt: skip
    enqueue_purge(session, clip.video_id, now)  # what was made of it is nobody's any more


def call_off_reencode(session: Session, clip_id: str) -> None:
    """What is to become of the clip is said anew; attempts go on behind those of the old job."""
    attempt = cancel(session, REENCODE, clip_id)
    if attempt is not None:
        session.execute(
            update(Clip).where(Clip.id == clip_id, Clip.attempt < attempt).values(attempt=attempt)
        )


def abandon(session: Session, clip_id: str, now: datetime, actor: User | None) -> None:
    row = session.execute(select(Clip.stage, Clip.video_id).where(Clip.id == clip_id)).one()
    if row.stage is Stage.ABANDONED:
        return
    cancel(session, TRANSCODE, clip_id)
    call_off_reencode(session, clip_id)
    session.execute(
        update(Clip)
        .where(Clip.id == clip_id)
        .values(
            stage=Stage.ABANDONED, chapter_id=None, review=Review.NONE, reviewed_at=None,
            submitted_at=None, error_code=None,
        )
    )  # fmt: skip
    preview.drop_preview(session, clip_id)
    session.execute(
        update(Chapter).where(Chapter.next_clip_id == clip_id).values(next_clip_id=None)
    )
    record(
        session,
        row.video_id,
        now,
        Verb.ABANDONED,
        actor=actor,
        clip_id=clip_id,
        before=row.stage,
        after=Stage.ABANDONED,
    )
    enqueue_purge(session, row.video_id, now)


def promote(session: Session, chapter: Chapter, now: datetime) -> None:
    """The chapter's next clip takes the place of its live one."""
    replaced = chapter.live_clip_id
    chapter.live_clip_id, chapter.next_clip_id = chapter.next_clip_id, None
    session.flush()
    if replaced:
        step_back(session, replaced, now, None)
