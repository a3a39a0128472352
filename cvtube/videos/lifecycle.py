"""Every verb of a film's life. With `work` (leases), the only code that writes state.

Each verb is a conditional UPDATE plus a `VideoEvent` in the same transaction, and rings for
the job its new state wakes. A verb that finds the state changed by somebody else either
stops quietly (machines) or raises `Refused` (people, who must be told).

Verbs that touch more than one row lock the film first, so that a decision, a re-shoot and a
finishing encode of the same film never interleave.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, selectinload

from cvtube.accounts.models import User
from cvtube.errors import Refused
from cvtube.queue.dispatch import wake
from cvtube.videos import work
from cvtube.videos.models import (
    Asset,
    Chapter,
    Clip,
    Review,
    Stage,
    Video,
    VideoEvent,
    Visibility,
)
from cvtube.videos.pipeline import INDEX_VIDEO, PURGE_VIDEO, TRANSCODE_CLIP
from cvtube.videos.work import Claim, Made

PUBLICATION = timedelta(days=182)  # six months, then hidden until the owner renews

_UNDER_WAY = (Stage.UPLOADING, Stage.UPLOADED, Stage.TRANSCODING)


# -- making ---------------------------------------------------------------------------------


def start_video(
    session: Session,
    owner: User,
    now: datetime,
    *,
    occupation_code: str | None = None,
    chapter_titles: Sequence[str] = ("",),
) -> Video:
    """A new film, a draft for its owner's eyes only."""
    video = Video(
        owner_id=owner.id,
        occupation_code=occupation_code,
        visibility=Visibility.DRAFT,
        created_at=now,
        changed_at=now,
        chapters=[Chapter(position=i, title=title) for i, title in enumerate(chapter_titles)],
    )
    session.add(video)
    session.flush()
    _record(session, video.id, now, "started", actor=owner)
    return video


def start_clip(session: Session, chapter: Chapter, now: datetime, *, actor: User) -> Clip:
    """A new recording for the chapter; one that was still on its way is given up for it."""
    video = _locked(session, chapter.video_id)
    session.refresh(chapter)
    if chapter.next_clip_id:
        _abandon(session, chapter.next_clip_id, now, actor)
    clip = Clip(video_id=video.id, stage=Stage.UPLOADING, review=Review.NONE, created_at=now)
    session.add(clip)
    session.flush()
    chapter.next_clip_id = clip.id
    _record(session, video.id, now, "upload_started", actor=actor, clip_id=clip.id)
    return clip


def complete_upload(session: Session, clip_id: str, size: int, now: datetime) -> bool:
    """The last byte is stored. False: it already was, or the clip was given up meanwhile."""
    video_id = session.scalar(
        update(Clip)
        .where(Clip.id == clip_id, Clip.stage == Stage.UPLOADING)
        # The bell below is its first nudge: without it the clock would ring for it at once, too.
        .values(stage=Stage.UPLOADED, uploaded_at=now, nudged_at=now, original_bytes=size)
        .returning(Clip.video_id)
    )
    if video_id is None:
        return False
    _record(
        session,
        video_id,
        now,
        "uploaded",
        clip_id=clip_id,
        before=Stage.UPLOADING,
        after=Stage.UPLOADED,
    )
    wake(session, TRANSCODE_CLIP, clip_id)
    return True


def abandon_clip(
    session: Session, clip_id: str, now: datetime, *, actor: User | None = None
) -> None:
    """Give up a recording that is not in the film: its bytes are purged, its chapter stays."""
    clip = session.get(Clip, clip_id)
    if clip is None:
        return
    _locked(session, clip.video_id)
    _abandon(session, clip_id, now, actor)


# -- transcoding ----------------------------------------------------------------------------


def finish_transcode(session: Session, held: Claim, made: Made, now: datetime) -> bool:
    """The clip is ready. False: the lease was lost, or the film deleted, in the meantime."""
    if _lock(session, held.video_id) is None:
        return False
    done = work.end(
        session,
        held,
        Stage.READY,
        ready_at=now,
        duration_ms=made.duration_ms,
        width=made.width,
        height=made.height,
        progress=100,
    )
    if not done:
        return False
    session.execute(delete(Asset).where(Asset.clip_id == held.clip_id))
    session.add_all(made.assets)
    _record(
        session,
        held.video_id,
        now,
        "ready",
        clip_id=held.clip_id,
        before=Stage.TRANSCODING,
        after=Stage.READY,
    )
    _settle(session, held, now)
    _touch(session, held.video_id, now)
    return True


