"""Choosing who may see my film, and my link: without JavaScript."""

from __future__ import annotations

import html
import re

import pytest

from cvtube.videos import consents
from cvtube.videos.models import Visibility
from tests.candidate.conftest import said
from tests.upload.tus import code

PROGRAM = {"HTTP_ACCEPT": "application/json"}
ALWAYS = ["moderate", "alone", "discreet"]
LINK, RECRUITERS = Visibility.PRIVATE_LINK, Visibility.RECRUITERS


def publish(filming, to, *points):
    return filming.browser.post(
        f"/my-films/{filming.film_id}/publication", data={"to": to, "consent": list(points)}
    )


def page_of(filming, name=""):
    return html.unescape(said(filming.get(f"/films/{filming.film_id}{name}")))


def film_page(filming):
    return html.unescape(said(filming.browser.get(f"/my-films/{filming.film_id}").text))


def key_of(filming):
    return filming.film.link_key


@pytest.fixture
def ready(filming):
    filming.all_ready()
    return filming


@pytest.fixture
def by_link(ready):
    """Approved, for its link alone."""
    assert publish(ready, LINK, "link", *ALWAYS).status_code == 303
    ready.approve()
    return ready


@pytest.fixture
def for_recruiters(ready):
    """Approved, for recruiters, without a link."""
    assert publish(ready, RECRUITERS, "show", *ALWAYS).status_code == 303
    ready.approve()
    return ready


def test_the_choice_comes_first_and_none_is_made_beforehand(ready):
    page = ready.get(f"/films/{ready.film_id}/review")
    assert f"/studio/films/{ready.film_id}/audience" in page
    page = ready.get(f"/films/{ready.film_id}/audience")
    assert re.findall(r'name="to" value="(\w+)"', page) == ["recruiters", "private_link"]
    assert " checked" not in page
    answer = ready.browser.get(f"/studio/films/{ready.film_id}/sending")
    assert answer.location.endswith("/audience")


@pytest.mark.parametrize(
    ("to", "sentence", "other"),
    [(RECRUITERS, consents.SHOW, consents.LINK), (LINK, consents.LINK, consents.SHOW)],
)
def test_each_choice_asks_for_its_own_consent(ready, to, sentence, other):
    page = page_of(ready, f"/sending?to={to}")
    assert sentence.sentence in page
    assert other.sentence not in page
    ready.browser.environ_base |= PROGRAM
    assert code(publish(ready, to, other.code, *ALWAYS)) == (422, "consent_missing")
    assert ready.film.visibility is Visibility.DRAFT
    assert publish(ready, to, sentence.code, *ALWAYS).status_code == 303
    assert ready.film.visibility is to


@pytest.mark.parametrize("to", ["draft", "everybody", ""])
def test_a_choice_that_does_not_exist_is_none(ready, to):
    ready.browser.environ_base |= PROGRAM
    answer = publish(ready, to, "show", "link", *ALWAYS)
    assert code(answer) == (422, "choice_unknown")


def test_the_films_page_says_who_sees_it_now(by_link):
    page = film_page(by_link)
    assert "People who have your link can watch your video." in page
    assert "Only people who have my link" in page
    by_link.post(f"/films/{by_link.film_id}/link/removal")
    assert "Nobody else sees your video. Your link is off." in film_page(by_link)
    assert "No longer shown" in html.unescape(by_link.browser.get("/my-films").text)


def test_until_it_is_approved_the_link_is_there_and_says_so(ready):
    publish(ready, LINK, "link", *ALWAYS)
    assert "We have sent your video to our moderators." in film_page(ready)
    assert "This link will work once a moderator approves your video." in page_of(ready, "/link")


def test_the_link_stands_there_with_its_code_and_as_a_picture(by_link):
    page = by_link.get(f"/films/{by_link.film_id}/link")
    assert f'value="http://localhost/l/{key_of(by_link)}"' in page
    assert "<svg viewBox" in page.split("qr-frame")[1]
    picture = by_link.browser.get(f"/studio/films/{by_link.film_id}/link.png")
    assert picture.data.startswith(b"\x89PNG")
    assert picture.headers["Content-Disposition"].startswith("attachment")
    assert picture.headers["Cache-Control"] == "private, no-store"


