"""A machine's draft of the captions is asked for besides, before a film is sent."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from cvtube.videos.models import Visibility
from tests.browser import SMALL
from tests.candidate.conftest import said
from tests.candidate.test_in_browser import look, problems, small
from tests.candidate.test_pages import EVERYTHING, publish

MAY = "A computer can write down what I say."


@pytest.fixture
def settings(settings):
    """Of a site with an engine."""
    return settings.model_copy(update={"captions_engine": "faster-whisper"})


@pytest.fixture
def sending(filming):
    filming.all_ready()
    return f"/films/{filming.film_id}/sending?to=recruiters"


def test_the_box_is_empty_and_need_not_be_ticked(filming, sending):
    page = filming.get(sending)
    (box,) = [line for line in page.splitlines() if 'value="captions"' in line]
    assert "required" not in box
    assert "checked" not in box
    assert MAY in page
    assert publish(filming, **EVERYTHING).status_code == 303
    assert filming.film.visibility is Visibility.RECRUITERS
    assert MAY not in filming.get(f"/films/{filming.film_id}/consents")


def test_it_is_taken_back_without_taking_the_film_back(filming, sending):
    publish(filming, to="recruiters", consent=[*EVERYTHING["consent"], "captions"])
    other = sending.replace("recruiters", "private_link")
    assert MAY not in filming.get(other)  # given already
    page = said(filming.get(f"/films/{filming.film_id}/consents"))
    assert MAY in page
    assert "If you stop agreeing, we delete the computer’s drafts." in page
    filming.post(f"/films/{filming.film_id}/consents/captions/withdrawal")
    page = filming.get(f"/films/{filming.film_id}/consents")
    assert MAY not in page
    assert "Verified recruiters can watch my video." in page
    assert filming.film.visibility is Visibility.RECRUITERS


def test_it_does_not_stand_for_any_other(filming, sending):
    filming.browser.environ_base["HTTP_ACCEPT"] = "application/json"
    assert publish(filming, to="recruiters", consent="captions").status_code == 422


@pytest.mark.parametrize("language", ["fr", "en"])
def test_it_fits_a_small_phone(filming, browse, language):
    filming.browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    filming.start()
    filming.all_ready()
    look(
        small(browse, language), f"/studio/films/{filming.film_id}/sending?to=recruiters", language
    )


def test_everything_agreed_to_is_a_list_with_the_big_button_in_sight(filming, browse, sending):
    publish(filming, to="recruiters", consent=[*EVERYTHING["consent"], "captions"])
    page = browse(f"/studio/films/{filming.film_id}/consents", viewport=SMALL)
    assert page.evaluate("document.documentElement.scrollWidth") == SMALL["width"]
    assert problems(page) == []
    big = page.locator(".studio-foot .button.big")
    expect(big).to_be_in_viewport(ratio=1)
    page.locator(".agreed summary").click()
    page.get_by_role("button", name="Retirer mon accord et supprimer les brouillons").click()
    expect(page.get_by_role("listitem").filter(has_text="Une machine peut")).to_have_count(0)
    expect(big).to_be_in_viewport(ratio=1)
