"""A whole film made in the studio, in a real browser with a camera that shows a test picture."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from cvtube.videos.models import Stage
from tests.accounts.cards import scanned_svg
from tests.browser import DESK, FILM, PHONE
from tests.candidate.record.filming import Filming
from tests.journeys.site_under_test import (
    MAKING_MS,
    MODERATOR,
    RECRUITER,
    approve,
    assert_accessible,
    plays,
    send_to_moderators,
)

pytestmark = pytest.mark.journey

PARTS = (
    "Bonjour", "Ce que je sais faire", "Un exemple",
    "Ce que je cherche", "Quand et où", "Au revoir",
)  # fmt: skip
REDONE, TRIMMED = "Ce que je sais faire", "Un exemple"
TAKE_S = 1.5


def film_the_part(page: Page, title: str, site_under_test) -> None:
    """From the film's page to its next one, by what the buttons say."""
    page.get_by_role("link", name=f"Continuer : {title}").click()
    page.wait_for_url("**/studio/chapters/*")
    chapter = SimpleNamespace(id=page.url.rpartition("/")[2])
    page.get_by_role("link", name="Filmer tout de suite").click()
    filming = Filming(page.context, None, site_under_test, chapter, page)
    filming.take(TAKE_S)
    if title == REDONE:
        filming.button("Recommencer").click()
        filming.take(TAKE_S)
    if title == TRIMMED:
        filming.unfold("trim")
        filming.button("Commencer plus tard").click()
    filming.button("Garder cet essai").click()
    filming.wait_for_state("chosen")
    assert filming.complaints == []
    page.get_by_role("link", name="Aller à mon film").click()
    page.wait_for_url("**/studio/films/*")


def go_on_with_a_phone(desk: Page, visitors) -> Page:
    """The film's page on a phone that has read the desk's code; the desk is back there, too."""
    film = desk.url
    desk.get_by_role("button", name="Continuer sur mon téléphone").click()
    desk.wait_for_url("**/hand-overs/*")
    code = scanned_svg(desk.locator("svg.qr").evaluate("(drawing) => drawing.outerHTML"))
    allowed = ["camera", "microphone"]
    context = visitors.anybody(viewport=PHONE, has_touch=True, permissions=allowed)
    phone = context.new_page()
    phone.goto(code)
    phone.get_by_role("button", name="Oui, continuer avec ce compte").click()
    phone.wait_for_url(film)
    expect(desk.get_by_text("Votre téléphone est connecté.")).to_be_visible()
    desk.get_by_role("link", name="Revenir").click()
    desk.wait_for_url(film)
    return phone


def test_six_parts_are_filmed_sent_approved_and_played_as_one_film(site_under_test, visitors):
    desk = visitors.sign_up("Alix")
    desk.set_viewport_size(DESK)
    desk.goto("/my-films")
    desk.get_by_role("button", name="Filmer partie par partie").click()
    desk.wait_for_url("**/studio/films/*")
    video_id = desk.url.rpartition("/")[2]
    assert_accessible(desk)
    page = go_on_with_a_phone(desk, visitors)
    for title in PARTS:
        film_the_part(page, title, site_under_test)
    # The desk has followed, without a reload.
    first = desk.locator(".part-list li").first
    expect(first.get_by_text("Prêt", exact=True)).to_be_visible(timeout=MAKING_MS)

    page.get_by_role("link", name="Regarder mon film").click()
    # What the device plays at first gives way to what was made of it, without a reload.
    expect(page.locator("[data-server-film] film-video")).to_be_visible(timeout=MAKING_MS)
    assert_accessible(page)
    plays(page)
    assert_accessible(page)
    send_to_moderators(page)

    approve(visitors.log_in(MODERATOR), video_id)

    recruiter = visitors.log_in(RECRUITER)
    recruiter.goto(f"/films/{video_id}")
    expect(recruiter.locator("ol[data-moments]").first.locator("li")).to_have_count(len(PARTS))
    plays(recruiter, past_s=TAKE_S + 0.5)  # over the first joint
    taken = site_under_test.clips_of(video_id)
    assert Counter(clip.stage for clip in taken) == {Stage.READY: len(PARTS), Stage.KEPT: 1}
    clips = [clip for clip in taken if clip.stage is Stage.READY]
    whole_s = sum(clip.duration_ms for clip in clips) / 1000
    assert recruiter.evaluate(f"{FILM}.duration") == pytest.approx(whole_s, abs=0.2)
    assert sorted(clip.trim_start_ms for clip in clips) == [0] * 5 + [500]
