"""Answers given, changed and taken back, as their writer does it on the page."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import SMALL, fits


def page_of(filming, number):
    return f"/chapters/{filming.chapters[number].id}"


def test_leaving_a_question_out_takes_an_earlier_answer_back(filming, browse):
    """A radio button cannot be unticked, so this is the only way."""
    path = f"{page_of(filming, 0)}/questions/since"
    filming.post(path, tap="cinq ans")
    page = browse(f"/studio{path}", viewport=SMALL, has_touch=True)
    assert fits(page)
    expect(page.get_by_label("cinq ans")).to_be_checked()
    page.get_by_role("button", name="Ne pas répondre").tap()
    page.wait_for_url("**/script")
    expect(page.get_by_role("textbox")).to_have_value("")
    page.goto(f"/studio{path}")
    expect(page.get_by_label("cinq ans")).not_to_be_checked()


def test_the_enter_key_keeps_the_answer(filming, browse):
    path = f"{page_of(filming, 0)}/questions/since"
    page = browse(f"/studio{path}", viewport=SMALL)
    page.get_by_label("Ou avec vos mots").fill("trois étés")
    page.keyboard.press("Enter")
    page.wait_for_url("**/script")
    expect(page.get_by_role("textbox")).to_have_value("Je fais ce métier depuis trois étés.")
