"""Carrying a log-in from a desk on to a phone: once, within minutes, to one page.

The desk shows a QR code; the phone that reads it asks "Is it you?", and only the answer, a
POST, takes the code: whatever looks at links on its own changes nothing. The code's token is
made from the row's id under this site's key, so that the desk's page can be shown again while
the database holds a hash alone.
"""

from __future__ import annotations

import base64
import enum
import hashlib
import hmac
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from cvtube.accounts import people
from cvtube.accounts.models import LoginSession
from cvtube.accounts.passwordless import AccessCard, HandOver
from cvtube.accounts.sessions import digest
from cvtube.db.base import new_id
from cvtube.errors import Refused

LIFETIME = timedelta(minutes=5)
KEPT = timedelta(days=1)  # long enough for the desk's page to end the phone's log-in
LONGEST_TARGET = 200
# A path and a query of this site. No second slash, no backslash, nothing invisible: browsers
# would read another host into some of those.
_PATH = re.compile(r"/(?:[\w.~%-][\w/.~%=&?-]*)?", re.ASCII)


class HandOverStage(enum.StrEnum):
    """How far a hand-over is; the desk's page shows nothing else."""

    WAITING = "waiting"
    EXPIRED = "expired"
    CONNECTED = "connected"
    ENDED = "ended"


def stage(hand_over: HandOver, now: datetime) -> HandOverStage:
    """How far it is."""
    if hand_over.used_at is not None:
        return HandOverStage.CONNECTED if hand_over.phone_id else HandOverStage.ENDED
    return HandOverStage.WAITING if now < hand_over.expires_at else HandOverStage.EXPIRED


def target(path: str) -> str:
    """The path, if it leads to a page of this site.

    Raises:
        Refused: "bad_request".
    """
    if len(path) > LONGEST_TARGET or not _PATH.fullmatch(path):
        raise Refused("bad_request")
    return path


def issue(
    session: Session, key: bytes, desk: LoginSession, now: datetime, *, path: str
) -> HandOver:
    """A new code; the ones this desk has shown before work no more."""
    session.execute(
        update(HandOver)
        .where(HandOver.desk_id == desk.id, HandOver.used_at.is_(None))
        .values(expires_at=now)
    )
    hand_over_id = new_id()
    begun = HandOver(
        id=hand_over_id,
        user_id=desk.user_id,
        desk_id=desk.id,
        token_hash=digest(token(key, hand_over_id)),
        target=target(path),
        expires_at=now + LIFETIME,
    )
    session.add(begun)
    return begun


def token(key: bytes, hand_over_id: str) -> str:
    """What the code says: 256 bits that nobody has who lacks the key."""
    secret = hmac.new(key, hand_over_id.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(secret).decode().rstrip("=")


def token_of(keys: Iterable[bytes], found: HandOver) -> str:
    """The token of a code that is shown again, also if the key has changed in between."""
    tokens = [token(key, found.id) for key in keys]
    return next((one for one in tokens if digest(one) == found.token_hash), tokens[0])


def look_up(session: Session, shown: str) -> HandOver:
    """What a code is for, without taking it.

    Raises:
        Refused: "hand_over_unknown".
    """
    found = session.scalar(
        select(HandOver)
        .where(HandOver.token_hash == digest(shown))
        .options(joinedload(HandOver.user))
    )
    if found is None or not found.user.in_good_standing:
        raise Refused("hand_over_unknown")
    return found


def refuse_dead(found: HandOver, now: datetime) -> None:
    """Say why a code no longer works.

    Raises:
        Refused: "hand_over_used" or "hand_over_expired".
    """
    if found.used_at is not None:
        raise Refused("hand_over_used")
    if found.expires_at <= now:
        raise Refused("hand_over_expired")


def redeem(session: Session, found: HandOver, now: datetime) -> None:
    """Use it up; of two phones at once, one is refused."""
    taken = session.execute(
        update(HandOver)
        .where(HandOver.id == found.id, HandOver.used_at.is_(None), HandOver.expires_at > now)
        .values(used_at=now)
        .returning(HandOver.id)
    )
    if taken.first() is None:
        refuse_dead(found, now)
        raise Refused("hand_over_used")


def card_of_desk(session: Session, found: HandOver) -> AccessCard | None:
    """The card that opened the desk's log-in: what came from it ends with it too."""
    return session.scalar(
        select(AccessCard)
        .join(LoginSession, LoginSession.card_id == AccessCard.id)
        .where(LoginSession.id == found.desk_id)
    )


def arrived(session: Session, found: HandOver, phone: LoginSession, now: datetime) -> None:
    """It became this log-in."""
    people.record_account_event(session, found.user, now, "phone_connected")
    session.execute(update(HandOver).where(HandOver.id == found.id).values(phone_id=phone.id))


def disconnect(session: Session, found: HandOver, now: datetime) -> None:
    """Log the phone out, from the desk; a code nobody has read is taken back."""
    if found.phone_id is not None:
        session.execute(delete(LoginSession).where(LoginSession.id == found.phone_id))
        session.expire(found, ["phone_id"])
    elif found.used_at is None:
        found.expires_at = min(found.expires_at, now)


def forget_old(session: Session, now: datetime) -> None:
    """Drop hand-overs nobody looks at any more."""
    session.execute(delete(HandOver).where(HandOver.expires_at < now - KEPT))
