"""Erasing a person: their films first, then every word about them.

The account's row stays, empty, so that the event log still says "a candidate", "a moderator".
It is told apart from one that waits for its erasure by having no name any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from cvtube.accounts.models import (
    CandidateProfile,
    LoginSession,
    OneTimeToken,
    Organisation,
    User,
)
from cvtube.accounts.passwordless import AccessCard, HandOver
from cvtube.errors import Refused
from cvtube.mail import outbox
from cvtube.videos import lifecycle
from cvtube.videos.models import Video


def is_leaving(session: Session, user_id: str) -> bool:
    """Whether the account was deleted: nothing here happens to anybody else."""
    left = select(User.id).where(User.id == user_id, User.deleted_at.is_not(None))
    return session.scalar(left) is not None


def ids_of_films(session: Session, user_id: str) -> Sequence[str]:
    """The person's films that nobody has deleted yet."""
    return session.scalars(
        select(Video.id).where(Video.owner_id == user_id, Video.deleted_at.is_(None))
    ).all()


def delete_film(session: Session, video_id: str, now: datetime) -> None:
    """As its owner would: hidden at once, and every byte of it is purged next."""
    video = session.get_one(Video, video_id)
    owner = session.get_one(User, video.owner_id)
    try:
        lifecycle.delete_video(session, video, now, actor=owner)
    except Refused:  # its owner, or another run of this job, was faster
        return


def forget_person(session: Session, user_id: str) -> None:
    """Wipe the name, the address, the profile and whatever opens the account."""
    user = session.get_one(User, user_id)
    if user.email:
        outbox.forget_address(session, user.email)
    for table in (HandOver, LoginSession, AccessCard, OneTimeToken, CandidateProfile):
        session.execute(delete(table).where(table.user_id == user_id))
    session.execute(
        update(User)
        .where(User.id == user_id)
        .values(
            given_name="", family_name="", email=None, email_confirmed_at=None,
            password_hash=None, refusal_words=None, suspension_words=None,
            wanted_path=None,
            last_seen_at=None, last_signed_in_at=None,
        )
    )  # fmt: skip
    if user.organisation_id:
        _forget_organisation(session, user.organisation_id)


def _forget_organisation(session: Session, organisation_id: str) -> None:
    """Nobody recruits for it any more; that of somebody who works alone is their own name."""
    somebody = exists().where(User.organisation_id == organisation_id, User.deleted_at.is_(None))
    session.execute(
        update(Organisation)
        .where(Organisation.id == organisation_id, ~somebody)
        .values(name="", siret=None, website=None)
    )
