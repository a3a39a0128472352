"""The clock forgets what is over, and only that."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cvtube.accounts import jobs, links, sessions, throttle
from cvtube.accounts import people as accounts
from cvtube.accounts.models import (
    LoginSession,
    LogInThrottle,
    OneTimeToken,
    Organisation,
    Role,
    TokenPurpose,
    User,
)
from tests.factories import SilentNotifier

pytestmark = pytest.mark.both_databases
PASSWORD = "un vieux moulin bleu"


@pytest.fixture
def notifier(runtime, monkeypatch):
    heard = SilentNotifier()
    monkeypatch.setattr(
        type(runtime.notifier), "notify", lambda _, job, what: heard.notify(job, what)
    )
    return heard


def names(runtime, what):
    with runtime.reading() as session:
        return sorted(session.scalars(select(what)))


def test_log_ins_end_as_they_are_refused(people, runtime, clock):
    for name in ("ada", "ben"):
        people.client(name)
    clock.advance(minutes=29)
    jobs.forget_expired()
    assert len(names(runtime, LoginSession.id)) == 2
    clock.advance(minutes=2)
    jobs.forget_expired()
    assert names(runtime, LoginSession.user_id) == [people.ada.id]
    clock.advance(days=31)
    jobs.forget_expired()
    assert names(runtime, LoginSession.id) == []


def test_even_those_in_use_end_at_their_age(people, runtime, clock):
    for name in ("ada", "ben"):
        people.client(name)

    def visit():
        with runtime.transaction() as session:
            for log_in in session.scalars(select(LoginSession.id)).all():
                sessions.note_visit(session, log_in, clock())

    clock.advance(hours=12, seconds=1)
    visit()
    jobs.forget_expired()
    assert names(runtime, LoginSession.user_id) == [people.ada.id]
    clock.advance(days=90)
    visit()
    jobs.forget_expired()
    assert names(runtime, LoginSession.user_id) == []


def test_dead_links_and_forgiven_brakes_go(people, runtime, clock):
    ada_id = people.ada.id
    with runtime.transaction() as session:
        ada = session.get_one(User, ada_id)
        for purpose in (TokenPurpose.RESET_PASSWORD, TokenPurpose.CONFIRM_EMAIL):
            links.make_token(session, ada, clock(), purpose, email="ada@example.org")
        throttle.count_try(session, "k", clock())
    clock.advance(minutes=31)
    jobs.forget_expired()
    assert names(runtime, OneTimeToken.purpose) == [TokenPurpose.CONFIRM_EMAIL]
    assert names(runtime, LogInThrottle.key) == ["k"]
    clock.advance(days=2)
    jobs.forget_expired()
    assert names(runtime, OneTimeToken.id) == []
    assert names(runtime, LogInThrottle.key) == ["k"]  # a card's PIN is forgiven only in a month
    clock.advance(days=28)
    jobs.forget_expired()
    assert names(runtime, LogInThrottle.key) == []


def test_accounts_nobody_confirmed_in_a_week_go_with_their_organisations(people, runtime, clock):
    assert people.rae.organisation_id
    with runtime.transaction() as session:
        for role, organisation in ((Role.CANDIDATE, None), (Role.RECRUITER, "Four SA")):
            accounts.create_user(
                session, clock(), email=f"{role}@example.org", password=PASSWORD,
                role=role, given_name="Zoé", organisation=organisation,
            )  # fmt: skip
    clock.advance(days=7)
    jobs.forget_expired()
    assert names(runtime, User.given_name) == ["Rae", "Zoé", "Zoé"]
    clock.advance(seconds=1)
    jobs.forget_expired()
    assert names(runtime, User.given_name) == ["Rae"]
    assert names(runtime, Organisation.name) == ["Rae & Co"]


def test_an_erasure_whose_bell_nobody_heard_is_rung_for_again(people, runtime, clock, notifier):
    ada_id, cy = people.ada.id, people.cy
    with runtime.transaction() as session:
        accounts.delete_account(session, session.get_one(User, ada_id), clock())
    notifier.sent.clear()
    jobs.forget_expired()
    assert notifier.sent == [(accounts.ERASE_USER.path, ada_id)]
    with runtime.transaction() as session:
        session.get_one(User, ada_id).given_name = ""  # as the erasure leaves it
    notifier.sent.clear()
    jobs.forget_expired()
    assert notifier.sent == []
    assert cy.given_name in names(runtime, User.given_name)
