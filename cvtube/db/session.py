"""Engines and sessions: PostgreSQL or SQLite, the same code on both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.orm import Session, sessionmaker

from cvtube.db.limits import Limits, limit_postgresql, limit_sqlite
from cvtube.db.sqlite import open_sqlite

POOL_S = 30.0

Sessions = sessionmaker[Session]


def open_engine(url: str, *, pool_size: int = 8, limits: Limits | None = None) -> Engine:
    """An engine for the address; nothing is connected before the first query.

    Without `limits` everything may take as long as it takes, as migrations must.
    """
    parsed = make_url(url)
    pool_s = limits.pool_s if limits is not None else POOL_S
    if parsed.get_backend_name() == "sqlite":
        engine = open_sqlite(parsed, pool_size=pool_size, pool_timeout=pool_s)
        if limits is not None:
            limit_sqlite(engine, limits)
        return engine
    engine = create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=pool_s,
        # A database restart must cost one reconnect, not one failed request per pooled connection.
        pool_pre_ping=True,
        hide_parameters=True,  # they are what people wrote, and errors are logged
    )
    if limits is not None:
        limit_postgresql(engine, limits)
    return engine


def make_sessions(engine: Engine, *, read_only: bool = False) -> Sessions:
    """A factory of sessions whose rows stay readable after commit (views render them).

    A read-only session never waits for a writer, and the database itself refuses its writes.
    All its queries see one and the same moment: a film read in several queries is never half of
    what it was and half of what it has become. (SQLite's readers see it so anyway.)
    """
    if read_only:
        engine = engine.execution_options(read_only=True, postgresql_readonly=True)
        if engine.dialect.name == "postgresql":
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def transaction(sessions: Sessions) -> Iterator[Session]:
    """One transaction: commits at the end, rolls back on any exception."""
    with sessions() as session, session.begin():
        yield session
