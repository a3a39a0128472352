"""The captions' page under a finger, which has no Ctrl key."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import DESK, PHONE, open_context
from tests.candidate.record.filming import log_in
from tests.serving import serving

HINT = "Ctrl + Entrée"


@pytest.mark.parametrize("touches", [True, False], ids=["finger", "mouse"])
def test_the_hint_about_keys_is_for_who_has_them(app, chromium, people, film, touches):
    size = PHONE if touches else DESK
    with serving(app) as address:
        context = open_context(
            chromium, viewport=size, has_touch=touches, is_mobile=touches, base_url=address
        )
        log_in(context, people, "ada", address)
        page = context.new_page()
        page.goto(film.page)
        hint = page.get_by_text(HINT)
        expect(page.get_by_text("Un retour à la ligne")).to_be_visible()
        expect(hint).to_be_hidden() if touches else expect(hint).to_be_visible()
        context.close()


def test_the_field_of_a_new_sentence_is_seen_beside_the_film(app, chromium, people, film):
    """The film stays in its place, and focus alone would leave the field below it (WCAG 2.4.11)."""
    with serving(app) as address:
        context = open_context(chromium, viewport=PHONE, has_touch=True, base_url=address)
        log_in(context, people, "ada", address)
        page = context.new_page()
        page.goto(film.page)
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
        context.close()
