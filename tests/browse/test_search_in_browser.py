"""The search as it is typed."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import until


def test_a_typed_word_is_one_step_of_the_history_and_slash_begins_it(open_as):
    page = open_as("rae", "/")
    page.goto("/search")
    steps = page.evaluate("history.length")
    page.keyboard.press("/")
    until(page, "document.activeElement?.id === 'search-text'")
    for letter in "soudeuse":  # each is waited for, as where somebody types slowly
        page.keyboard.press(letter)
        until(page, "location.search === '?q=' + document.querySelector('#search-text').value")
    assert page.evaluate("history.length") == steps + 1
    assert page.url.endswith("?q=soudeuse")
    # A filter is a step of its own, and so is what is typed after it.
    for address in ("/search", "/"):
        with page.expect_event("load"):
            page.evaluate("history.back()")
        assert page.url.endswith(address)


def test_slash_leads_to_the_search_of_any_page_and_is_a_letter_in_a_field(open_as):
    page = open_as("rae", "/account/password")
    page.keyboard.press("/")
    until(page, "document.activeElement?.id === 'site-search'")
    page.keyboard.press("/")
    assert page.locator("#site-search").input_value() == "/"


def test_slash_can_be_switched_off_with_the_keys_of_a_video(open_as):
    page = open_as("rae", "/account")
    tick = page.get_by_label("Utiliser ces raccourcis sur toute la page")
    expect(tick).to_be_checked()
    tick.uncheck()
    for path in ("/account", "/search"):
        page.goto(path)
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement === document.body")
    page.goto("/account")
    expect(tick).not_to_be_checked()
    tick.check()
    page.keyboard.press("Tab")
    page.keyboard.press("/")
    until(page, "document.activeElement?.id === 'site-search'")


def test_who_has_no_search_is_not_asked_about_its_key(open_as):
    page = open_as("ada", "/account")
    expect(page.locator("[data-keys-everywhere]")).to_have_count(0)
