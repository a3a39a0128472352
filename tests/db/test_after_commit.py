"""What waits for a commit happens after it: once, and only then."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from cvtube.db.after_commit import after_commit

pytestmark = pytest.mark.both_databases


@pytest.fixture
def session(runtime):
    with runtime.new_session() as made:
        yield made


@pytest.fixture
def done():
    return []


def test_it_happens_after_the_commit_and_once(session, done):
    session.execute(text("SELECT 1"))
    after_commit(session, lambda: done.append(session.in_transaction()))
    assert done == []
    session.commit()
    session.commit()
    assert done == [False]


def test_a_rollback_forgets_it(session, done):
    session.execute(text("SELECT 1"))
    after_commit(session, lambda: done.append(1))
    session.rollback()
    session.execute(text("SELECT 1"))
    session.commit()
    assert done == []


def test_releasing_a_savepoint_is_no_commit(session, done):
    session.execute(text("SELECT 1"))
    with session.begin_nested():
        after_commit(session, lambda: done.append(1))
    assert done == []
    session.rollback()
    assert done == []


def test_what_waits_outlives_the_savepoint_it_was_asked_in(session, done):
    session.execute(text("SELECT 1"))
    with session.begin_nested():
        after_commit(session, lambda: done.append(1))
    session.commit()
    assert done == [1]


def test_closing_without_a_commit_forgets_it(runtime, done):
    with runtime.new_session() as session:
        session.execute(text("SELECT 1"))
        after_commit(session, lambda: done.append(1))
    assert done == []
