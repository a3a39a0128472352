"""What a slow phone gets first of a film's page, and what of a page comes out of a printer."""

from __future__ import annotations

import pytest

from cvtube.videos import lifecycle
from cvtube.videos.models import Video
from tests.browse.media import LANDSCAPE
from tests.browser import PHONE, play, until

LIGHT_BYTES = 150_000  # the page, its style and letters, and the picture
A4 = {"width": 718, "height": 1046}  # within margins of 10 mm, in CSS pixels
LOADED = """() => performance.getEntriesByType('resource').map((one) =>
    [one.name, one.startTime, one.responseEnd, one.encodedBodySize])"""
LARGEST = """() => new Promise((resolve) => new PerformanceObserver((list) => {
    const last = list.getEntries().findLast((one) => one.url);
    if (last) resolve(last.url);
  }).observe({type: 'largest-contentful-paint', buffered: true}))"""


@pytest.fixture
def film(runtime, people, shoot):
    video = shoot(LANDSCAPE, owner=people.ada, titles=["Bonjour"])
    with runtime.transaction() as session:
        lifecycle.make_link(
            session, session.get_one(Video, video.id), runtime.now(), actor=people.ada
        )
        return f"/films/{video.id}", f"/l/{session.get_one(Video, video.id).link_key}"


@pytest.mark.parametrize("way", [0, 1], ids=["page", "link"])
def test_a_films_picture_comes_before_its_player(open_as, film, way):
    page = open_as("rae", film[way], viewport=PHONE)
    picture = page.evaluate(LARGEST)
    assert "/objects/" in picture
    until(page, "!!customElements.get('film-video')")
    loaded = page.evaluate(LOADED)
    (there,) = {end for name, _, end, _ in loaded if name == picture}
    ((_, asked, *_),) = [one for one in loaded if one[0].endswith(".js") and one[3] > LIGHT_BYTES]
    # All of the picture, whenever the machine comes to paint it.
    assert there <= asked
    assert sum(size for _, start, _, size in loaded if start < asked) < LIGHT_BYTES


def test_a_hand_on_the_page_brings_the_player_and_it_plays(open_as, film):
    page = open_as("rae", film[0])
    page.keyboard.press("Tab")
    until(page, "!!document.querySelector('media-controller film-video')")
    play(page)
    until(page, "document.querySelector('film-video').currentTime > 0")


# -- on paper --------------------------------------------------------------------------------


def shown(page, selector):
    return page.evaluate(
        "(wanted) => [...document.querySelectorAll(wanted)]"
        ".filter((one) => one.checkVisibility()).map((one) => one.outerHTML.slice(0, 80))",
        selector,
    )


def inside(page):
    """Whether every border is within what is printed."""
    return page.evaluate(
        "() => [...document.querySelectorAll('.card, .access-card')]"
        ".filter((one) => one.checkVisibility()).every((one) =>"
        " one.getBoundingClientRect().left > 0 && one.getBoundingClientRect().right < innerWidth)"
        " && document.documentElement.scrollWidth <= innerWidth"
    )


PRESSED = "header, footer, nav, .skip-link, main .button, form, media-control-bar"


def test_on_paper_a_page_is_its_words_without_menus_and_buttons(open_as, film):
    page = open_as("rae", film[0], viewport=A4)
    until(page, "!!document.querySelector('media-controller')")
    page.emulate_media(media="print")
    assert shown(page, PRESSED) == []
    assert shown(page, "h1, .moments li")
    assert inside(page)
    page = open_as("nobody", "/", viewport=A4, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert shown(page, PRESSED) == []
    assert inside(page)
    white = "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == white


def test_access_cards_are_printed_whole(open_as):
    page = open_as("kim", "/cards", viewport=A4)
    page.locator("main form").first.locator("textarea, input[type=text]").first.fill("Nadia")
    page.locator("main form button").first.click()
    page.locator(".access-card").wait_for()
    page.emulate_media(media="print")
    assert shown(page, PRESSED) == []
    assert inside(page)
