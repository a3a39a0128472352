"""Engines and sessions.

PostgreSQL or SQLite, the same code on both. SQLite runs in WAL mode (readers never wait for
the writer) and every transaction that may write begins IMMEDIATE: a transaction that reads
first and writes later would otherwise fail at once with "database is locked" instead of
waiting its turn (https://www.sqlite.org/isolation.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker

SQLITE_WAIT_MS = 10_000

Sessions = sessionmaker[Session]


def open_engine(url: str, *, pool_size: int = 8) -> Engine:
    """An engine for the address; nothing is connected before the first query."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(
            parsed, pool_size=pool_size, max_overflow=pool_size, hide_parameters=True
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        max_overflow=pool_size,
        # A database restart must cost one reconnect, not one failed request per pooled connection.
        pool_pre_ping=True,
        hide_parameters=True,  # they are what people wrote, and errors are logged
    )


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


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin transactions on its own: _begin_sqlite does, with the right kind.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    # With NORMAL a power cut may take the last commits, and acknowledged uploads with them.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA busy_timeout = {SQLITE_WAIT_MS}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
