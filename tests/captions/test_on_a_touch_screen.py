"""The captions' page under a finger, which has no Ctrl key."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import DESK, PHONE

HINT = "Ctrl + Entrée"


@pytest.mark.parametrize("touches", [True, False], ids=["finger", "mouse"])
def test_the_hint_about_keys_is_for_who_has_them(open_as, film, touches):
    size = PHONE if touches else DESK
    page = open_as("ada", film.page, viewport=size, has_touch=touches, is_mobile=touches)
    hint = page.get_by_text(HINT)
    expect(page.get_by_text("Un retour à la ligne")).to_be_visible()
    expect(hint).to_be_hidden() if touches else expect(hint).to_be_visible()


def test_the_field_of_a_new_sentence_is_seen_beside_the_film(open_as, film):
    """The film stays in its place, and focus alone would leave the field below it (WCAG 2.4.11)."""
    page = open_as("ada", film.page, viewport=PHONE, has_touch=True)
    page.get_by_role("button", name="Ajouter une phrase ici").last.click()
    field = page.locator("textarea:focus")
    expect(field).to_be_visible()
    assert field.evaluate(
        """one => {
             const { left, top, bottom } = one.getBoundingClientRect();
             return [top + 3, bottom - 3].every(
               (y) => document.elementFromPoint(left + 5, y) === one);
           }"""
    )
