"""What moderators decide."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select, true, update
from sqlalchemy.orm import Session

from cvtube.accounts.models import User
from cvtube.errors import Refused
from cvtube.videos.lifecycle.clips import promote
from cvtube.videos.lifecycle.write import locked, record, touch
from cvtube.videos.models import (
    Chapter,
    Clip,
    Review,
    Video,
)
from cvtube.videos.verbs import Verb


def approve(
    session: Session,
    video: Video,
    now: datetime,
    *,
    actor: User,
    clips: Collection[str] | None = None,
) -> Sequence[str]:
    """What waits in this film may be seen by those its owner wishes to show it to.

    `clips` are the ids of those that are meant; None: all. Returns the ids of those that waited.
    """
    video = locked(session, video.id)
    meant = true() if clips is None else Clip.id.in_(clips)
    approved = session.scalars(
        update(Clip)
        .where(Clip.video_id == video.id, Clip.review == Review.PENDING, meant)
        .values(review=Review.APPROVED, reviewed_at=now)
        .returning(Clip.id)
    ).all()
    if not approved:
        raise Refused("already_decided")
    for clip_id in approved:
        record(
            session,
            video.id,
            now,
            Verb.APPROVED,
            actor=actor,
            clip_id=clip_id,
            before=Review.PENDING,
            after=Review.APPROVED,
        )
    for chapter in session.scalars(
        select(Chapter).where(Chapter.video_id == video.id, Chapter.next_clip_id.in_(approved))
    ):
        promote(session, chapter, now)
    touch(session, video.id, now)
    return approved


def ask_for_changes(
    session: Session, clip: Clip, now: datetime, *, actor: User, reason: str, words: str
) -> None:
    """This clip is to be redone; the rest of the film is not touched."""
    verdict = _ReviewChange(Verb.ASKED_FOR_CHANGES, Review.PENDING, Review.NEEDS_CHANGES)
    _decide(session, clip, now, verdict, actor=actor, reason=reason, words=words)


def reject(
    session: Session, clip: Clip, now: datetime, *, actor: User, reason: str, words: str
) -> None:
    """This clip cannot be shown, for a reason that no repair mends."""
    verdict = _ReviewChange(Verb.REJECTED, Review.PENDING, Review.REJECTED)
    _decide(session, clip, now, verdict, actor=actor, reason=reason, words=words)


def take_down(
    session: Session, clip: Clip, now: datetime, *, actor: User, reason: str, words: str
) -> None:
    """Remove an approved clip after all; effective with the next request."""
    verdict = _ReviewChange(Verb.TAKEN_DOWN, Review.APPROVED, Review.REMOVED)
    _decide(session, clip, now, verdict, actor=actor, reason=reason, words=words)


class _ReviewChange(NamedTuple):
    verb: Verb
    before: Review
    after: Review


def _decide(
    session: Session, clip: Clip, now: datetime, verdict: _ReviewChange, **why: Any
) -> None:
    locked(session, clip.video_id)
    hit = session.execute(
        update(Clip)
        .where(Clip.id == clip.id, Clip.review == verdict.before)
        .values(review=verdict.after, reviewed_at=now)
        .returning(Clip.id)
    ).first()
    if hit is None:
        raise Refused("already_decided")
    change: dict[str, Any] = {"before": verdict.before, "after": verdict.after}
    record(session, clip.video_id, now, verdict.verb, clip_id=clip.id, **change, **why)
    touch(session, clip.video_id, now)
