"""The search as it is typed."""

from __future__ import annotations

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
