"""The pages before and around the studio on 360 × 640, with the button that matters in sight."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.accounts.cards import printed
from tests.browser import SMALL, accessibility_problems, open_context

LANGUAGES = pytest.mark.parametrize("language", ["fr", "en"])


@pytest.fixture
def fatou(people):
    (card,) = printed(people.client("kim").post("/cards", data={"names": "Fatou"}).text)
    return card


@pytest.fixture
def stranger(chromium, site):
    contexts = []

    def open_page(language: str, path: str) -> Page:
        context = open_context(
            chromium, base_url=site, viewport=SMALL, has_touch=True, locale=language
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def in_sight(page: Page) -> None:
    expect(page.locator("main .button.big").first).to_be_in_viewport(ratio=1)


# The foot of the site is for who looks for it; all that there is to do stands above the fold.
TASK_FITS = """document.documentElement.scrollWidth <= innerWidth &&
  document.querySelector("main").getBoundingClientRect().bottom <= innerHeight"""


def look(page: Page, what: str) -> None:
    in_sight(page)
    assert page.evaluate(TASK_FITS), f"{what} must be scrolled"
    assert accessibility_problems(page) == []


@LANGUAGES
def test_the_door_for_cards_fits(stranger, fatou, language):
    page = stranger(language, "/card")
    look(page, "the door for cards")
    page.goto("about:blank")
    page.goto(f"/card#{fatou.number}-{fatou.secret}")
    expect(page.locator("[data-card-read]")).to_be_visible()
    look(page, "a card that was read")
    page.locator("[name=pin]").fill("000000")
    page.locator("main .button.big").click()
    expect(page.get_by_role("alert")).to_be_visible()
    in_sight(page)
    page.locator("[name=pin]").fill("")
    page.locator("[name=number]").fill("12")
    page.locator("main .button.big").click()
    expect(page.get_by_role("alert")).to_be_visible()
    in_sight(page)
    assert accessibility_problems(page) == []


@LANGUAGES
def test_a_first_film_and_another_one_are_begun_without_scrolling(filming, browse, language):
    page = browse("/my-films", viewport=SMALL, has_touch=True, locale=language)
    look(page, "my films")
    filming.start()
    page.reload()
    in_sight(page)


@LANGUAGES
def test_who_has_no_film_yet_sees_how_to_begin_one(people, browse, language):
    page = browse("/my-films", viewport=SMALL, has_touch=True, locale=language)
    look(page, "no film yet")
