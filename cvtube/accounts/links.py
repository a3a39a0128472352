"""One-time links: a random token in a mail, its hash in a row.

A link proves that somebody reads a mailbox. It works once, for one purpose, for the address
it was sent to, and only by a deliberate POST: mail scanners open every link they see.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from cvtube.accounts.models import OneTimeToken, TokenPurpose, User
from cvtube.accounts.sessions import digest
from cvtube.errors import Refused

LIFETIMES = {
    TokenPurpose.CONFIRM_EMAIL: timedelta(hours=24),
    TokenPurpose.CHANGE_EMAIL: timedelta(hours=24),
    TokenPurpose.RESET_PASSWORD: timedelta(minutes=30),
}


def make_token(
    session: Session, user: User, now: datetime, purpose: TokenPurpose, *, email: str
) -> str:
    """A new link's token. Older ones stay good: people open whichever mail they find first."""
    token = secrets.token_urlsafe(32)
    session.add(
        OneTimeToken(
            user_id=user.id,
            purpose=purpose,
            token_hash=digest(token),
            email=email,
            expires_at=now + LIFETIMES[purpose],
        )
    )
    return token


def look_up(session: Session, token: str, purpose: TokenPurpose, now: datetime) -> OneTimeToken:
    """What a link would do, without doing it.

    Raises:
        Refused: "link_expired", whatever is wrong with it.
    """
    found = session.scalar(
        select(OneTimeToken)
        .where(OneTimeToken.token_hash == digest(token), OneTimeToken.purpose == purpose)
        .where(OneTimeToken.used_at.is_(None), OneTimeToken.expires_at > now)
        .options(joinedload(OneTimeToken.user))
    )
    if found is None or not found.user.in_good_standing:
        raise Refused("link_expired")
    if purpose is not TokenPurpose.CHANGE_EMAIL and found.email != found.user.email:
        raise Refused("link_expired")
    return found


def use(session: Session, token: str, purpose: TokenPurpose, now: datetime) -> OneTimeToken:
    """Take the link for good; of two who do so at once, one is refused."""
    found = look_up(session, token, purpose, now)
    taken = session.execute(
        update(OneTimeToken)
        .where(OneTimeToken.id == found.id, OneTimeToken.used_at.is_(None))
        .values(used_at=now)
        .returning(OneTimeToken.id)
    ).first()
    if taken is None:
        raise Refused("link_expired")
    return found


def void(session: Session, user: User, *purposes: TokenPurpose) -> None:
    """No link of these purposes works any more."""
    session.execute(
        delete(OneTimeToken).where(
            OneTimeToken.user_id == user.id,
            OneTimeToken.purpose.in_(purposes or list(TokenPurpose)),
        )
    )


def forget_old(session: Session, now: datetime) -> None:
    """Drop links that no longer work."""
    session.execute(delete(OneTimeToken).where(OneTimeToken.expires_at < now))