def fail_transcode(session: Session, held: Claim, code: str, now: datetime) -> bool:
    """The clip cannot become a film, for the reason the code names. False: no longer ours."""
    if not work.end(session, held, Stage.FAILED, error_code=code, progress=0):
        return False
    _record(
        session, held.video_id, now, "failed",
        clip_id=held.clip_id, before=Stage.TRANSCODING, after=Stage.FAILED, reason=code,
    )  # fmt: skip
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
        _promote(session, chapter, now)
    if chapter.video.visibility is not Visibility.DRAFT:
        _submit(session, held.video_id, now)


def _promote(session: Session, chapter: Chapter, now: datetime) -> None:
    """The chapter's next clip takes the place of its live one."""
    replaced = chapter.live_clip_id
    chapter.live_clip_id, chapter.next_clip_id = chapter.next_clip_id, None
    session.flush()
    if replaced:
        _abandon(session, replaced, now, None)


# -- the owner's wishes ----------------------------------------------------------------------


def publish(session: Session, video: Video, now: datetime, *, actor: User) -> None:
    """Show the film to recruiters once moderators have approved it, for some months again."""
    video = _locked(session, video.id)
    expired = video.expires_at is not None and video.expires_at <= now
    if video.visibility is Visibility.RECRUITERS and not expired:
        return
    before = video.visibility
    video.visibility = Visibility.RECRUITERS
    video.published_at, video.expires_at, video.paused_at = now, now + PUBLICATION, None
    session.flush()
    _record(session, video.id, now, "published", actor=actor, before=before, after=video.visibility)
    _submit(session, video.id, now)
    _touch(session, video.id, now)


def withdraw(session: Session, video: Video, now: datetime, *, actor: User) -> None:
    """Take the film back: hidden at once, and out of the moderators' queue."""
    video = _locked(session, video.id)
    if video.visibility is Visibility.DRAFT:
        return
    before = video.visibility
    video.visibility = Visibility.DRAFT
    video.published_at = video.expires_at = video.paused_at = None
    session.execute(
        update(Clip)
        .where(Clip.video_id == video.id, Clip.review == Review.PENDING)
        .values(review=Review.NONE, submitted_at=None)
    )
    _record(session, video.id, now, "withdrawn", actor=actor, before=before, after=video.visibility)
    _touch(session, video.id, now)


def delete_video(session: Session, video: Video, now: datetime, *, actor: User | None) -> None:
    """Hide the film for everybody at once; every byte of it is purged next."""
    video = _locked(session, video.id)
    for clip_id in session.scalars(
        select(Clip.id).where(Clip.video_id == video.id, Clip.stage.in_(_UNDER_WAY))
    ).all():
        _abandon(session, clip_id, now, actor)
    video.deleted_at = now
    _record(session, video.id, now, "deleted", actor=actor)
    _touch(session, video.id, now)
    wake(session, PURGE_VIDEO, video.id)


def _submit(session: Session, video_id: str, now: datetime) -> None:
    """Every ready clip nobody has looked at goes to the moderators."""
    submitted = session.scalars(
        update(Clip)
        .where(Clip.video_id == video_id, Clip.stage == Stage.READY, Clip.review == Review.NONE)
        .values(review=Review.PENDING, submitted_at=now)
        .returning(Clip.id)
    ).all()
    for clip_id in submitted:
        _record(
            session,
            video_id,
            now,
            "submitted",
            clip_id=clip_id,
            before=Review.NONE,
            after=Review.PENDING,
        )


# -- decisions -------------------------------------------------------------------------------


def approve(session: Session, video: Video, now: datetime, *, actor: User) -> Sequence[str]:
    """Everything that waits in this film may be seen by those its owner wishes to show it to.

    Returns the ids of the clips that waited, so that whoever approves can make sure that
    they are the ones they have seen.
    """
    video = _locked(session, video.id)
    approved = session.scalars(
        update(Clip)
        .where(Clip.video_id == video.id, Clip.review == Review.PENDING)
        .values(review=Review.APPROVED, reviewed_at=now)
        .returning(Clip.id)
    ).all()
    if not approved:
        raise Refused("already_decided")
    for clip_id in approved:
        _record(
            session,
            video.id,
            now,
            "approved",
            actor=actor,
            clip_id=clip_id,
            before=Review.PENDING,
            after=Review.APPROVED,
        )
    for chapter in session.scalars(
        select(Chapter).where(Chapter.video_id == video.id, Chapter.next_clip_id.in_(approved))
    ):
        _promote(session, chapter, now)
    _touch(session, video.id, now)
    return approved


