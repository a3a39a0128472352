"""Nothing is said for a person that they did not say: every form comes empty, and stays so."""

from __future__ import annotations

import re

import pytest

from cvtube.candidate.prepare import interview
from cvtube.videos.models import Visibility
from tests.upload.tus import code

TICKED = re.compile(r"<input\b[^>]*\bchecked\b[^>]*>")
PICKED = re.compile(r"<option\b[^>]*\bselected\b[^>]*>")
NOT_SAID = 'value=""'  # "I would rather not say"

# Of the account's own language, which its owner has chosen, and which stands in sight.
KNOWN = re.compile(r'<option value="(fr|en)" selected>')


def presumed(page: str) -> list[str]:
    """What a page answers in its reader's place."""
    found = [*TICKED.findall(page), *PICKED.findall(page)]
    return [one for one in found if NOT_SAID not in one and not KNOWN.fullmatch(one)]


@pytest.fixture
def newcomer(filming):
    filming.all_ready()
    return filming


def test_what_it_looks_for_is_found():
    assert presumed('<input type="checkbox" name="consent" value="show" checked>')
    assert presumed('<option value="20" selected>')
    assert not presumed('<input type="radio" name="availability" value="" checked>')


@pytest.mark.parametrize(
    "path",
    [
        "/profile",
        "/my-films",
        "/my-films/new",
        "/my-films/{film}",
        "/my-films/{film}/deletion",
        "/studio/films/{film}/audience",
        "/studio/films/{film}/sending?to=recruiters",
        "/studio/films/{film}/sending?to=private_link",
        "/studio/films/{film}/consents",
        "/studio/films/{film}/parts",
    ],
)
def test_no_page_of_a_newcomer_answers_for_them(newcomer, path):
    page = newcomer.browser.get(path.format(film=newcomer.film_id)).text
    assert "<main" in page
    assert presumed(page) == []


def test_no_question_is_answered_beforehand_though_the_profile_knows(newcomer):
    newcomer.be(occupation_code="A1203", skills=["prune roses"], place_code="72181")
    for chapter in newcomer.chapters:
        for question in interview.load("").find(chapter.topic).question:
            page = newcomer.get(f"/chapters/{chapter.id}/questions/{question.name}")
            assert presumed(page) == [], question.name
            assert re.findall(r'name="typed" value="([^"]+)"', page) == []
    for chapter in newcomer.chapters:
        assert re.search(
            r"<textarea[^>]*>\s*</textarea>", newcomer.get(f"/chapters/{chapter.id}/script")
        )


def test_the_way_in_ticks_nothing(people):
    for path in ("/signup", "/signup/recruiter"):
        assert presumed(people.client("nobody").get(path).text) == []


def test_a_film_is_for_nobody_until_its_owner_says_for_whom(newcomer):
    newcomer.browser.environ_base["HTTP_ACCEPT"] = "application/json"
    points = {"consent": ["show", "link", "moderate", "alone", "discreet"]}
    answer = newcomer.browser.post(f"/my-films/{newcomer.film_id}/publication", data=points)
    assert code(answer) == (422, "choice_unknown")
    assert newcomer.film.visibility is Visibility.DRAFT


def test_a_film_that_was_hidden_asks_again_for_whom_it_is(newcomer):
    points = {"to": "recruiters", "consent": ["show", "moderate", "alone", "discreet"]}
    newcomer.browser.post(f"/my-films/{newcomer.film_id}/publication", data=points)
    newcomer.browser.post(f"/my-films/{newcomer.film_id}/withdrawal")
    assert presumed(newcomer.get(f"/films/{newcomer.film_id}/audience")) == []
    assert presumed(newcomer.get(f"/films/{newcomer.film_id}/sending?to=recruiters")) == []
