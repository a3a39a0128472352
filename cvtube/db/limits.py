"""How long the database may keep anybody waiting.

Somebody looks at a blank page during a web request, so its limits are seconds; what runs in the
background has minutes. PostgreSQL ends a statement by itself (`statement_timeout`). A server that
has fallen silent ends nothing, so this side stops listening shortly after that, too. SQLite, which
has no such setting, asks back every few milliseconds.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg
from psycopg.errors import DiskFull, QueryCanceled, _WaitTimeout
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError

T = TypeVar("T")

STEPS = 100_000  # of SQLite's virtual machine, some milliseconds
GRACE_S = 1.0  # between the server's own end of a statement and the end of our listening


@dataclass(frozen=True)
class Limits:
    """Seconds, each for its own step."""

    connect_s: int
    statement_s: float
    pool_s: float  # for a connection of this process that others use


PERSON = Limits(connect_s=3, statement_s=8, pool_s=5)
BACKGROUND = Limits(connect_s=10, statement_s=600, pool_s=30)


class Listening(psycopg.Connection[Any]):
    """A connection that stops listening to a server that has fallen silent."""

    listens_s: float | None = None

    def wait(
        self, gen: Generator[Any, Any, T], interval: float = 0.1, timeout: float | None = None
    ) -> T:
        """Do one step of the protocol, which takes as long as it may and no longer."""
        try:
            return super().wait(gen, interval, self.listens_s if timeout is None else timeout)
        except _WaitTimeout:
            self.pgconn.finish()  # whatever it may still say would be another's answer
            raise psycopg.OperationalError("the server has fallen silent") from None


def limit_postgresql(engine: Engine, limits: Limits) -> None:
    """Give each new connection its limits."""

    def connect(_dialect: object, _record: object, words: list[str], named: dict[str, Any]) -> Any:
        milliseconds = int(limits.statement_s * 1000)
        named = {
            "connect_timeout": limits.connect_s,
            "options": f"-c statement_timeout={milliseconds}",
            **named,
        }
        made = Listening.connect(*words, **named)
        made.listens_s = limits.statement_s + GRACE_S
        return made

    event.listen(engine, "do_connect", connect)


def limit_sqlite(engine: Engine, limits: Limits) -> None:
    """Interrupt a statement that takes too long. Waiting for other writers is none."""

    def prepare(connection: Any, record: Any) -> None:
        record.info["end"] = float("inf")
        connection.set_progress_handler(lambda: time.monotonic() > record.info["end"], STEPS)

    def begin(connection: Any, *_: object) -> None:
        connection.connection.info["end"] = time.monotonic() + limits.statement_s

    event.listen(engine, "connect", prepare)
    event.listen(engine, "before_cursor_execute", begin)


def took_too_long(error: DBAPIError) -> bool:
    """Whether a statement was ended by its limit, not by a database that is away."""
    return isinstance(error.orig, QueryCanceled) or str(error.orig) == "interrupted"


def is_full(error: DBAPIError) -> bool:
    """Whether there is no room left to write."""
    return isinstance(error.orig, DiskFull) or "is full" in str(error.orig)
