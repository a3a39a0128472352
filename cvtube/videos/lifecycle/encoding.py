"""A recording from its first byte to ready, and made again later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session, selectinload

from cvtube.accounts.models import User
from cvtube.jobs import leases
from cvtube.jobs.leases import Claim
from cvtube.jobs.models import JobState
from cvtube.videos import preview
from cvtube.videos.files import SupersededObject
from cvtube.videos.lifecycle.clips import QUEUED, abandon, enqueue_clip, promote, step_back
from cvtube.videos.lifecycle.publication import submit
from cvtube.videos.lifecycle.write import lock, locked, record, touch
from cvtube.videos.models import (
    Asset,
    Chapter,
    Clip,
    Review,
    Stage,
    Visibility,
)
from cvtube.videos.verbs import Verb


@dataclass(frozen=True)
class Made:
    """What a finished attempt made of a clip."""

    duration_ms: int
    width: int
    height: int
    assets: Sequence[Asset]
    ladder: int = 1  # version of the encoding ladder


def start_clip(session: Session, chapter: Chapter, now: datetime, *, actor: User) -> Clip:
    """A new recording for the chapter; one that was still on its way is given up for it."""
    video = locked(session, chapter.video_id)
    session.refresh(chapter)
    if chapter.next_clip_id:
        step_back(session, chapter.next_clip_id, now, actor)
    clip = Clip(video_id=video.id, stage=Stage.UPLOADING, review=Review.NONE, created_at=now)
    session.add(clip)
    session.flush()
    chapter.next_clip_id = clip.id
    record(session, video.id, now, Verb.UPLOAD_STARTED, actor=actor, clip_id=clip.id)
    return clip


def complete_upload(session: Session, clip_id: str, size: int, now: datetime) -> bool:
    """The last byte is stored. False: it already was, or the clip was given up meanwhile.

    A take that nobody has chosen yet is kept; everything else goes to the encoder.
    """
    clip = session.execute(select(Clip.video_id, Clip.chapter_id).where(Clip.id == clip_id)).first()
    if clip is None:
        return False
    waits = False
    if clip.chapter_id is not None:
        lock(session, clip.video_id)  # it may be being chosen at this very moment
        waits = not session.scalar(select(exists().where(Chapter.next_clip_id == clip_id)))
    after = Stage.KEPT if waits else Stage.UPLOADED
    hit = session.execute(
        update(Clip)
        .where(Clip.id == clip_id, Clip.stage == Stage.UPLOADING)
        .values(stage=after, uploaded_at=now, original_bytes=size)
        .returning(Clip.id)
    ).first()
    if hit is None:
        return False
    record(
        session,
        clip.video_id,
        now,
        Verb.UPLOADED,
        clip_id=clip_id,
        before=Stage.UPLOADING,
        after=after,
    )
    if not waits:
        enqueue_clip(session, clip_id, now)
    return True


def abandon_clip(
    session: Session, clip_id: str, now: datetime, *, actor: User | None = None
) -> None:
    """Give up a recording that is not in the film: its bytes are purged, its chapter stays."""
    clip = session.get(Clip, clip_id)
    if clip is None:
        return
    locked(session, clip.video_id)
    abandon(session, clip_id, now, actor)


def begin_transcode(session: Session, held: Claim) -> bool:
    """A worker has it. False: it is not to be made any more."""
    hit = session.execute(
        update(Clip)
        .where(Clip.id == held.target_id, Clip.stage.in_(QUEUED))
        .values(stage=Stage.TRANSCODING, attempt=held.attempt)
        .returning(Clip.id)
    ).first()
    preview.drop_preview(session, held.target_id)
    return hit is not None


def put_back_transcode(session: Session, held: Claim) -> None:
    """It waits for a worker again; what was shown of it early goes with the attempt."""
    session.execute(
        update(Clip)
        .where(Clip.id == held.target_id, Clip.stage == Stage.TRANSCODING)
        .values(stage=Stage.UPLOADED)
    )
    preview.drop_preview(session, held.target_id)


def finish_transcode(session: Session, held: Claim, made: Made, now: datetime) -> bool:
    """The clip is ready. False: the lease was lost, or the film deleted, in the meantime."""
    if lock(session, held.video_id) is None:
        return False
    if not leases.end(session, held, JobState.DONE, now):
        return False
    clip_id = held.target_id
    session.execute(
        update(Clip)
        .where(Clip.id == clip_id)
        .values(
            stage=Stage.READY,
            ready_at=now,
            early_ms=None,
            duration_ms=made.duration_ms,
            width=made.width,
            height=made.height,
            ladder=made.ladder,
        )
    )
    session.execute(delete(Asset).where(Asset.clip_id == clip_id))
    session.add_all(made.assets)
    record(
        session,
        held.video_id,
        now,
        Verb.READY,
        clip_id=clip_id,
        before=Stage.TRANSCODING,
        after=Stage.READY,
    )
    _settle(session, clip_id, held.video_id, now)
    touch(session, held.video_id, now)
    return True


def fail_transcode(session: Session, held: Claim, code: str, now: datetime) -> bool:
    """The clip cannot become a film, for the reason the code names. False: no longer ours."""
    if not leases.end(session, held, JobState.FAILED, now, code=code):
        return False
    clip_id = held.target_id
    preview.drop_preview(session, clip_id)
    session.execute(
        update(Clip).where(Clip.id == clip_id).values(stage=Stage.FAILED, error_code=code)
    )
    record(
        session, held.video_id, now, Verb.FAILED,
        clip_id=clip_id, before=Stage.TRANSCODING, after=Stage.FAILED, reason=code,
    )  # fmt: skip
    return True


def finish_reencode(
    session: Session, held: Claim, made: Made, now: datetime, *, grace: timedelta
) -> bool:
    """A ready clip is made anew: what was there before goes after the grace.

    Nothing else of the clip changes: it stays as approved as it was. False: the lease was
    lost, or the clip or its film given up, in the meantime.
    """
    if lock(session, held.video_id) is None:
        return False
    there = select(Clip.id).where(
        Clip.id == held.target_id, Clip.stage == Stage.READY, Clip.attempt < held.attempt
    )
    if session.scalar(there) is None or not leases.end(session, held, JobState.DONE, now):
        return False
    session.execute(
        update(Clip)
        .where(Clip.id == held.target_id)
        .values(
            attempt=held.attempt,
            ladder=made.ladder,
            duration_ms=made.duration_ms,
            width=made.width,
            height=made.height,
        )
    )
    replaced = session.scalars(select(Asset.key).where(Asset.clip_id == held.target_id)).all()
    session.execute(delete(Asset).where(Asset.clip_id == held.target_id))
    due_at = now + grace
    session.add_all(
        SupersededObject(key=key, clip_id=held.target_id, due_at=due_at) for key in replaced
    )
    session.add_all(made.assets)
    record(session, held.video_id, now, Verb.MADE_AGAIN, clip_id=held.target_id)
    touch(session, held.video_id, now)
    return True


def _settle(session: Session, clip_id: str, video_id: str, now: datetime) -> None:
    """Put a clip that has just become ready where it belongs in its film."""
    chapter = session.scalar(
        select(Chapter)
        .where(Chapter.next_clip_id == clip_id)
        .options(selectinload(Chapter.live_clip), selectinload(Chapter.video))
    )
    if chapter is None:
        return  # re-shot again, or its chapter removed, while it was being encoded
    if chapter.live_clip is None or chapter.live_clip.review is not Review.APPROVED:
        promote(session, chapter, now)
    if chapter.video.visibility is not Visibility.DRAFT:
        submit(session, video_id, now)