def test_a_film_for_recruiters_gets_a_link_with_a_yes_of_its_own(for_recruiters):
    filming = for_recruiters
    assert consents.LINK.sentence in page_of(filming, "/link")
    picture = f"/studio/films/{filming.film_id}/link.png"
    assert filming.browser.get(picture).status_code == 404
    filming.browser.environ_base |= PROGRAM
    answer = filming.post(f"/films/{filming.film_id}/link")
    assert code(answer) == (422, "consent_missing")
    assert filming.post(f"/films/{filming.film_id}/link", consent="link").status_code == 303
    page = film_page(filming)
    assert "Recruiters can watch your video. People with your link can watch it too." in page


def test_a_new_link_is_another_one_and_needs_no_new_yes(by_link):
    old = key_of(by_link)
    assert by_link.post(f"/films/{by_link.film_id}/link").status_code == 303
    assert "The old one no longer works." in page_of(by_link, "/link")
    assert key_of(by_link) not in {old, None}


def test_a_draft_has_no_page_for_a_link(ready):
    assert ready.browser.get(f"/studio/films/{ready.film_id}/link").status_code == 404
    ready.browser.environ_base |= PROGRAM
    answer = ready.post(f"/films/{ready.film_id}/link", consent="link")
    assert code(answer) == (409, "film_not_sent")


def test_the_choice_can_be_changed_both_ways_without_another_approval(by_link):
    filming, key = by_link, key_of(by_link)
    page = filming.get(f"/films/{filming.film_id}/audience")
    assert re.search(r'value="private_link" required checked', page)
    same = filming.browser.get(f"/studio/films/{filming.film_id}/sending?to=private_link")
    assert same.location.endswith(f"/my-films/{filming.film_id}")

    page = page_of(filming, "/sending?to=recruiters")
    assert "Your link will still work." in page
    assert consents.SHOW.sentence in page
    publish(filming, RECRUITERS, "show")
    assert "Recruiters can watch your video." in film_page(filming)

    assert "Recruiters will no longer find your video." in page_of(
        filming, "/sending?to=private_link"
    )
    publish(filming, LINK)
    assert "People who have your link can watch your video." in film_page(filming)
    assert key_of(filming) == key
    agreed = page_of(filming, "/consents")
    assert consents.SHOW.sentence not in agreed
    assert consents.LINK.sentence in agreed


@pytest.mark.parametrize(
    ("purpose", "left", "told"),
    [
        ("link", RECRUITERS, "Your link is off. Recruiters can still find your video."),
        ("show", LINK, "Recruiters can no longer find your video. Your link still works."),
        ("moderate", Visibility.DRAFT, "Now only you can see your video."),
    ],
)
def test_what_is_taken_back_ends_and_the_rest_goes_on(for_recruiters, purpose, left, told):
    filming = for_recruiters
    filming.post(f"/films/{filming.film_id}/link", consent="link")
    filming.post(f"/films/{filming.film_id}/consents/{purpose}/withdrawal")
    assert told in page_of(filming, "/consents")
    assert filming.film.visibility is left
    assert (key_of(filming) is not None) == (left is LINK)


def test_a_film_is_shown_again_to_the_same_people_in_one_tap(by_link, clock):
    clock.advance(days=183)
    by_link.browser = by_link.people.client("ada")
    by_link.browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = by_link.browser.get(f"/my-films/{by_link.film_id}").text
    assert "Your link no longer shows your video." in page
    assert "This link will work once you show your video again." in page_of(by_link, "/link")
    assert 'name="consent"' not in page
    to = re.search(r'name="to" value="(\w+)"', page)[1]
    key = key_of(by_link)
    publish(by_link, to)
    assert "People who have your link can watch your video." in film_page(by_link)
    assert key_of(by_link) == key


def test_taking_the_film_back_says_that_the_link_goes_with_it(by_link):
    assert "Your link and its QR code will stop for ever." in film_page(by_link)
    by_link.browser.post(f"/my-films/{by_link.film_id}/withdrawal")
    assert key_of(by_link) is None


def test_a_part_that_is_missing_does_not_keep_anybody_from_hiding(for_recruiters):
    for_recruiters.take(0, ready=True)  # waits for a moderator
    publish(for_recruiters, LINK, "link")
    assert for_recruiters.film.visibility is LINK
    assert "Other people still see the old version." in film_page(for_recruiters)
