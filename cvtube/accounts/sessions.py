"""Log-ins as rows: each can be listed and ended, and changing a password ends all of them.

The browser's cookie holds a random token, the row its SHA-256: whoever reads the database
cannot log in with what they find (a fast hash is right here, the token has 256 random bits).
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from cvtube.accounts.models import STAFF, AccountEvent, LoginSession, Role, User
from cvtube.settings import Settings

SEEN_EVERY = timedelta(minutes=5)  # how exact "last seen" is; each note of it is a write
LONGEST = timedelta(days=90)
LONGEST_STAFF = timedelta(hours=12)
NOTED = STAFF | {Role.ADVISER}  # whose sign-ins are events


def open_session(
    session: Session, user: User, now: datetime, *, device: str, card_id: str | None = None
) -> str:
    """Log the person in on this device; returns the token for its cookie."""
    token = secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            user_id=user.id,
            token_hash=digest(token),
            device=device[:80],
            created_at=now,
            last_seen_at=now,
            card_id=card_id,
        )
    )
    return token


def find_session(
    session: Session, token: str, now: datetime, settings: Settings
) -> LoginSession | None:
    """The log-in behind a token, with its user, unless it has ended in the meantime."""
    found = session.scalar(
        select(LoginSession)
        .where(LoginSession.token_hash == digest(token))
        .options(joinedload(LoginSession.user).options(
            joinedload(User.profile), joinedload(User.organisation)
        ))
    )  # fmt: skip
    if found is None or not found.user.in_good_standing:
        return None
    idle, longest = lifetimes(found.user, settings)
    alive = found.last_seen_at + idle > now and found.created_at + longest > now
    return found if alive else None


def of_somebody_suspended(session: Session, token: str) -> User | None:
    """The suspended owner of a log-in that is refused for that reason alone."""
    return session.scalar(
        select(User)
        .join(LoginSession, LoginSession.user_id == User.id)
        .where(LoginSession.token_hash == digest(token))
        .where(User.suspended_at.is_not(None), User.deleted_at.is_(None))
    )


def lifetimes(user: User, settings: Settings) -> tuple[timedelta, timedelta]:
    """How long a log-in lasts without a visit, and at most (OWASP ASVS 5.0, 7.3)."""
    if user.role in STAFF:
        return timedelta(minutes=settings.staff_session_idle_minutes), LONGEST_STAFF
    return timedelta(days=settings.session_idle_days), LONGEST


def note_sign_in(session: Session, user: User, now: datetime) -> None:
    """Remember when somebody last signed in; of those who see other people's data, each time."""
    session.execute(update(User).where(User.id == user.id).values(last_signed_in_at=now))
    if user.role in NOTED:
        event = AccountEvent(at=now, user_id=user.id, actor_id=user.id, verb="signed_in")
        session.add(event)


def note_visit(session: Session, session_id: str, now: datetime) -> None:
    """Remember that the person was here."""
    login = session.get(LoginSession, session_id)
    if login is not None:
        login.last_seen_at = now
        session.get_one(User, login.user_id).last_seen_at = now


def end_session(session: Session, token: str) -> None:
    """Log out on one device."""
    session.execute(delete(LoginSession).where(LoginSession.token_hash == digest(token)))


def end_all(session: Session, user_id: str) -> None:
    """Log out everywhere."""
    session.execute(delete(LoginSession).where(LoginSession.user_id == user_id))


def forget_ended(session: Session, now: datetime, settings: Settings) -> None:
    """Drop log-ins that have ended by themselves, for whichever reason comes first."""
    idle = timedelta(days=settings.session_idle_days)
    idle_staff = timedelta(minutes=settings.staff_session_idle_minutes)
    staff = select(User.id).where(User.role.in_(STAFF))
    for users, longest_idle, longest in (
        (LoginSession.user_id.in_(staff), idle_staff, LONGEST_STAFF),
        (LoginSession.user_id.not_in(staff), idle, LONGEST),
    ):
        over = (LoginSession.last_seen_at < now - longest_idle) | (
            LoginSession.created_at < now - longest
        )
        session.execute(delete(LoginSession).where(users, over))


def digest(token: str) -> str:
    """What is kept of a secret token."""
    return hashlib.sha256(token.encode()).hexdigest()
