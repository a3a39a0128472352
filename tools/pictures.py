"""Take the README's pictures from the running demo.

usage: make pictures  (while `make run` is up; PORT=… as there)
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the tests know how to find a Chromium

from tests.browser import find_chromium, until  # noqa: E402

PICTURES = ROOT / "docs/pictures"
SITE = f"http://127.0.0.1:{os.environ.get('PORT', '8321')}"
DESK = {"width": 1200, "height": 750}
PHONE = {"width": 360, "height": 740}


def main() -> None:
    """All of them, anew."""
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**find_chromium())
        for name, person, size, show in (
            ("wall", "recruiter", DESK, lambda page: page.goto("/")),
            ("film", "recruiter", DESK, watch),
            ("review", "moderator", DESK, review),
            ("studio", "candidate", PHONE, film_in_parts),
        ):
            take(browser, name, person, size, show)
        browser.close()


def take(
    browser: Browser, name: str, person: str, size: dict[str, int], show: Callable[[Page], object]
) -> None:
    """One picture, of what this person sees."""
    context = browser.new_context(base_url=SITE, locale="fr-FR", viewport=size)
    page = context.new_page()
    log_in(page, person)
    show(page)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.jpg", type="jpeg", quality=82)
    context.close()


def log_in(page: Page, person: str) -> None:
    """As one of the demo's people."""
    page.goto("/login")
    page.fill("input[name=email]", f"{person}@example.org")
    page.fill("input[name=password]", "demo-cvtube")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)


def watch(page: Page) -> None:
    """A film in three parts, some seconds in."""
    page.goto("/search?q=infirmi%C3%A8re")
    page.locator("[data-wall] a").first.click()
    page.wait_for_url("**/films/*")
    film = "document.querySelector('film-video')"
    until(page, f"{film}?.readyState >= 1")
    page.evaluate(f"() => {{ {film}.muted = true; {film}.play().catch(() => {{}}); }}")
    until(page, f"{film}.currentTime > 4")


def review(page: Page) -> None:
    """The film that waits."""
    page.goto("/moderation")
    page.get_by_role("button", name="Vérifier le film suivant").click()
    page.wait_for_url("**/moderation/films/*")


def film_in_parts(page: Page) -> None:
    """The first screen of the studio."""
    page.goto("/my-films")
    page.get_by_role("button", name="Filmer partie par partie").click()


if __name__ == "__main__":
    main()
