"""From the first page to a sent film without a mouse, a finger or a shortcut: Tab, Enter, Space."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import until
from tests.journeys.site_under_test import FOR_RECRUITERS, MAKING_MS, PASSWORD

pytestmark = pytest.mark.journey

LEFT_OUT = ("Ce que je sais faire", "Un exemple", "Ce que je cherche", "Quand et où", "Au revoir")
MOST_STEPS = 80  # whoever needs more would have given up
IS_FOCUSED = "(one) => one === document.activeElement"


def reach(wanted: Locator) -> None:
    """Tab to it, from wherever the focus is."""
    expect(wanted).to_be_visible(timeout=MAKING_MS)
    for _ in range(MOST_STEPS):
        if wanted.evaluate(IS_FOCUSED):
            assert wanted.evaluate("(one) => one.matches(':focus-visible')"), wanted
            return
        wanted.page.keyboard.press("Tab")
    raise AssertionError(f"{MOST_STEPS} steps do not lead to {wanted}")


def press(page: Page, role: str, name: str) -> None:
    reach(page.get_by_role(role, name=name, exact=True))
    page.keyboard.press("Enter")


def tick(wanted: Locator) -> None:
    reach(wanted)
    wanted.page.keyboard.press("Space")


def write(page: Page, name: str, text: str) -> None:
    reach(page.get_by_label(name, exact=True))
    page.keyboard.type(text)


def test_a_film_is_made_and_sent_by_keyboard_alone(site_under_test, visitors):
    context = visitors.anybody(permissions=["camera", "microphone"])
    page = context.new_page()
    page.goto("/")
    press(page, "link", "Faire mon film")
    write(page, "Prénom", "Noor")
    write(page, "Adresse e-mail", "noor@example.org")
    write(page, "Mot de passe", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/signup" not in address)
    link = re.search(
        r"https?://[^/\s]+(/\S+)", site_under_test.mails_to("noor@example.org")[0].body
    )
    page.goto(link[1])
    press(page, "button", "Confirmer mon adresse e-mail")

    page.wait_for_url(lambda address: link[1] not in address)
    page.goto("/my-films")
    press(page, "button", "Filmer partie par partie")
    press(page, "link", "Changer les parties")
    for part in LEFT_OUT:
        press(page, "link", f"Enlever : {part}")
        press(page, "button", "Enlever cette partie")
    press(page, "link", "Revenir")
    press(page, "link", "Continuer : Bonjour")
    press(page, "link", "Filmer tout de suite")
    press(page, "button", "Commencer à filmer")
    until(page, "() => document.querySelector('cv-recorder').dataset.ms >= 1500")
    press(page, "button", "Terminer")
    press(page, "button", "Garder cet essai")
    press(page, "link", "Aller à mon film")

    press(page, "link", "Regarder mon film")
    press(page, "link", "Envoyer mon film")
    tick(page.get_by_label(FOR_RECRUITERS))
    press(page, "button", "Continuer")
    page.wait_for_url("**/sending?*")
    for box in page.locator("input[name=consent]").all():
        tick(box)
    press(page, "button", "Envoyer mon film")
    page.wait_for_url(re.compile(r"/my-films/[a-z0-9]{26}"))
    assert "published" in site_under_test.verbs_of(page.url.rpartition("/")[2].partition("?")[0])
