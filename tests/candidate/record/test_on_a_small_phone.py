"""The recorder and the look before it on 360 × 640: nothing to scroll to, in both languages.

What takes its time is looked at in French alone, whose words are longer.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from cvtube.videos.models import Chapter
from tests.browser import (
    SMALL,
    accessibility_problems,
    fits,
    log_in,
    open_context,
    until_true,
)
from tests.candidate.record.filming import Filming
from tests.candidate.record.test_check import DARK, SILENT
from tests.candidate.record.test_what_goes_wrong import REFUSE

BIG = "[data-main]:visible"
REFUSED = REFUSE.format(kind="video", name="NotAllowedError")


@pytest.fixture(params=["fr", "en"])
def small(chromium, live, people, wire, request) -> Iterator[Page]:
    context = open_context(
        chromium, viewport=SMALL, has_touch=True, locale=request.param,
        permissions=["camera", "microphone"],
    )  # fmt: skip
    log_in(context, people, "ada", wire.url)
    yield context.new_page()
    context.close()


@pytest.fixture
def filming_small(small, runtime, wire, chapter) -> Filming:
    return Filming(small.context, runtime, wire, chapter, small)


def look(page: Page, what: str) -> None:
    assert fits(page), f"{what} must be scrolled"
    expect(page.locator(BIG)).to_have_count(1)
    expect(page.locator(BIG)).to_be_in_viewport(ratio=1)


def press(filming: Filming, action: str, state: str) -> None:
    filming.page.locator(f"[data-do={action}]:visible").click()
    filming.wait_for_state(state)


def film(filming: Filming) -> None:
    press(filming, "film", "recording")
    filming.film_for(1.2)
    press(filming, "stop", "looking")


@pytest.mark.parametrize("small", ["fr"], indirect=True)
def test_each_state_of_the_recorder_fits(filming_small):
    filming, page = filming_small, filming_small.page
    filming.wait_for_state("ready")
    look(page, "ready")
    press(filming, "film", "recording")
    look(page, "recording")
    press(filming, "pause", "paused")
    look(page, "paused")
    press(filming, "go-on", "recording")
    filming.film_for(1.2)
    press(filming, "stop", "looking")
    filming.wait_until_sent()
    look(page, "a take")
    says = page.locator("[data-says=looking]")
    expect(says).to_be_in_viewport(ratio=1)
    page.get_by_text("Couper le début ou la fin").or_(
        page.get_by_text("Trim the start and end")
    ).click()
    look(page, "cutting")
    expect(page.get_by_role("slider").last).to_be_in_viewport(ratio=1)
    # The browser's own controls cover some 70 px of it.
    assert page.locator("[data-playback]").bounding_box()["height"] >= 200
    assert accessibility_problems(page) == []
    page.locator(".rec-trim summary").click()
    press(filming, "again", "ready")
    look(page, "ready, with a take")
    press(filming, "film", "recording")
    look(page, "recording, with a take")
    filming.film_for(1.2)
    press(filming, "stop", "looking")
    look(page, "two takes")
    page.locator(".rec-takes summary").click()
    look(page, "the list of takes")
    film = page.locator("[data-playback]")  # smaller until the take is sent
    until_true(page, lambda: film.bounding_box()["height"] >= 200, what="room for the film")
    name, drop = (page.locator(f"[data-{what}]").last.bounding_box() for what in ("look", "drop"))
    assert drop["y"] == pytest.approx(name["y"], abs=8)
    assert accessibility_problems(page) == []
    page.locator("[data-look]").first.click()
    press(filming, "keep", "chosen")
    look(page, "chosen")


def test_a_refused_camera_has_one_button_and_another_way_in_sight(small, runtime, wire, chapter):
    small.add_init_script(REFUSED)
    filming = Filming(small.context, runtime, wire, chapter, small)
    expect(small.locator("[data-problem=camera_refused]")).to_be_visible()
    filming.wait_for_state("off")
    look(small, "refused")
    expect(small.locator("[data-do=turn-on]:visible")).to_have_count(1)
    expect(small.locator(".rec-phone summary")).to_be_in_viewport(ratio=1)


def test_the_level_of_the_sound_covers_no_question(small, runtime, wire, chapter):
    with runtime.transaction() as session:
        session.get_one(Chapter, chapter.id).topic = "hello"
    filming = Filming(small.context, runtime, wire, chapter, small)
    filming.wait_for_state("ready")
    for size in (SMALL, {"width": 320, "height": 640}, {"width": 640, "height": 360}):
        small.set_viewport_size(size)
        question = small.locator(".rec-question").bounding_box()
        level = small.locator("[data-level]").bounding_box()
        assert question["y"] + question["height"] <= level["y"], size


@pytest.mark.parametrize("small", ["fr"], indirect=True)
def test_the_look_before_filming_fits_whatever_it_finds(small, wire):
    page = small
    page.goto(f"{wire.url}/studio/check")
    expect(page.locator("[data-check-sound][data-is=good]")).to_be_visible(timeout=20_000)
    expect(page.locator("[data-check-light][data-is=good]")).to_be_visible()
    look(page, "all is well")
    for line in page.locator(".rec-check-line").all():
        expect(line).to_be_in_viewport(ratio=1)
    page.locator(".rec-check summary").click()
    look(page, "choosing another camera")
    assert accessibility_problems(page) == []
    page.add_init_script(DARK + SILENT)
    page.reload()
    expect(page.locator("[data-check-sound][data-is=silent]")).to_be_visible(timeout=20_000)
    page.context.set_offline(True)
    expect(page.locator("[data-check-network][data-is=none]")).to_be_visible()
    look(page, "dark, silent and without a network")
    assert accessibility_problems(page) == []


def test_a_refused_camera_leaves_the_look_before_filming_on_one_screen(small, wire):
    small.add_init_script(REFUSED)
    small.goto(f"{wire.url}/studio/check")
    expect(small.locator("[data-problem=camera_refused]")).to_be_visible()
    look(small, "refused")
