"""The administrators' pages, and that they are for nobody else."""

from __future__ import annotations

import pytest

from cvtube.accounts import account_states
from cvtube.accounts.account_states import Act
from cvtube.accounts.models import User
from cvtube.accounts.recruiters import verify_recruiter
from cvtube.accounts.suspension import AccountMeasure, SuspensionReason
from cvtube.administration.forms import FORMS
from tests import factories
from tests.personas import NAMES

PROGRAM = {"Accept": "application/json", "Accept-Language": "en"}
ENGLISH = {"Accept-Language": "en"}
ACTS = ("suspension", "reopening", "sign-out", "role", "closure")
SUSPEND = {"suspend-reason": "security", "suspend-words": "Call <us>."}


@pytest.fixture
def adm(people):
    return people.client("adm")


@pytest.mark.parametrize("name", NAMES)
def test_administrators_alone_see_who_is_here(people, name):
    browser, ada = people.client(name), f"/admin/people/{people.ada.id}"
    for path in ("/admin/people", ada, "/admin/organisations"):
        answer = browser.get(path)
        expected = {"adm": 200, "nobody": 303}.get(name, 404)
        assert answer.status_code == expected, path
    for act in ACTS:
        answer = browser.post(f"{ada}/{act}", headers=PROGRAM)
        expected = {"adm": 422, "nobody": 401}.get(name, 404)
        assert answer.status_code == expected, act


def test_every_measure_has_its_form():
    assert set(FORMS) == set(AccountMeasure)


def test_the_list_shows_what_is_known_and_leads_to_each_person(adm, people, runtime):
    with runtime.transaction() as session:
        ada = session.get_one(User, people.ada.id)
        factories.make_video(session, ada, runtime.now())
        ada.last_signed_in_at = runtime.now()
    page = adm.get("/admin/people?q=ada&role=candidate&state=active", headers=ENGLISH).text
    assert f'href="/admin/people/{people.ada.id}"' in page
    assert "ada@example.org" in page
    assert "1 video" in page
    assert "last sign-in: 2 Mar 2026" in page
    assert f"/admin/people/{people.adm.id}" not in page
    assert "No account matches" in adm.get("/admin/people?q=xyz", headers=ENGLISH).text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=%00", 400), ("q=" + "x" * 9000, 200), ("q=%25%5C_", 200), ("role=king", 404),
        ("state=gone", 404), ("role=", 200), ("after=x", 400),
    ],
)  # fmt: skip
def test_odd_questions_get_plain_answers(adm, query, status):
    assert adm.get(f"/admin/people?{query}").status_code == status


def test_somebody_unknown_is_no_page(adm):
    assert adm.get(f"/admin/people/{'0' * 26}").status_code == 404
    assert adm.post(f"/admin/people/{'0' * 26}/suspension", data=SUSPEND).status_code == 404


def test_an_account_is_suspended_and_opened_again(adm, people, stored):
    here = f"/admin/people/{people.ada.id}"
    answer = adm.post(f"{here}/suspension", data=SUSPEND)
    assert (answer.status_code, answer.location) == (303, here)
    assert stored(people.ada).suspension_words == "Call <us>."
    page = adm.get(here, headers=ENGLISH).text
    assert "Call &lt;us&gt;." in page
    assert "We think somebody else used this account." in page
    assert ">Adm Test</a>" in page  # who has done it
    assert f"{here}/suspension" not in page
    assert adm.post(f"{here}/reopening", data={"reopen-reason": "checked"}).status_code == 303
    assert stored(people.ada).in_good_standing


def test_sign_ins_end_and_roles_change(adm, people, runtime, stored):
    here = f"/admin/people/{people.ben.id}"
    with runtime.transaction() as session:
        session.get_one(User, people.ben.id).password_hash = "x"
    browser = people.client("ben")
    assert adm.post(f"{here}/sign-out", data={"end_sessions-reason": "asked"}).status_code == 303
    assert browser.get("/moderation").status_code == 303
    wanted = {"change_role-reason": "duties", "change_role-role": "recruiter"}
    page = adm.post(f"{here}/role", data=wanted, headers=ENGLISH)
    assert page.status_code == 422
    assert "Say which organisation you recruit for." in page.text
    named = {**wanted, "change_role-organisation": "Ben & Co"}
    assert adm.post(f"{here}/role", data=named).status_code == 303
    assert "Moderator → Recruiter" in adm.get(here, headers=ENGLISH).text
    assert stored(people.ben).role == "recruiter"


def test_closing_needs_a_yes_and_leads_back_to_the_list(adm, people, stored):
    here = f"/admin/people/{people.ada.id}"
    data = {"close-reason": "asked"}
    answer = adm.post(f"{here}/closure", data=data, headers=PROGRAM)
    assert (answer.status_code, answer.json["code"]) == (422, "not_sure")
    answer = adm.post(f"{here}/closure", data={**data, "close-sure": "y"})
    assert (answer.status_code, answer.location) == (303, "/admin/people")
    assert stored(people.ada).deleted_at is not None
    assert adm.get(here).status_code == 404


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({}, "unknown_reason"),
        ({"suspend-reason": "checked"}, "choice_unknown"),
        ({"suspend-reason": "rules", "suspend-words": "x" * 501}, "text_too_long"),
    ],
)
def test_what_is_wrong_is_said_in_the_open_form_and_nothing_is_done(
    adm, people, stored, data, code
):
    path = f"/admin/people/{people.ada.id}/suspension"
    assert adm.post(path, data=data, headers=PROGRAM).json["code"] == code
    page = adm.post(path, data=data, headers=ENGLISH)
    assert page.status_code == 422
    assert page.text.count('<details class="ruling" open>') == 1
    assert stored(people.ada).in_good_standing


def test_one_does_nothing_to_oneself(adm, people, stored):
    here = f"/admin/people/{people.adm.id}"
    page = adm.get(here).text
    for act in ("suspension", "role", "closure"):
        assert f"{here}/{act}" not in page
    answer = adm.post(f"{here}/suspension", data=SUSPEND, headers=PROGRAM)
    assert (answer.status_code, answer.json["code"]) == (409, "not_oneself")
    assert stored(people.adm).in_good_standing


def test_wrong_passwords_in_a_row_are_counted(adm, people, client):
    told = {"email": people.ada.email, "password": "guess"}
    for _ in range(2):
        client.post("/login", data=told)
    page = adm.get(f"/admin/people/{people.ada.id}", headers=ENGLISH).text
    assert "<dt>Wrong passwords in a row</dt><dd>2</dd>" in page


def test_organisations_say_who_has_verified_them(adm, people, runtime):
    uma, rae, ben = people.uma, people.rae, people.ben
    with runtime.transaction() as session:
        verify_recruiter(session, session.get_one(User, uma.id), runtime.now(), actor=ben)
        session.get_one(User, rae.id).verified_at = None
        account_states.suspend(
            session, session.get_one(User, rae.id), runtime.now(), Act(None, SuspensionReason.RULES)
        )
    page = adm.get("/admin/organisations", headers=ENGLISH).text
    assert "Uma &amp; Co" in page
    assert "by Ben Test on 2 Mar 2026" in page
    assert "suspended" in page
    waiting = adm.get("/admin/organisations?standing=waiting", headers=ENGLISH).text
    assert "Uma &amp; Co" not in waiting
    assert "Rae &amp; Co" in waiting
    assert "Uma &amp; Co" in adm.get("/admin/organisations?q=UMA", headers=ENGLISH).text
    assert "No organisation" in adm.get("/admin/organisations?q=x%25", headers=ENGLISH).text
