"""What one process works with: built once from the settings, then only read.

The web application keeps its runtime in the Flask app. Job functions and periodic tasks are
called by path with nothing but an id, so the process that runs them installs its runtime here.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import platform
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from cvtube.db.session import Sessions, make_sessions, open_engine, transaction
from cvtube.queue.broker import Broker
from cvtube.queue.dispatch import Bell, hang_bell
from cvtube.settings import Settings, SettingsError
from cvtube.storage.contract import Storage
from cvtube.storage.opening import open_storage

MIN_SECRET = 32  # characters


def utc_now() -> datetime:
    """The wall clock; tests put another one into the runtime."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Runtime:
    """The doors to the outside, opened once per process."""

    settings: Settings
    secret: bytes
    engine: Engine
    storage: Storage
    bell: Bell
    now: Callable[[], datetime] = utc_now
    # Host and process that opened the doors; what it forks for jobs goes by the same name.
    name: str = field(default_factory=lambda: f"{platform.node()[:80]}:{os.getpid()}")
    _sessions: Sessions = field(init=False)
    _readers: Sessions = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_sessions", make_sessions(self.engine))
        object.__setattr__(self, "_readers", make_sessions(self.engine, read_only=True))

    def new_session(self, *, read_only: bool = False) -> Session:
        """A session whose owner commits and closes it; its commits ring this runtime's bell."""
        return hang_bell(self._readers() if read_only else self._sessions(), self.bell)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction of a job step: commits at the end, rolls back on any exception."""
        with transaction(self._sessions) as session:
            yield hang_bell(session, self.bell)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A consistent look at the database that can write nothing."""
        with transaction(self._readers) as session:
            yield session

    def key_for(self, purpose: str) -> bytes:
        """A signing key of its own for each purpose, so that no signature fits another door."""
        return hmac.new(self.secret, purpose.encode(), hashlib.sha256).digest()


def build(settings: Settings) -> Runtime:
    """Open every door the settings name. Nothing is connected before its first use."""
    secret = _secret(settings)
    objects_key = hmac.new(secret, b"objects", hashlib.sha256).digest()
    return Runtime(
        settings=settings,
        secret=secret,
        engine=open_engine(settings.database_url, pool_size=settings.web_threads),
        storage=open_storage(
            settings.storage_url, site=settings.public_url, signing_key=objects_key
        ),
        bell=Broker(settings.redis_url),
    )


@contextmanager
def opened(settings: Settings) -> Iterator[Runtime]:
    """The doors, for as long as one command needs them."""
    doors = build(settings)
    try:
        yield doors
    finally:
        doors.engine.dispose()


_installed: Runtime | None = None


def install(runtime: Runtime | None) -> None:
    """Make it the process's runtime, which jobs and periodic tasks find with `current`."""
    global _installed  # noqa: PLW0603 (one per process, set by its composition root)
    _installed = runtime


def current() -> Runtime:
    """The runtime this process has installed."""
    if _installed is None:
        raise RuntimeError("no runtime installed: jobs run inside a worker, clock or test")
    return _installed


def _secret(settings: Settings) -> bytes:
    """The setting, or 256 random bits made once and kept beside the data."""
    if settings.secret_key:
        if len(settings.secret_key) < MIN_SECRET:
            raise SettingsError(f"CVTUBE_SECRET_KEY: must have at least {MIN_SECRET} characters.")
        return settings.secret_key.encode()
    path = settings.home / "secret_key"
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_hex(32).encode())
    return path.read_bytes()
