"""A film for those alone who have its link, from its owner's choice to a stranger's screen."""

from __future__ import annotations

import socket

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PHONE
from tests.journeys.site_under_test import (
    BY_LINK_ONLY,
    FOR_RECRUITERS,
    MODERATOR,
    RECRUITER,
    approve,
    assert_accessible,
    plays,
    send_film,
    send_to_moderators,
    wait_until_ready,
)
from tests.services import wait_for

pytestmark = pytest.mark.journey


def test_a_film_for_its_link_alone_is_opened_by_a_stranger_and_found_by_nobody(
    site_under_test, visitors, media_factory
):
    owner = visitors.sign_up("Sacha")
    video_id = send_film(owner, media_factory("android.mp4"))
    wait_until_ready(owner)
    send_to_moderators(owner, BY_LINK_ONLY)
    expect(owner.locator(".sharing")).to_contain_text("Quand il sera accepté")
    owner.get_by_role("link", name="Mon lien").click()
    expect(owner.get_by_text("quand notre équipe aura accepté")).to_be_visible()
    key = key_on(owner)
    assert copied(owner, site_under_test.url).endswith(f"/l/{key}")
    assert_accessible(owner)

    assert status(visitors.anybody().new_page(), f"/l/{key}") == 404
    moderator = visitors.log_in(MODERATOR)
    moderator.goto("/moderation")
    expect(moderator.get_by_text("par lien seulement").first).to_be_visible()
    approve(moderator, video_id)
    assert "qui ont votre lien" in site_under_test.mails_to("sacha@example.org")[0].body

    stranger = visitors.anybody(viewport=PHONE, has_touch=True).new_page()
    assert status(stranger, f"/l/{key}") == 200
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Sacha")
    plays(stranger)
    assert stranger.context.cookies() == []
    assert_accessible(stranger)
    assert stranger.evaluate("document.documentElement.scrollWidth") == PHONE["width"]

    recruiter = visitors.log_in(RECRUITER)
    assert status(recruiter, f"/films/{video_id}") == 404
    for path in ("/", "/search"):
        assert status(recruiter, path) == 200
        assert video_id not in recruiter.content()

    owner.reload()
    expect(owner.get_by_text("Toute personne qui a ce lien peut regarder")).to_be_visible()
    owner.get_by_text("Créer un nouveau lien", exact=True).click()
    owner.get_by_role("button", name="Oui, créer un nouveau lien").click()
    expect(owner.get_by_text("Voici votre nouveau lien.")).to_be_visible()
    assert status(stranger, f"/l/{key}") == 404
    assert status(stranger, f"/l/{key_on(owner)}") == 200

    to_recruiters_and_off(owner, stranger, recruiter, video_id)
    told = {"published", "link_made", "link_renewed", "audience_changed", "link_switched_off"}
    assert told <= set(site_under_test.verbs_of(video_id))
    send_nonsense(site_under_test.product.port, f"GET /l/{key}")
    wait_for(lambda: is_told(site_under_test, "GET /l/…"))
    assert [line for line in logged(site_under_test) if key in line] == []


def to_recruiters_and_off(owner: Page, stranger: Page, recruiter: Page, video_id: str) -> None:
    """No moderator is asked; the link goes on working until its owner says otherwise."""
    key = key_on(owner)
    owner.get_by_role("link", name="Terminer").click()
    owner.get_by_role("link", name="Changer qui voit mon film").click()
    owner.get_by_label(FOR_RECRUITERS).check()
    owner.get_by_role("button", name="Continuer").click()
    owner.locator("input[name=consent]").check()
    assert_accessible(owner)
    owner.get_by_role("button", name="Oui, changer qui voit mon film").click()
    headline = owner.locator(".film-status-headline")
    expect(headline).to_have_text("Les recruteurs peuvent regarder votre film.")
    assert_accessible(owner)
    assert status(recruiter, f"/films/{video_id}") == 200
    assert status(stranger, f"/l/{key}") == 200

    owner.get_by_role("link", name="Mon lien").click()
    owner.get_by_text("Désactiver mon lien", exact=True).click()
    owner.get_by_role("button", name="Oui, désactiver mon lien").click()
    expect(owner.get_by_text("Votre lien est désactivé.")).to_be_visible()
    assert_accessible(owner)
    assert status(stranger, f"/l/{key}") == 404
    assert status(recruiter, f"/films/{video_id}") == 200


def key_on(page: Page) -> str:
    """The key in the address on its owner's page."""
    return page.locator("#my-link").input_value().partition("/l/")[2]


def copied(page: Page, site: str) -> str:
    """What the button puts into the clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    page.get_by_role("button", name="Copier").click()
    expect(page.get_by_text("Le lien est copié.")).to_be_visible()
    return str(page.evaluate("navigator.clipboard.readText()"))


def status(page: Page, path: str) -> int:
    answer = page.goto(path)
    assert answer
    return answer.status


def send_nonsense(port: int, line: str) -> None:
    """A request that the web server cannot read, and says so in its log."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
        wire.sendall(f"{line}\r\n\r\n".encode())
        assert b" 400 " in wire.recv(100)


def logged(site_under_test) -> list[str]:
    """Every line of the product's logs."""
    logs = [
        path.read_text(errors="replace") for path in site_under_test.product.home.rglob("*.log*")
    ]
    return [line for text in (*logs, *site_under_test.product.said) for line in text.split("\n")]


def is_told(site_under_test, words: str) -> None:
    assert any(words in line for line in logged(site_under_test)), words
