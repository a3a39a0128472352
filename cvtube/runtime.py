"""What one process works with: built once from the settings, then only read.

The web application keeps its runtime in the Flask app. Job functions and periodic tasks are
called by path with nothing but an id, so the process that runs them installs its runtime here.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from cvtube import secret_keys
from cvtube.db.limits import BACKGROUND, PERSON
from cvtube.db.session import Sessions, make_sessions, open_engine, transaction
from cvtube.queue.broker import Broker
from cvtube.queue.notify import Notifier, bind_notifier
from cvtube.secret_keys import SecretKeys
from cvtube.settings import Settings
from cvtube.storage.contract import Storage
from cvtube.storage.factory import open_storage


def utc_now() -> datetime:
    """The wall clock; tests put another one into the runtime."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Runtime:
    """What one process works with, opened once."""

    settings: Settings
    keys: SecretKeys
    engine: Engine
    storage: Storage
    notifier: Notifier
    now: Callable[[], datetime] = utc_now
    # Host and process that opened it; what it forks for jobs goes by the same name.
    name: str = field(default_factory=lambda: f"{platform.node()[:80]}:{os.getpid()}")
    _sessions: Sessions = field(init=False)
    _readers: Sessions = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_sessions", make_sessions(self.engine))
        object.__setattr__(self, "_readers", make_sessions(self.engine, read_only=True))

    def new_session(self, *, read_only: bool = False) -> Session:
        """A session whose owner commits and closes it; its commits notify workers."""
        return bind_notifier(self._readers() if read_only else self._sessions(), self.notifier)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction of a job step: commits at the end, rolls back on any exception."""
        with transaction(self._sessions) as session:
            yield bind_notifier(session, self.notifier)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A consistent look at the database that can write nothing."""
        with transaction(self._readers) as session:
            yield session

    def key_for(self, purpose: str) -> bytes:
        """The signing key of a purpose."""
        return self.keys.key_for(purpose)

    def keys_for(self, purpose: str) -> list[bytes]:
        """The same, and after it those whose signatures are still believed."""
        return self.keys.keys_for(purpose)


def build(settings: Settings, *, interactive: bool = False) -> Runtime:
    """Open every door the settings name. Nothing is connected before its first use.

    `interactive`: somebody waits for each answer, so that none is waited for by the minute.

    Raises:
        SettingsError: a secret key that is none, or a home folder that others can read.
    """
    keys = secret_keys.load(settings)
    return Runtime(
        settings=settings,
        keys=keys,
        engine=open_engine(
            settings.database_url,
            pool_size=settings.web_threads,
            limits=PERSON if interactive else BACKGROUND,
        ),
        storage=open_storage(
            settings.storage_url,
            site=settings.public_url,
            signing_keys=keys.keys_for("objects"),
            interactive=interactive,
        ),
        notifier=Broker(settings.redis_url),
    )


@contextmanager
def opened(settings: Settings) -> Iterator[Runtime]:
    """The runtime, for as long as one command needs it."""
    runtime = build(settings)
    try:
        yield runtime
    finally:
        runtime.engine.dispose()


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
