"""Sessions, times and ids, on both databases."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from cvtube.accounts.models import User
from cvtube.db.base import ALPHABET, ID_LENGTH, growing_id, new_id
from tests import factories

pytestmark = pytest.mark.both_databases


def test_times_come_back_aware_and_utc(runtime):
    paris = timezone(timedelta(hours=1))
    with runtime.transaction() as session:
        user = factories.make_user(session, datetime(2026, 1, 1, 12, 0, tzinfo=paris))
    with runtime.reading() as session:
        found = session.get_one(User, user.id).created_at
    assert found == datetime(2026, 1, 1, 11, 0, tzinfo=UTC)
    assert found.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(runtime):
    with pytest.raises(StatementError, match="naive"), runtime.transaction() as session:
        factories.make_user(session, datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_reading_session_cannot_write(runtime, now):
    with pytest.raises(DBAPIError, match=r"(?i)read-?only"), runtime.reading() as session:
        factories.make_user(session, now)


def test_a_reading_session_sees_one_moment(runtime, now):
    def count(session):
        return session.scalar(select(func.count()).select_from(User))

    with runtime.reading() as reader:
        before = count(reader)
        with runtime.transaction() as writer:
            factories.make_user(writer, now)
        assert count(reader) == before
    with runtime.reading() as reader:
        assert count(reader) == before + 1


def test_writing_works_again_on_the_connection_a_reader_used(runtime, now):
    for _ in range(20):
        with runtime.reading() as session:
            session.execute(text("SELECT 1"))
        with runtime.transaction() as session:
            factories.make_user(session, now, name=new_id()[:8])


def test_writers_wait_for_each_other(runtime, now):
    """Each reads, thinks, and writes: on SQLite this fails at once without BEGIN IMMEDIATE."""
    with runtime.transaction() as session:
        user_id = factories.make_user(session, now).id
    ready = threading.Barrier(4, timeout=20)

    def visit():
        ready.wait()
        for _ in range(5):
            with runtime.transaction() as session:
                user = session.scalars(
                    select(User).where(User.id == user_id).with_for_update()
                ).one()
                user.given_name = str(int(user.given_name or "0") + 1)

    with runtime.transaction() as session:
        session.get_one(User, user_id).given_name = "0"
    threads = [threading.Thread(target=visit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with runtime.reading() as session:
        assert session.get_one(User, user_id).given_name == "20"


def test_ids_are_long_plain_and_never_the_same():
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(made) == ID_LENGTH and set(made) <= set(ALPHABET) for made in ids)


def test_a_row_never_shows_words_in_a_log(runtime, now):
    with runtime.transaction() as session:
        user = factories.make_user(session, now)
    assert repr(user) == f"<User {user.id}>"


def test_growing_ids_are_in_the_order_they_were_made_in():
    ids = [growing_id() for _ in range(1000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 1000
    assert all(len(made) == ID_LENGTH and set(made) <= set(ALPHABET) for made in ids)
