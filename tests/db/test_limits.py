"""Nobody waits for the database without an end."""

from __future__ import annotations

import os
import signal
import socket

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from cvtube.db.limits import PERSON, Limits, took_too_long
from cvtube.db.session import open_engine

QUICK = Limits(connect_s=2, statement_s=0.3, pool_s=0.1)
ENDLESS = {
    "postgresql": "SELECT pg_sleep(3600)",
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    "SELECT count(*) FROM n",
}


@pytest.fixture
def limited(settings):
    made = open_engine(settings.database_url, limits=QUICK)
    yield made
    made.dispose()


@pytest.mark.both_databases
def test_a_statement_without_an_end_is_ended_and_the_next_one_answered(limited):
    with limited.connect() as connection:
        with pytest.raises(OperationalError) as ended:
            connection.execute(text(ENDLESS[limited.dialect.name]))
        connection.rollback()
        assert connection.scalar(text("SELECT 1")) == 1
    assert took_too_long(ended.value)


@pytest.mark.both_databases
def test_many_short_statements_may_take_as_long_as_they_take_together(settings):
    engine = open_engine(settings.database_url, limits=Limits(2, 5, 1))
    with engine.connect() as connection:
        for _ in range(100):
            assert connection.scalar(text("SELECT 1")) == 1
    engine.dispose()


def test_a_server_that_falls_silent_is_given_up_and_found_again(limited):
    with limited.connect() as connection:
        process = connection.scalar(text("SELECT pg_backend_pid()"))
        os.kill(process, signal.SIGSTOP)
        try:
            with pytest.raises(OperationalError, match="fallen silent") as ended:
                connection.scalar(text("SELECT 1"))
        finally:
            os.kill(process, signal.SIGCONT)
    assert ended.value.connection_invalidated
    assert not took_too_long(ended.value)
    with limited.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1


def test_a_server_that_never_says_a_word_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as dumb:
        port = dumb.getsockname()[1]
        engine = open_engine(f"postgresql://nobody@127.0.0.1:{port}/none", limits=QUICK)
        with pytest.raises(OperationalError):
            engine.connect()


def test_somebody_who_looks_on_waits_for_seconds():
    assert PERSON.connect_s + PERSON.statement_s + PERSON.pool_s < 20
