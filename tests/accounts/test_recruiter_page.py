"""A recruiter always knows where they stand."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cvtube.accounts.models import AccountEvent, Organisation, User
from cvtube.accounts.recruiters import refuse_recruiter

PROGRAM = {"Accept": "application/json", "Accept-Language": "en"}
ENGLISH = {"Accept-Language": "en"}
CORRECTED = {"organisation": "Uma SAS", "siret": "73282932000074", "website": "uma.example"}


def stored(runtime, user):
    with runtime.reading() as session:
        kept = session.get_one(User, user.id)
        return kept, session.get_one(Organisation, kept.organisation_id)


def refuse(people, runtime):
    uma_id, ben = people.uma.id, people.ben
    with runtime.transaction() as session:
        uma = session.get_one(User, uma_id)
        refuse_recruiter(session, uma, runtime.now(), actor=ben, words="Who <b>are</b> you?")


def test_who_waits_is_told_what_happens_next(people):
    page = people.client("uma").get("/organisation", headers=ENGLISH).text
    assert "A moderator is verifying your organisation." in page
    assert "We will email you when we have finished." in page


def test_who_is_verified_is_sent_to_the_films_and_changes_nothing(people, runtime):
    browser = people.client("rae")
    page = browser.get("/organisation", headers=ENGLISH).text
    assert "Your organisation is verified." in page
    assert 'name="siret"' not in page
    answer = browser.post("/organisation", data=CORRECTED, headers=PROGRAM)
    assert (answer.status_code, answer.json["code"]) == (409, "already_verified")
    assert stored(runtime, people.rae)[1].name == "Rae & Co"


def test_who_is_refused_reads_why_and_may_ask_again(people, runtime):
    refuse(people, runtime)
    browser = people.client("uma")
    page = browser.get("/organisation", headers=ENGLISH).text
    assert "Who &lt;b&gt;are&lt;/b&gt; you?" in page
    assert browser.post("/organisation", data=CORRECTED).status_code == 303
    uma, organisation = stored(runtime, people.uma)
    assert (uma.refused_at, uma.refusal_words, uma.verified_at) == (None, None, None)
    assert (organisation.name, organisation.siret) == ("Uma SAS", "73282932000074")
    assert organisation.website == "https://uma.example"
    with runtime.reading() as session:
        verbs = set(session.scalars(select(AccountEvent.verb)))
    assert {"organisation_corrected", "verification_asked_again"} <= verbs


def test_who_waits_may_correct_without_asking_again(people, runtime):
    people.client("uma").post("/organisation", data=CORRECTED)
    with runtime.reading() as session:
        assert "verification_asked_again" not in set(session.scalars(select(AccountEvent.verb)))


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("organisation", "", "organisation_missing"),
        ("siret", "123", "siret_not_valid"),
        ("website", "not a site", "website_not_valid"),
    ],
)
def test_bad_input_gets_one_sentence_and_changes_nothing(people, runtime, field, value, code):
    refuse(people, runtime)
    browser = people.client("uma")
    answer = browser.post("/organisation", data={**CORRECTED, field: value}, headers=PROGRAM)
    assert (answer.status_code, answer.json["code"]) == (422, code)
    uma, organisation = stored(runtime, people.uma)
    assert uma.refused_at is not None
    assert organisation.name == "Uma & Co"
