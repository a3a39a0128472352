"""One-time links: once, in time, for one purpose, one address, and by a deliberate press."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from cvtube.accounts import credentials, links
from cvtube.accounts.models import OneTimeToken, TokenPurpose, User
from cvtube.errors import Refused

CONFIRM, CHANGE, RESET = (
    TokenPurpose.CONFIRM_EMAIL,
    TokenPurpose.CHANGE_EMAIL,
    TokenPurpose.RESET_PASSWORD,
)
EVERY = list(TokenPurpose)


@pytest.fixture
def make(runtime, people):
    def make(purpose, email="ada@example.org"):
        ada_id = people.ada.id
        with runtime.transaction() as session:
            ada = session.get_one(User, ada_id)
            return links.make_token(session, ada, runtime.now(), purpose, email=email)

    return make


@pytest.fixture
def works(runtime):
    def works(token, purpose, use=links.look_up):
        try:
            with runtime.transaction() as session:
                use(session, token, purpose, runtime.now())
        except Refused as refused:
            return refused.code != "link_expired"
        return True

    return works


@pytest.mark.both_databases
@pytest.mark.parametrize("purpose", EVERY)
def test_a_link_is_looked_at_often_and_used_once(make, works, purpose):
    token = make(purpose)
    assert works(token, purpose)
    assert works(token, purpose)
    assert works(token, purpose, links.use)
    assert not works(token, purpose, links.use)
    assert not works(token, purpose)


@pytest.mark.parametrize(("purpose", "minutes"), [(CONFIRM, 1440), (CHANGE, 1440), (RESET, 30)])
def test_a_link_dies_of_age(make, works, clock, purpose, minutes):
    token = make(purpose)
    clock.advance(minutes=minutes, seconds=-1)
    assert works(token, purpose)
    clock.advance(seconds=1)
    assert not works(token, purpose)


@pytest.mark.parametrize("made_for", EVERY)
@pytest.mark.parametrize("used_for", EVERY)
def test_a_link_has_one_purpose(make, works, made_for, used_for):
    assert works(make(made_for), used_for) == (made_for is used_for)


@pytest.mark.parametrize("purpose", [CONFIRM, RESET])
def test_a_link_dies_when_the_account_has_another_address(make, works, runtime, people, purpose):
    token = make(purpose)
    with runtime.transaction() as session:
        session.get_one(User, people.ada.id).email = "ada@elsewhere.example"
    assert not works(token, purpose)


@pytest.mark.parametrize("gone", ["suspended_at", "deleted_at"])
@pytest.mark.parametrize("purpose", EVERY)
def test_a_link_dies_with_its_account(make, works, runtime, people, purpose, gone):
    token = make(purpose)
    with runtime.transaction() as session:
        setattr(session.get_one(User, people.ada.id), gone, runtime.now())
    assert not works(token, purpose)


@pytest.mark.both_databases
def test_of_many_who_use_it_at_once_one_does(make, works):
    token = make(RESET)
    with ThreadPoolExecutor(6) as crowd:
        used = list(crowd.map(lambda _: works(token, RESET, links.use), range(6)))
    assert sorted(used) == [False] * 5 + [True]


def test_only_a_hash_of_it_is_kept(make, runtime):
    token = make(RESET)
    with runtime.reading() as session:
        (kept,) = session.scalars(select(OneTimeToken.token_hash))
    assert token not in kept
    assert len(kept) == 64


@pytest.mark.parametrize("token", ["", "x", "é" * 40, "../../etc", "%00"])
def test_what_never_was_a_link_is_a_dead_one(works, token):
    assert not works(token, RESET)


def test_another_password_ends_what_was_asked_for_with_the_old_one(make, works, runtime, people):
    """Whoever knew it may have asked for an address of their own."""
    asked, ordinary = make(CHANGE, "thief@example.org"), make(CONFIRM)
    with runtime.transaction() as session:
        ada = session.get_one(User, people.ada.id)
        credentials.change_password(
            session, ada, runtime.now(), password="un moulin sous la pluie", link="/forgotten"
        )
    assert not works(asked, CHANGE, links.use)
    assert works(ordinary, CONFIRM)
