"""A recording from its first byte to ready, and made again later."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session, selectinload

from cvtube.accounts.models import User
from cvtube.queue.dispatch import wake
from cvtube.videos import work
from cvtube.videos.lifecycle.clips import abandon, promote, step_back
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
from cvtube.videos.orders import Doing, Replaced
from cvtube.videos.pipeline import TRANSCODE_CLIP
from cvtube.videos.verbs import Verb
from cvtube.videos.work import Claim, Made


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
        # The bell below is its first nudge: without it the clock would ring for it at once, too.
        .values(stage=after, uploaded_at=now, nudged_at=now, original_bytes=size)
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
        wake(session, TRANSCODE_CLIP, clip_id)
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


def finish_transcode(session: Session, held: Claim, made: Made, now: datetime) -> bool:
    """The clip is ready. False: the lease was lost, or the film deleted, in the meantime."""
    if lock(session, held.video_id) is None:
        return False
    done = work.end(
        session,
        held,
        Stage.READY,
        ready_at=now,
        duration_ms=made.duration_ms,
        width=made.width,
        height=made.height,
        ladder=made.ladder,
        progress=100,
    )
    if not done:
        return False
    session.execute(delete(Asset).where(Asset.clip_id == held.clip_id))
    session.add_all(made.assets)
    record(
        session,
        held.video_id,
        now,
        Verb.READY,
        clip_id=held.clip_id,
        before=Stage.TRANSCODING,
        after=Stage.READY,
    )
    _settle(session, held, now)
    touch(session, held.video_id, now)
    return True


def fail_transcode(session: Session, held: Claim, code: str, now: datetime) -> bool:
    """The clip cannot become a film, for the reason the code names. False: no longer ours."""
    if not work.end(session, held, Stage.FAILED, error_code=code, progress=0):
        return False
    record(
        session, held.video_id, now, Verb.FAILED,
        clip_id=held.clip_id, before=Stage.TRANSCODING, after=Stage.FAILED, reason=code,
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
        Clip.id == held.clip_id, Clip.stage == Stage.READY, Clip.attempt < held.attempt
    )
    if session.scalar(there) is None or not work.end(
        session, held, Doing.DONE, ended_at=now, progress=100
    ):
        return False
    session.execute(
        update(Clip)
        .where(Clip.id == held.clip_id)
        .values(
            attempt=held.attempt,
            ladder=made.ladder,
            duration_ms=made.duration_ms,
            width=made.width,
            height=made.height,
        )
    )
    replaced = session.scalars(select(Asset.key).where(Asset.clip_id == held.clip_id)).all()
    session.execute(delete(Asset).where(Asset.clip_id == held.clip_id))
    due_at = now + grace
    session.add_all(Replaced(key=key, clip_id=held.clip_id, due_at=due_at) for key in replaced)
    session.add_all(made.assets)
    record(session, held.video_id, now, Verb.MADE_AGAIN, clip_id=held.clip_id)
    touch(session, held.video_id, now)
    return True


def _settle(session: Session, held: Claim, now: datetime) -> None:
    """Put a clip that has just become ready where it belongs in its film."""
    chapter = session.scalar(
        select(Chapter)
        .where(Chapter.next_clip_id == held.clip_id)
        .options(selectinload(Chapter.live_clip), selectinload(Chapter.video))
    )
    if chapter is None:
        return  # re-shot again, or its chapter removed, while it was being encoded
    if chapter.live_clip is None or chapter.live_clip.review is not Review.APPROVED:
        promote(session, chapter, now)
    if chapter.video.visibility is not Visibility.DRAFT:
        submit(session, held.video_id, now)
