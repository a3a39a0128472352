"""SQLite as this product opens it: readers never wait, and writers wait in a queue.

It runs in WAL mode, and every transaction that may write begins IMMEDIATE: one that reads
first and writes later would otherwise fail at once with "database is locked" instead of
waiting its turn (https://www.sqlite.org/isolation.html).

SQLite's own waiting (`busy_timeout`) is no queue: each waiter sleeps up to a tenth of a second
and looks again, whoever looks first wins, and of fifty that write at once on a busy machine
some never do. So the writers of one process stand in line here, and only the first of them
waits, in SQLite's way, for the few other processes.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections import deque
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event

from cvtube.db.folding import translate

# Seconds in line behind writers of the same process, then milliseconds for those of others:
# together less than a browser or a proxy waits for an answer (60 s by nginx's default).
PATIENCE_S = 30.0
WAIT_MS = 20_000


def open_sqlite(url: URL, *, pool_size: int, pool_timeout: float = 30.0) -> Engine:
    """An engine for a database file; nothing is opened before the first query."""
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=pool_timeout,
        hide_parameters=True,
        connect_args={"factory": _Connection},
    )
    line = FairLock()

    def begin(connection: Any) -> None:
        read_only = connection.get_execution_options().get("read_only", False)
        connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")
        if read_only:
            connection.exec_driver_sql("BEGIN")
            return
        driver = connection.connection.dbapi_connection
        driver.stand_in(line)
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        finally:
            if not driver.in_transaction:
                driver.leave()

    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    # The driver must not begin transactions on its own: `begin` does, with the right kind.
    connection.isolation_level = None
    connection.create_function("translate", 3, translate, deterministic=True)
    cursor = connection.cursor()
    # First: what follows may have to wait, too.
    cursor.execute(f"PRAGMA busy_timeout = {WAIT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    # With NORMAL a power cut may take the last commits, and acknowledged uploads with them.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


class FairLock:
    """A lock that goes to whoever has waited longest."""

    def __init__(self) -> None:
        self._process = os.getpid()
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False

    def take(self, patience_s: float) -> bool:
        """Wait for one's turn. False: it has not come in time."""
        if self._process != os.getpid():  # forked: whoever stood here is not in this process
            self.__init__()  # type: ignore[misc]
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(patience_s):
            return True
        with self._guard:
            if turn.is_set():  # at the very last moment
                return True
            self._waiting.remove(turn)
        return False

    def hand_on(self) -> None:
        """It is the next one's turn."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False


class _Connection(sqlite3.Connection):
    """Keeps its place at the head of the line until its transaction is over."""

    _line: FairLock | None = None

    def stand_in(self, line: FairLock) -> None:
        """Wait in line. Whose patience ends competes with other processes' writers."""
        if line.take(PATIENCE_S):
            self._line = line

    def leave(self) -> None:
        """Let the next writer begin."""
        line, self._line = self._line, None
        if line is not None:
            line.hand_on()

    def commit(self) -> None:
        try:
            super().commit()
        finally:
            if not self.in_transaction:  # a commit that failed is rolled back next
                self.leave()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self.leave()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self.leave()
