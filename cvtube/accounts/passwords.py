"""Passwords: what is accepted, how they are kept, how they are checked.

argon2id with one of the parameter sets OWASP ASVS 5.0 lists (appendix C). Each hash needs
46 MiB, so a process makes at most two at a time: more log-ins than that wait a moment
instead of taking the machine's memory.
"""

from __future__ import annotations

import base64
import secrets
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from argon2.low_level import ARGON2_VERSION

from cvtube.accounts import common_passwords
from cvtube.errors import Refused

SHORTEST = 8
LONGEST = 128
AT_A_TIME = 2

HASHER = PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1)
_turns = BoundedSemaphore(AT_A_TIME)


def refuse_weak(password: str, *, email: str = "") -> None:
    """Length and commonness decide; rules about digits and signs only make people note it down.

    Raises:
        Refused: "password_too_short", "password_too_long" or "password_too_common".
    """
    if len(password) < SHORTEST:
        raise Refused("password_too_short", shortest=SHORTEST)
    if len(password) > LONGEST:
        raise Refused("password_too_long", longest=LONGEST)
    if common_passwords.is_common(password) or common_passwords.is_like(password, email):
        raise Refused("password_too_common")


def make_hash(password: str) -> str:
    """What is kept of a password."""
    with _turns:
        return HASHER.hash(password)


def matches(password: str, kept: str | None) -> bool:
    """Whether it is the password; takes as long when there is none to compare with."""
    with _turns:
        try:
            return HASHER.verify(kept or _nobodys(), password)
        except VerificationError:
            return False


def needs_rehash(kept: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    """A well-formed hash of no password: random bytes where a result would stand."""
    salt, result = (
        base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=")
        for size in (HASHER.salt_len, HASHER.hash_len)
    )
    cost = f"m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${cost}${salt}${result}"
