"""Whole stories in a real browser, against the product as `cvtube run` starts it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Request, Response, expect

from cvtube.videos.models import Stage
from tests.browser import FILM, until, until_true
from tests.journeys.site_under_test import (
    MAKING_MS,
    MODERATOR,
    RECRUITER,
    approve,
    assert_accessible,
    plays,
    send_film,
    send_to_moderators,
    take,
    wait_for_effect,
    wait_until_ready,
)
from tests.services import wait_for
from tests.upload.wire import Wire

pytestmark = pytest.mark.journey

# By drawing the frame: the colour near its upper left corner.
CORNER = """() => {
  const film = document.querySelector('film-video').nativeEl;
  const canvas = Object.assign(document.createElement('canvas'), {
    width: film.videoWidth, height: film.videoHeight });
  const pencil = canvas.getContext('2d');
  pencil.drawImage(film, 0, 0);
  return [...pencil.getImageData(film.videoWidth / 8, film.videoHeight / 8, 1, 1).data];
}"""


def plays_upright(page: Page) -> None:
    """The <video> really advances, higher than wide, its red corner at the upper left."""
    plays(page)
    until(page, f"{FILM}.videoHeight > {FILM}.videoWidth")
    red, green, blue, _ = page.evaluate(CORNER)
    assert red > 150
    assert max(green, blue) < 100


def test_a_film_from_a_phone_is_made_approved_found_and_played(
    site_under_test, visitors, media_factory
):
    camille = visitors.sign_up("Camille")
    camille.goto("/profile")
    job = camille.get_by_role("combobox", name=re.compile("emploi|métier|travail", re.IGNORECASE))
    job.press_sequentially("boulang")
    camille.get_by_role("option", name="Boulanger / Boulangère").click()
    camille.get_by_label("Quelques mots sur vous").fill("Je fais des kouglofs depuis dix ans.")
    assert_accessible(camille)
    camille.get_by_role("button", name="Enregistrer mon profil").click()
    camille.wait_for_load_state()

    video_id = send_film(camille, media_factory("iphone.mov"))
    wait_until_ready(camille)
    plays_upright(camille)
    assert_accessible(camille)
    send_to_moderators(camille)

    moderator = visitors.log_in(MODERATOR)
    approve(moderator, video_id)
    mails = site_under_test.mails_to("camille@example.org")
    assert any(f"/my-films/{video_id}" in mail.body for mail in mails)

    recruiter = visitors.log_in(RECRUITER)

    def found() -> None:
        recruiter.goto("/search?q=kouglof")
        expect(recruiter.locator("cv-wall article, cv-wall li")).to_have_count(1, timeout=1)

    wait_for(found)
    assert_accessible(recruiter)
    recruiter.locator("cv-wall a").first.click()
    recruiter.wait_for_url(re.compile(f"/films/{video_id}"))
    expect(recruiter.get_by_role("heading", level=1)).to_contain_text("Boulanger")
    plays_upright(recruiter)
    assert_accessible(recruiter)


class Offsets:
    """What a page sends, and what it was told has arrived."""

    def __init__(self, page: Page) -> None:
        self.acknowledged = 0
        self.sent_again: list[int] = []
        page.on("request", self._sent)
        page.on("response", self._answered)

    def _sent(self, request: Request) -> None:
        offset = int(request.headers.get("upload-offset", self.acknowledged))
        if offset < self.acknowledged:
            self.sent_again.append(offset)

    def _answered(self, answer: Response) -> None:
        if answer.ok:
            offset = int(answer.headers.get("upload-offset", 0))
            self.acknowledged = max(self.acknowledged, offset)


def test_a_cut_network_and_a_reloaded_page_send_nothing_again_that_has_arrived(
    site_under_test, visitors, heavy_film
):
    wire = Wire(site_under_test.product.port)
    size = heavy_film.stat().st_size
    try:
        dominique = visitors.sign_up("Dominique", url=wire.url)
        dominique.goto("/my-films/new")
        offsets = Offsets(dominique)
        wire.bytes_per_s = 1_500_000
        dominique.locator("input[type=file]").first.set_input_files(heavy_film)
        until_true(dominique, lambda: offsets.acknowledged > size // 5)
        wire.cut()
        until_true(dominique, lambda: offsets.acknowledged > size // 3)
        dominique.once("dialog", lambda dialog: dialog.accept())  # "leave this page?"
        dominique.reload()
        expect(dominique.locator(".film-part")).to_contain_text("déjà envoyés et gardés")
        wire.bytes_per_s = 0
        dominique.locator("input[type=file]").first.set_input_files(heavy_film)
        wait_until_ready(dominique)
        assert offsets.sent_again == []
        assert offsets.acknowledged == size
    finally:
        wire.close()


def test_a_part_that_is_to_be_redone_is_redone_and_approved(
    site_under_test, visitors, media_factory
):
    noa = visitors.sign_up("Noa")
    video_id = send_film(noa, media_factory("android.mp4"))
    wait_until_ready(noa)
    send_to_moderators(noa)

    moderator = visitors.log_in(MODERATOR)
    take(moderator, video_id)
    moderator.keyboard.press("c")
    form = moderator.locator("details[open]")
    form.get_by_label("Motif").select_option(value="sound")
    form.get_by_label("Votre message à la personne").fill("À 0:01, une machine couvre votre voix.")
    form.get_by_role("button", name="Demander de refaire cette partie").click()
    expect(moderator.get_by_text("Partie à refaire").first).to_be_visible()
    wait_for_effect(moderator, video_id)

    noa.reload()
    expect(noa.get_by_text("une machine couvre votre voix")).to_be_visible()
    assert_accessible(noa)
    assert any("une machine" in mail.body for mail in site_under_test.mails_to("noa@example.org"))
    noa.locator("input[type=file]").first.set_input_files(media_factory("selfie.mp4"))
    expect(noa.locator(".film-status-headline")).to_have_text(
        "Notre équipe va regarder votre film.", timeout=MAKING_MS
    )

    approve(moderator, video_id)
    noa.reload()
    expect(noa.locator(".film-status-headline")).to_have_text(
        "Les recruteurs peuvent regarder votre film."
    )
    assert site_under_test.verbs_of(video_id).count("asked_for_changes") == 1


def test_strangers_find_nothing_at_any_address_of_a_film_nobody_has_approved(
    site_under_test, visitors, media_factory
):
    sasha = visitors.sign_up("Sasha")
    asked: set[str] = set()

    def note(request: Request) -> None:
        if request.method == "GET":
            asked.add(request.url.removeprefix(site_under_test.url))

    sasha.on("request", note)
    video_id = send_film(sasha, media_factory("iphone.mov"))
    wait_until_ready(sasha)
    plays_upright(sasha)
    send_to_moderators(sasha)
    moderator = visitors.log_in(MODERATOR)
    moderator.on("request", note)
    take(moderator, video_id)
    plays_upright(moderator)

    addresses = {address for address in asked if video_id in address}
    objects = {address for address in addresses if address.startswith("/objects/")}
    assert len(objects) >= 4  # picture, sound, poster, storyboard
    addresses |= {f"/films/{video_id}", f"/films/{video_id}/published/master.m3u8"}
    addresses -= objects
    # Objects are for whoever has their signed address, which only these playlists tell.
    addresses |= {
        re.sub(r"^(/objects/\d+)/[^/]+", r"\1/AAAAAAAAAAAAAAAAAAAAAA", o) for o in objects
    }

    strangers = {
        "a candidate": visitors.sign_up("Robin").context,
        "a recruiter": visitors.log_in(RECRUITER).context,
        "nobody": visitors.anybody(),
    }
    for name, context in strangers.items():
        for address in sorted(addresses):
            answer = context.request.get(address, max_redirects=0)
            page_of_his = name == "nobody" and answer.status == 303
            if page_of_his:  # "log in first" is said of every page there could be
                assert answer.headers["location"].partition("?")[0].endswith("/login")
            else:
                assert answer.status == 404, (name, address)


def test_a_worker_killed_in_the_middle_costs_the_film_nothing(site_under_test, visitors, long_film):
    kim = visitors.sign_up("Kim")
    video_id = send_film(kim, long_film)

    def in_the_middle() -> None:
        (clip,) = site_under_test.clips_of(video_id)
        assert clip.stage is Stage.TRANSCODING
        assert clip.progress > 10

    wait_for(in_the_middle)
    worker = site_under_test.product.program("cvtube", "worker", "transcode")
    family = [worker, *worker.children(recursive=True)]
    for process in family:
        process.kill()
    wait_until_ready(kim)
    assert site_under_test.verbs_of(video_id).count("ready") == 1
    (clip,) = site_under_test.clips_of(video_id)
    assert (clip.stage, clip.attempt) == (Stage.READY, 2)
