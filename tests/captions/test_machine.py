"""A machine is asked for, allowed and forbidden on the captions' page, in one tap each."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cvtube.videos.models import Consent
from tests.captions.words import open_form, press

ASKED = "Oui, préparer mes sous-titres"
AGREED = "Vous êtes d’accord"
DRAFTING = "Vos sous-titres automatiques sont en préparation."


@pytest.fixture
def ada(people):
    return people.client("ada")


@pytest.fixture
def settings(settings):
    """Of a site with an engine."""
    return settings.model_copy(update={"captions_engine": "faster-whisper"})


def withdraw(ada, page):
    return ada.post(f"{page}/machine/withdrawal", follow_redirects=True)


def consents(runtime):
    with runtime.reading() as session:
        ends = session.scalars(select(Consent.withdrawn_at)).all()
        return sorted(ends, key=lambda end: end is None)


def test_yes_and_no_are_one_tap_each(ada, film, runtime, now):
    page = withdraw(ada, film.page)
    assert "Les sous-titres automatiques sont arrêtés." in page.text
    assert ASKED in page.text
    assert DRAFTING not in page.text
    assert film.texts() == []
    page = ada.post(f"{film.page}/machine", follow_redirects=True)
    assert page.request.path == film.page
    assert AGREED in page.text
    assert DRAFTING in page.text
    ada.post(f"{film.page}/machine")
    assert consents(runtime) == [now, None]


def test_one_yes_is_for_the_whole_film(ada, film):
    page = ada.get(film.other_page).text
    assert AGREED in page
    assert DRAFTING in page
    assert ASKED in withdraw(ada, film.other_page).text
    assert film.texts() == []


def test_what_was_corrected_stays(ada, film):
    form = open_form(ada, film.page).set("text", "Bonjour, moi c'est Camille.")
    press(ada, film.page, form, "save")
    assert "Bonjour, moi c&#39;est Camille." in withdraw(ada, film.page).text


@pytest.mark.parametrize("name", ["cy", "ben", "rae", "uma", "adm", "nobody"])
def test_it_is_for_its_owner_alone_to_say(people, film, runtime, name):
    browser = people.client(name)
    browser.environ_base["HTTP_ACCEPT"] = "application/json"
    for path in ("machine", "machine/withdrawal"):
        answer = browser.post(f"{film.page}/{path}")
        assert answer.status_code == (401 if name == "nobody" else 404)
    assert consents(runtime) == [None]
