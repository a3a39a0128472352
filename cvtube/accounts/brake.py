"""Guessing a password gets slower and slower; nobody is ever locked out of their account.

A few tries are free. After that each try doubles the wait before the next one is heard, up
to half an hour: nine guesses in the first hour, two in each later one. A stranger who
guesses would make the owner wait as well, so a browser the owner has logged in with before
has a brake of its own: it carries a cookie that proves it (the "device cookies" of OWASP).
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cvtube.accounts.models import LogInBrake
from cvtube.errors import Refused

FREE_TRIES = 3
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=30)
FORGIVEN_AFTER = timedelta(days=1)


def key_of(secret: bytes, *subject: str) -> str:
    """The key of what is guarded; says nothing about it to whoever reads the table."""
    return hmac.new(secret, "\0".join(subject).encode(), hashlib.sha256).hexdigest()


def count_try(session: Session, key: str, now: datetime) -> None:
    """Count one try, before it is looked at: many at once are many tries.

    Raises:
        Refused: "tries_slowed", while the wait after the last try is not over.
    """
    brake = _held(session, key, now)
    if brake.open_at > now:
        wait = math.ceil((brake.open_at - now).total_seconds())
        raise Refused("tries_slowed", headers={"Retry-After": str(wait)}, minutes=-(-wait // 60))
    if brake.open_at < now - FORGIVEN_AFTER:
        brake.tries = 0
    brake.tries += 1
    brake.open_at = now + wait_after(brake.tries)


def wait_after(tries: int) -> timedelta:
    """How long nothing is heard after this many tries in a row."""
    if tries < FREE_TRIES:
        return timedelta()
    # Bounded: two to the power of a long attack is no time span.
    doublings = min(tries - FREE_TRIES, 16)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def release(session: Session, key: str) -> None:
    """The password was right: begin anew."""
    session.execute(delete(LogInBrake).where(LogInBrake.key == key))


def forget_old(session: Session, now: datetime) -> None:
    """Drop what is forgiven anyway."""
    session.execute(delete(LogInBrake).where(LogInBrake.open_at < now - FORGIVEN_AFTER))


def _held(session: Session, key: str, now: datetime) -> LogInBrake:
    """The key's row, which nobody else counts on until the transaction ends."""
    brake = session.get(LogInBrake, key, with_for_update=True)
    if brake is not None:
        return brake
    try:
        with session.begin_nested():
            brake = LogInBrake(key=key, tries=0, open_at=now)
            session.add(brake)
    except IntegrityError:  # another try of the same moment has just made it
        brake = session.get_one(LogInBrake, key, with_for_update=True)
    return brake


# -- the cookie of a known browser -----------------------------------------------------------


def device_mark(secret: bytes, address: str) -> str:
    """The cookie of a browser from which this address has logged in."""
    device = secrets.token_urlsafe(16)
    return f"{device}.{key_of(secret, device, address)}"


def known_device(secret: bytes, address: str, mark: str) -> str | None:
    """The browser's name if the cookie was given to it for this very address."""
    device, _, signature = mark.partition(".")
    expected = key_of(secret, device, address)
    return device if hmac.compare_digest(signature.encode(), expected.encode()) else None