def ask_for_changes(
    session: Session, clip: Clip, now: datetime, *, actor: User, reason: str, words: str
) -> None:
    """This clip is to be redone; the rest of the film is not touched."""
    verdict = _Verdict("asked_for_changes", Review.PENDING, Review.NEEDS_CHANGES)
    _decide(session, clip, now, verdict, actor=actor, reason=reason, words=words)


def reject(
    session: Session, clip: Clip, now: datetime, *, actor: User, reason: str, words: str
) -> None:
    """This clip cannot be shown, for a reason that no repair mends."""
    verdict = _Verdict("rejected", Review.PENDING, Review.REJECTED)
    _decide(session, clip, now, verdict, actor=actor, reason=reason, words=words)


def take_down(
    session: Session, clip: Clip, now: datetime, *, actor: User, reason: str, words: str
) -> None:
    """Remove an approved clip after all; effective with the next request."""
    verdict = _Verdict("taken_down", Review.APPROVED, Review.REMOVED)
    _decide(session, clip, now, verdict, actor=actor, reason=reason, words=words)


class _Verdict(NamedTuple):
    verb: str
    before: Review
    after: Review


def _decide(session: Session, clip: Clip, now: datetime, verdict: _Verdict, **why: Any) -> None:
    _locked(session, clip.video_id)
    hit = session.execute(
        update(Clip)
        .where(Clip.id == clip.id, Clip.review == verdict.before)
        .values(review=verdict.after, reviewed_at=now)
        .returning(Clip.id)
    ).first()
    if hit is None:
        raise Refused("already_decided")
    change: dict[str, Any] = {"before": verdict.before, "after": verdict.after}
    _record(session, clip.video_id, now, verdict.verb, clip_id=clip.id, **change, **why)
    _touch(session, clip.video_id, now)


# -- shared ----------------------------------------------------------------------------------


def _lock(session: Session, video_id: str) -> Video | None:
    """The film, as it is now, with nobody else changing it until the transaction ends."""
    there = session.scalar(
        select(Video.id).where(Video.id == video_id, Video.deleted_at.is_(None)).with_for_update()
    )
    if there is None:
        return None
    video = session.get_one(Video, video_id)
    # Its columns only: chapters the caller has loaded stay loaded.
    session.refresh(video, Video.__table__.columns.keys())
    return video


def _locked(session: Session, video_id: str) -> Video:
    """The same for people: a film that is gone is "not found" to whoever still acts on it."""
    video = _lock(session, video_id)
    if video is None:
        raise Refused("not_found")
    return video


def _abandon(session: Session, clip_id: str, now: datetime, actor: User | None) -> None:
    row = session.execute(select(Clip.stage, Clip.video_id).where(Clip.id == clip_id)).one()
    if row.stage is Stage.ABANDONED:
        return
    session.execute(
        update(Clip)
        .where(Clip.id == clip_id)
        .values(
            stage=Stage.ABANDONED, review=Review.NONE, reviewed_at=None, submitted_at=None,
            lease_until=None, error_code=None, progress=0, early_ms=None,
        )
    )  # fmt: skip
    work.forget_early(session, clip_id)
    session.execute(
        update(Chapter).where(Chapter.next_clip_id == clip_id).values(next_clip_id=None)
    )
    _record(
        session,
        row.video_id,
        now,
        "abandoned",
        actor=actor,
        clip_id=clip_id,
        before=row.stage,
        after=Stage.ABANDONED,
    )
    wake(session, PURGE_VIDEO, row.video_id)


def _touch(session: Session, video_id: str, now: datetime) -> None:
    session.execute(update(Video).where(Video.id == video_id).values(changed_at=now))
    wake(session, INDEX_VIDEO, video_id)


def _record(
    session: Session,
    video_id: str,
    now: datetime,
    verb: str,
    *,
    actor: User | None = None,
    **what: Any,
) -> None:
    session.add(
        VideoEvent(
            video_id=video_id, at=now, verb=verb, actor_id=actor.id if actor else None, **what
        )
    )
