"""Guessing gets slower and slower; nobody is ever locked out of their account.

A few tries are free. After that each try doubles the wait before the next one is heard, up
to a longest: the pace. For a password that is half an hour: nine guesses in the first hour,
two in each later one. A PIN has only six digits, so its longest wait is a day.

A stranger who guesses would make the owner wait as well, so a browser the owner has logged in
with before has a throttle of its own: it carries a cookie that proves it (the "device cookies" of
OWASP). So has whoever holds an access card: its QR code proves it.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cvtube.accounts.models import LogInThrottle
from cvtube.errors import Refused


@dataclass(frozen=True)
class ThrottlePolicy:
    """How many tries are free, and how the waits after that grow."""

    free_tries: int
    longest_wait: timedelta
    forgiven_after: timedelta  # without a try, once the next one would be heard
    first_wait: timedelta = timedelta(seconds=30)

    def wait_after(self, tries: int) -> timedelta:
        """How long nothing is heard after this many tries in a row."""
        if tries < self.free_tries:
            return timedelta()
        # Bounded: two to the power of a long attack is no time span.
        doublings = min(tries - self.free_tries, 16)
        return min(self.first_wait * (1 << doublings), self.longest_wait)


PASSWORD = ThrottlePolicy(3, longest_wait=timedelta(minutes=30), forgiven_after=timedelta(days=1))
# Forgiven so late that waiting for it is slower than guessing on.
PIN = ThrottlePolicy(3, longest_wait=timedelta(days=1), forgiven_after=timedelta(days=30))
# A whole network's wrong PINs, whichever cards they are for: a classroom's slips are free.
NETWORK = ThrottlePolicy(30, longest_wait=timedelta(minutes=30), forgiven_after=timedelta(days=1))
LONGEST_KEPT = max(pace.forgiven_after for pace in (PASSWORD, PIN, NETWORK))


def throttle_key(secret: bytes, *subject: str) -> str:
    """The key of what is guarded; says nothing about it to whoever reads the table."""
    return hmac.new(secret, "\0".join(subject).encode(), hashlib.sha256).hexdigest()


def count_try(session: Session, key: str, now: datetime, pace: ThrottlePolicy = PASSWORD) -> None:
    """Count one try, before it is looked at: many at once are many tries.

    Raises:
        Refused: "tries_slowed", while the wait after the last try is not over.
    """
    row = _held(session, key, now)
    # No wait is longer than its own: the clock was set back meanwhile.
    row.open_at = min(row.open_at, now + pace.wait_after(row.tries))
    if row.open_at > now:
        wait = math.ceil((row.open_at - now).total_seconds())
        raise Refused("tries_slowed", headers={"Retry-After": str(wait)}, minutes=-(-wait // 60))
    if row.open_at < now - pace.forgiven_after:
        row.tries = 0
    row.tries += 1
    row.open_at = now + pace.wait_after(row.tries)


def recent_tries(session: Session, key: str) -> int:
    """How many there were in a row, lately."""
    row = session.get(LogInThrottle, key)
    return row.tries if row is not None else 0


def reset(session: Session, key: str) -> None:
    """The password was right: begin anew."""
    session.execute(delete(LogInThrottle).where(LogInThrottle.key == key))


def uncount_try(session: Session, key: str, now: datetime) -> None:
    """The try was a right one, and others share the throttle: only this one does not count."""
    row = session.get(LogInThrottle, key, with_for_update=True)
    if row is not None and row.tries > 0:
        row.tries, row.open_at = row.tries - 1, now


def forget_old(session: Session, now: datetime) -> None:
    """Drop what is forgiven anyway."""
    session.execute(delete(LogInThrottle).where(LogInThrottle.open_at < now - LONGEST_KEPT))


def _held(session: Session, key: str, now: datetime) -> LogInThrottle:
    """The key's row, which nobody else counts on until the transaction ends."""
    row = session.get(LogInThrottle, key, with_for_update=True)
    if row is not None:
        return row
    try:
        with session.begin_nested():
            row = LogInThrottle(key=key, tries=0, open_at=now)
            session.add(row)
    except IntegrityError:  # another try of the same moment has just made it
        row = session.get_one(LogInThrottle, key, with_for_update=True)
    return row


# -- the cookie of a known browser -----------------------------------------------------------


def device_mark(secret: bytes, address: str) -> str:
    """The cookie of a browser from which this address has logged in."""
    device = secrets.token_urlsafe(16)
    return f"{device}.{throttle_key(secret, device, address)}"


def known_device(secrets: Iterable[bytes], address: str, mark: str) -> str | None:
    """The browser's name if the cookie was given to it for this very address."""
    device, _, signature = mark.partition(".")
    expected = [throttle_key(secret, device, address) for secret in secrets]
    genuine = any(hmac.compare_digest(signature.encode(), one.encode()) for one in expected)
    return device if genuine else None
