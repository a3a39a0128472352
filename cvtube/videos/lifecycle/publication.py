"""To whom a film is shown: what its owner wishes, and what follows at once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cvtube.accounts.models import User
from cvtube.errors import Refused
from cvtube.videos import policy, queries
from cvtube.videos.lifecycle.write import locked, record, touch
from cvtube.videos.models import (
    Clip,
    Review,
    Stage,
    Video,
    Visibility,
)
from cvtube.videos.verbs import Verb

PUBLICATION = timedelta(days=182)  # six months, then hidden until the owner renews

LINK_BYTES = 16  # nobody guesses 128 bits


def publish(
    session: Session,
    video: Video,
    now: datetime,
    *,
    actor: User,
    audience: Visibility = Visibility.RECRUITERS,
) -> None:
    """Show the film to these people once moderators have approved it, for some months again.

    Of one that they see already the months begin anew when they are nearly over.
    """
    video = locked(session, video.id)
    expired = video.expires_at is not None and video.expires_at <= now
    if video.visibility is not Visibility.DRAFT and not expired:
        if video.visibility is audience:
            _renew(session, video, now, actor=actor)
        else:
            change_audience(session, video, now, actor=actor, audience=audience)
        return
    before = video.visibility
    video.visibility = audience
    video.published_at, video.expires_at, video.paused_at = now, now + PUBLICATION, None
    session.flush()
    at_once = session.scalar(select(queries.online(now)).where(Video.id == video.id))
    verb = Verb.SHOWN_AGAIN if at_once else Verb.PUBLISHED
    record(session, video.id, now, verb, actor=actor, before=before, after=video.visibility)
    submit(session, video.id, now)
    touch(session, video.id, now)


def _renew(session: Session, video: Video, now: datetime, *, actor: User) -> None:
    if policy.is_ending(video, now):
        video.expires_at = now + PUBLICATION
        record(session, video.id, now, Verb.RENEWED, actor=actor)
        touch(session, video.id, now)


def change_audience(
    session: Session, video: Video, now: datetime, *, actor: User, audience: Visibility
) -> None:
    """Show a film that is out to others; what is approved stays approved, and no day is won."""
    video = locked(session, video.id)
    before = video.visibility
    if before in {Visibility.DRAFT, audience}:
        return
    video.visibility = audience
    session.flush()
    record(
        session, video.id, now, Verb.AUDIENCE_CHANGED, actor=actor, before=before, after=audience
    )
    touch(session, video.id, now)


def make_link(session: Session, video: Video, now: datetime, *, actor: User) -> None:
    """A new link to the film; the one before is dead at once."""
    video = locked(session, video.id)
    if video.visibility is Visibility.DRAFT:
        raise Refused("film_not_sent")
    verb = Verb.LINK_RENEWED if video.link_key else Verb.LINK_MADE
    video.link_key = secrets.token_urlsafe(LINK_BYTES)
    session.flush()
    record(session, video.id, now, verb, actor=actor)


def switch_off_link(session: Session, video: Video, now: datetime, *, actor: User) -> None:
    """No link leads to the film any more."""
    video = locked(session, video.id)
    if video.link_key is None:
        return
    video.link_key = None
    session.flush()
    record(session, video.id, now, Verb.LINK_SWITCHED_OFF, actor=actor)


def withdraw(session: Session, video: Video, now: datetime, *, actor: User) -> None:
    """Take the film back: hidden at once, and out of the moderators' queue."""
    video = locked(session, video.id)
    if video.visibility is Visibility.DRAFT:
        return
    before = video.visibility
    video.visibility = Visibility.DRAFT
    video.published_at = video.expires_at = video.paused_at = video.link_key = None
    session.execute(
        update(Clip)
        .where(Clip.video_id == video.id, Clip.review == Review.PENDING)
        .values(review=Review.NONE, submitted_at=None)
    )
    record(
        session, video.id, now, Verb.WITHDRAWN, actor=actor, before=before, after=video.visibility
    )
    touch(session, video.id, now)


def pause(session: Session, video: Video, now: datetime, *, actor: User) -> None:
    """Nobody else sees the film until its owner goes on; audience, link and agreements stay.

    Raises:
        Refused: "film_not_sent": nobody sees it anyway.
    """
    video = locked(session, video.id)
    if video.visibility is Visibility.DRAFT:
        raise Refused("film_not_sent")
    if video.paused_at is None:
        video.paused_at = now
        record(session, video.id, now, Verb.PAUSED, actor=actor)
        touch(session, video.id, now)


def resume(session: Session, video: Video, now: datetime, *, actor: User) -> None:
    """Those for whom the film is see it again, for as long as they would have anyway."""
    video = locked(session, video.id)
    if video.paused_at is not None:
        video.paused_at = None
        record(session, video.id, now, Verb.RESUMED, actor=actor)
        touch(session, video.id, now)


def submit(session: Session, video_id: str, now: datetime) -> None:
    """Every ready clip nobody has looked at goes to the moderators."""
    submitted = session.scalars(
        update(Clip)
        .where(Clip.video_id == video_id, Clip.stage == Stage.READY, Clip.review == Review.NONE)
        .values(review=Review.PENDING, submitted_at=now)
        .returning(Clip.id)
    ).all()
    for clip_id in submitted:
        record(
            session,
            video_id,
            now,
            Verb.SUBMITTED,
            clip_id=clip_id,
            before=Review.NONE,
            after=Review.PENDING,
        )
