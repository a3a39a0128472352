"""Accounts are made, and recruiters judged, by the same few verbs everywhere."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from cvtube.accounts import passwords
from cvtube.accounts.models import AccountEvent, Organisation, Role, User
from cvtube.accounts.people import create_user, delete_account, find_user
from cvtube.accounts.recruiters import refuse_recruiter, verify_recruiter
from cvtube.errors import Refused
from cvtube.mail.models import Mail

LONG = "un vieux moulin bleu"


def person(session, now, **changes):
    given = {"email": "ada@example.org", "password": LONG, "role": Role.CANDIDATE}
    return create_user(session, now, **{**given, "given_name": "Ada", **changes})


@pytest.mark.both_databases
def test_an_account_keeps_the_address_in_one_form_and_the_password_as_a_hash(
    runtime, now, real_passwords
):
    with runtime.transaction() as session:
        ada = person(session, now, email=" Ada@EXÄMPLE.org ")
        assert ada.email == "ada@exämple.org"
        assert ada.email_confirmed_at is None
        assert ada.profile is not None
        assert ada.password_hash.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
        assert passwords.matches(LONG, ada.password_hash)
        assert not passwords.matches(LONG.upper(), ada.password_hash)
        assert find_user(session, "ada@exämple.org") is ada
        assert session.scalars(select(AccountEvent.verb)).all() == ["created"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"email": "ada@example"}, "address_not_valid"),
        ({"email": "ada example.org"}, "address_not_valid"),
        ({"email": ""}, "address_not_valid"),
        ({"password": "7 chars"}, "password_too_short"),
        ({"password": "x" * 129}, "password_too_long"),
        ({"password": "MotDePasse"}, "password_too_common"),
        ({"email": "grandmother@example.org", "password": "Grandmother"}, "password_too_common"),
        ({"role": Role.RECRUITER}, "organisation_missing"),
    ],
)
def test_what_cannot_be_an_account_is_refused_with_its_code(runtime, now, changes, code):
    with runtime.transaction() as session, pytest.raises(Refused) as refused:
        person(session, now, **changes)
    assert refused.value.code == code


@pytest.mark.both_databases
def test_one_address_has_one_account_until_it_is_deleted(runtime, now):
    with runtime.transaction() as session:
        first = person(session, now, confirmed=True)
        with pytest.raises(Refused, match="address_taken"):
            person(session, now, email="ADA@example.org")
        delete_account(session, first, now)
        assert person(session, now, email="ADA@example.org").id != first.id


@pytest.mark.both_databases
def test_of_two_who_take_an_address_at_the_same_moment_one_gets_it(runtime, now):
    def take(_):
        try:
            with runtime.transaction() as session:
                person(session, now, confirmed=True)
        except Refused as refused:
            return refused.code
        return "made"

    with ThreadPoolExecutor(4) as crowd:
        assert sorted(crowd.map(take, range(4))) == ["address_taken"] * 3 + ["made"]


@pytest.mark.both_databases
def test_an_account_nobody_confirmed_makes_way_for_another(runtime, now):
    with runtime.transaction() as session:
        person(session, now, role=Role.RECRUITER, organisation="Moulin SARL")
        ada = person(session, now)
        assert session.scalars(select(User)).all() == [ada]
        assert session.scalars(select(Organisation)).all() == []


def test_a_recruiter_comes_with_an_organisation_by_row_or_by_name(runtime, now):
    with runtime.transaction() as session:
        one = person(session, now, role=Role.RECRUITER, organisation="Moulin SARL")
        row = Organisation(name="Four SA", created_at=now)
        other = person(session, now, email="b@example.org", role=Role.RECRUITER, organisation=row)
        assert (one.organisation.name, other.organisation.name) == ("Moulin SARL", "Four SA")
        assert one.profile is None
        assert not one.is_verified_recruiter


@pytest.mark.both_databases
def test_a_verdict_on_a_recruiter_is_noted_and_mailed_and_may_be_turned_round(people, runtime, now):
    uma_id, ben, adm = people.uma.id, people.ben, people.adm
    with runtime.transaction() as session:
        uma = session.get_one(User, uma_id)
        refuse_recruiter(session, uma, now, actor=ben, words=" No such company. ")
        assert (uma.verified_at, uma.refusal_words) == (None, "No such company.")
        verify_recruiter(session, uma, now, actor=adm, link="http://localhost/")
        assert uma.is_verified_recruiter
        assert (uma.refused_at, uma.refusal_words) == (None, None)
    with runtime.reading() as session:
        events = session.execute(select(AccountEvent.verb, AccountEvent.actor_id)).all()
        bodies = session.scalars(select(Mail.body).order_by(Mail.created_at, Mail.subject)).all()
    assert sorted(map(tuple, events)) == sorted(
        [("recruiter_refused", ben.id), ("recruiter_verified", adm.id)]
    )
    assert any("No such company." in body for body in bodies)
    assert any("http://localhost/" in body for body in bodies)


def test_the_same_verdict_twice_is_refused_and_mails_nobody(people, runtime, now):
    with runtime.transaction() as session:
        rae = session.get_one(User, people.rae.id)
        with pytest.raises(Refused, match="already_decided"):
            verify_recruiter(session, rae, now, actor=people.ben)
        assert session.scalars(select(Mail)).all() == []


def test_only_recruiters_are_verified_and_no_refusal_goes_without_words(people, runtime, now):
    with runtime.transaction() as session:
        ada = session.get_one(User, people.ada.id)
        uma = session.get_one(User, people.uma.id)
        with pytest.raises(Refused, match="already_decided"):
            verify_recruiter(session, ada, now, actor=people.ben)
        with pytest.raises(Refused, match="words_missing"):
            refuse_recruiter(session, uma, now, actor=people.ben, words="  ")
