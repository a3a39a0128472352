"""A film's last weeks: its owner is told twice by mail, and on its page all the time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session

from cvtube.accounts.models import User
from cvtube.i18n import day_in_words
from cvtube.mail import outbox
from cvtube.videos import queries
from cvtube.videos.lifecycle import write
from cvtube.videos.models import Video, VideoEvent
from cvtube.videos.policy import NEAR_END
from cvtube.videos.verbs import Verb

LAST_CALL = timedelta(days=7)
_WARNINGS = (NEAR_END, LAST_CALL)


def due(session: Session, now: datetime) -> Sequence[str]:
    """The films of which somebody who can get mail is to be told that they end soon."""
    return session.scalars(_due(now).order_by(Video.expires_at)).all()


def _due(now: datetime) -> Select[str]:
    return (
        select(Video.id)
        .join(User, User.id == Video.owner_id)
        .where(
            User.email.is_not(None),
            User.email_confirmed_at.is_not(None),
            or_(*(queries.ending(now, within) & ~_told(now, within) for within in _WARNINGS)),
        )
    )


def announce(session: Session, video_id: str, now: datetime, site: str) -> None:
    """Write to the owner, unless somebody has done so meanwhile or the film goes on."""
    video = write.lock(session, video_id)
    if video is None or not session.scalar(_due(now).where(Video.id == video_id)):
        return
    owner = session.get_one(User, video.owner_id)
    outbox.post(
        session, now, str(owner.email), "film_ends", owner.language,
        name=owner.given_name,
        day=day_in_words(video.expires_at, owner.language) if video.expires_at else "",
        link=f"{site}/my-films/{video.id}",
    )  # fmt: skip
    write.record(session, video_id, now, Verb.END_ANNOUNCED)


def _told(now: datetime, within: timedelta) -> ColumnElement[bool]:
    """In this last stretch: the one before, half a year ago, had a mail of its own."""
    return exists().where(
        VideoEvent.video_id == Video.id,
        VideoEvent.verb == Verb.END_ANNOUNCED,
        VideoEvent.at > now - within,
    )
