"""Many who write at once on SQLite: everybody waits for their turn, and nobody is turned away."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from cvtube.db import sqlite
from cvtube.db.session import make_sessions, open_engine, transaction
from cvtube.db.sqlite import FairLock

CROWD = 50


@pytest.fixture
def impatient(monkeypatch):
    """SQLite's own waiting is over soon, as ten seconds are on a machine that is very busy."""
    monkeypatch.setattr(sqlite, "WAIT_MS", 100)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "crowd.db"


@pytest.fixture
def sessions(impatient, path):
    engine = open_engine(f"sqlite:///{path}", pool_size=CROWD)
    made = make_sessions(engine)
    with transaction(made) as session:
        session.execute(text("CREATE TABLE visit (number INTEGER)"))
    yield made
    engine.dispose()


def write(sessions, number):
    with transaction(sessions) as session:
        session.execute(text("INSERT INTO visit VALUES (:number)"), {"number": number})
        time.sleep(0.01)  # what else a request does before it commits


def visits(sessions):
    with transaction(sessions) as session:
        return list(session.scalars(text("SELECT number FROM visit ORDER BY rowid")))


def test_fifty_that_write_at_once_all_get_their_turn(sessions):
    together = threading.Barrier(CROWD, timeout=20)

    def visit(number):
        together.wait()
        write(sessions, number)

    with ThreadPoolExecutor(CROWD) as crowd:
        list(crowd.map(visit, range(CROWD)))
    assert sorted(visits(sessions)) == list(range(CROWD))


@pytest.mark.parametrize("how", ["rolled back", "given up", "refused by the database"])
def test_a_transaction_that_fails_lets_the_next_one_begin(sessions, how):
    for _ in range(3):
        try:
            with transaction(sessions) as session:
                session.execute(text("INSERT INTO visit VALUES (1)"))
                if how == "refused by the database":
                    session.execute(text("INSERT INTO nowhere VALUES (1)"))
                raise KeyboardInterrupt if how == "given up" else ValueError
        except (ValueError, KeyboardInterrupt, OperationalError):
            pass
    write(sessions, 2)
    assert visits(sessions) == [2]


def test_whoever_cannot_begin_for_another_process_is_not_in_the_next_ones_way(sessions, path):
    stranger = sqlite3.connect(path, isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    for _ in range(2):
        with pytest.raises(OperationalError, match="locked"):
            write(sessions, 1)
    stranger.execute("ROLLBACK")
    stranger.close()
    write(sessions, 2)
    assert visits(sessions) == [2]


def test_a_reader_does_not_stand_in_line(sessions):
    readers = make_sessions(sessions.kw["bind"], read_only=True)
    with transaction(sessions) as writer, transaction(readers) as reader:
        writer.execute(text("INSERT INTO visit VALUES (1)"))
        assert reader.scalar(text("SELECT count(*) FROM visit")) == 0


def test_the_line_is_kept_in_the_order_people_came():
    line, order = FairLock(), []
    assert line.take(0)

    def stand(number):
        assert line.take(20)
        order.append(number)
        line.hand_on()

    people = [threading.Thread(target=stand, args=(number,)) for number in range(10)]
    for length, one in enumerate(people, start=1):
        one.start()
        while len(line._waiting) < length:
            time.sleep(0.001)
    line.hand_on()
    for one in people:
        one.join()
    assert order == list(range(10))


def test_whose_patience_ends_leaves_the_line():
    line = FairLock()
    assert line.take(0)
    assert not line.take(0.01)
    line.hand_on()
    assert line.take(0)


def test_a_forked_process_has_a_line_of_its_own():
    line = FairLock()
    assert line.take(0)
    child = os.fork()
    if child == 0:
        os._exit(0 if line.take(0) else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
