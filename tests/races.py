"""Two transactions at the same instant (PostgreSQL: SQLite has one writer at a time)."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.orm import Session

from cvtube.runtime import Runtime

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


A = TypeVar("A")
B = TypeVar("B")


def at_once(
    runtime: Runtime, first: Callable[[Session], A], second: Callable[[Session], B]
) -> tuple[A, B]:
    """Do the second while the first is done and not committed yet; returns what both return."""

    def do_second() -> B:
        with runtime.transaction() as session:
            return second(session)

    with ThreadPoolExecutor(1) as pool:
        with runtime.transaction() as session:
            done = first(session)
            other = pool.submit(do_second)
            while not (other.done() or somebody_waits(runtime)):
                time.sleep(0.01)
        return done, other.result()


def somebody_waits(runtime: Runtime) -> bool:
    """Whether a transaction waits for another one's lock."""
    with runtime.reading() as session:
        return bool(session.scalar(_WAITING))
