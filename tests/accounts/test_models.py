"""What the database refuses, whatever the code above it believes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from cvtube.accounts import links, sessions
from cvtube.accounts.models import (
    AccountEvent,
    CandidateProfile,
    LoginSession,
    LogInThrottle,
    OneTimeToken,
    Organisation,
    Role,
    TokenPurpose,
    User,
)
from cvtube.accounts.people import create_user, record_account_event

pytestmark = pytest.mark.both_databases


@pytest.fixture
def refused(runtime):
    """Whether the database refuses a statement."""

    def refused(statement):
        try:
            with runtime.transaction() as session:
                session.execute(statement)
        except IntegrityError:
            return True
        return False

    return refused


def user(now, **fields):
    return insert(User).values(
        {"id": "u" * 26, "role": Role.CANDIDATE, "given_name": "Ada", "created_at": now, **fields}
    )


def test_a_recruiter_has_an_organisation(refused, now):
    assert refused(user(now, role=Role.RECRUITER))
    assert not refused(insert(Organisation).values(id="o" * 26, name="Four SA", created_at=now))
    assert not refused(user(now, role=Role.RECRUITER, organisation_id="o" * 26))
    assert refused(update(User).values(organisation_id=None))


def test_nobody_is_verified_and_refused_at_once(refused, now):
    assert refused(user(now, verified_at=now, refused_at=now))
    assert not refused(user(now, verified_at=now))
    assert refused(update(User).values(refused_at=now))


def test_an_address_is_one_accounts_and_none_is_as_many_as_like(refused, now):
    assert not refused(user(now, email="ada@example.org"))
    assert refused(user(now, id="v" * 26, email="ada@example.org"))
    assert not refused(user(now, id="w" * 26))
    assert not refused(user(now, id="x" * 26))


def test_a_role_is_one_of_ours(runtime, refused, now):
    with runtime.engine.begin() as connection, pytest.raises(IntegrityError):
        connection.exec_driver_sql(
            'INSERT INTO "user" (id, role, given_name, family_name, language, created_at) '
            "VALUES ('z', 'emperor', 'Ada', '', 'fr', '2026-01-01 00:00:00')"
        )


def test_a_user_that_is_erased_takes_everything_of_theirs_along(runtime, now):
    with runtime.transaction() as session:
        ada = create_user(
            session, now, email="ada@example.org", password="un vieux moulin",
            role=Role.CANDIDATE, given_name="Ada",
        )  # fmt: skip
        ben = create_user(
            session, now, email="ben@example.org", password="un vieux moulin",
            role=Role.MODERATOR, given_name="Ben",
        )  # fmt: skip
        sessions.open_session(session, ada, now, device="Tests")
        links.make_token(session, ada, now, TokenPurpose.CONFIRM_EMAIL, email="ada@example.org")
        record_account_event(session, ben, now, "looked_at", actor=ada)
        session.flush()
        ada_id, ben_id = ada.id, ben.id
    with runtime.transaction() as session:
        session.delete(session.get_one(User, ada_id, options=[]))
    with runtime.reading() as session:
        for table in (CandidateProfile, LoginSession, OneTimeToken):
            assert session.scalars(select(table)).all() == []
        events = session.execute(
            select(AccountEvent.user_id, AccountEvent.actor_id, AccountEvent.verb)
        )
        assert set(map(tuple, events)) == {
            (ben_id, None, "looked_at"),
            (ben_id, ben_id, "created"),
        }


def test_a_brake_is_one_per_key(refused, now):
    brake = insert(LogInThrottle).values(key="k", tries=1, open_at=now)
    assert not refused(brake)
    assert refused(brake)


def test_times_come_back_as_they_went_in(runtime, now):
    late = now + timedelta(microseconds=123456)
    with runtime.transaction() as session:
        session.add(LogInThrottle(key="k", tries=1, open_at=late))
    with runtime.reading() as session:
        assert session.get_one(LogInThrottle, "k").open_at == late
