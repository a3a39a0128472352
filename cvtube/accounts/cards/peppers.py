"""The keys under which PINs are hashed, which outlive the site's secret key.

A million PINs are soon tried by who has the table alone, so they are hashed under a key that
is not in it. That key lies beside them, sealed with the secret key: when the secret key
changes, it is sealed anew, and every PIN stays good.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cvtube.accounts.passwordless import AccessCard, PinPepper
from cvtube.runtime import Runtime
from cvtube.secret_keys import SecretKeys

PURPOSE = "card pin peppers"
BEFORE = "card pins"  # PINs were hashed under a key derived for it, before peppers were kept
SIZE = 32  # bytes


def peppers(runtime: Runtime) -> list[bytes]:
    """The one that hashes new PINs, and after it those that PINs may have been hashed under."""
    with runtime.reading() as session:
        found = [runtime.keys.unseal(PURPOSE, row.sealed) for row in _kept(session)]
    return [pepper for pepper in found if pepper is not None] or [_derived(runtime.keys)]


def settle(runtime: Runtime) -> None:
    """Keep a pepper if none can be read, and seal with the secret key in force what is not."""
    with runtime.transaction() as session:
        kept, readable = _kept(session), False
        for row in kept:
            pepper = runtime.keys.unseal(PURPOSE, row.sealed)
            readable = readable or pepper is not None
            if pepper is not None and not runtime.keys.is_current(PURPOSE, row.sealed):
                row.sealed = runtime.keys.seal(PURPOSE, pepper)
        if not readable:
            _keep(session, runtime.keys, runtime.now(), first=not kept)


def unreadable(runtime: Runtime) -> int:
    """How many peppers no key opens: the PINs hashed under them open nothing."""
    with runtime.reading() as session:
        return sum(runtime.keys.unseal(PURPOSE, row.sealed) is None for row in _kept(session))


def sealed_before(runtime: Runtime) -> int:
    """How many are still sealed with a former key."""
    with runtime.reading() as session:
        rows = _kept(session)
    return sum(
        not runtime.keys.is_current(PURPOSE, row.sealed)
        and runtime.keys.unseal(PURPOSE, row.sealed) is not None
        for row in rows
    )


def _kept(session: Session) -> Sequence[PinPepper]:
    newest_first = select(PinPepper).order_by(PinPepper.made_at.desc(), PinPepper.id.desc())
    return session.scalars(newest_first).all()


def _keep(session: Session, keys: SecretKeys, now: datetime, *, first: bool) -> None:
    """Where there are PINs, the pepper they were hashed under; else one nobody can derive."""
    unused = first and not session.scalar(select(exists().where(AccessCard.id.is_not(None))))
    pepper = secrets.token_bytes(SIZE) if unused else _derived(keys)
    session.add(PinPepper(sealed=keys.seal(PURPOSE, pepper), made_at=now))


def _derived(keys: SecretKeys) -> bytes:
    """The pepper of before: from the oldest key there is."""
    return keys.keys_for(BEFORE)[-1]
