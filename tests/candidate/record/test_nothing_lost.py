"""Whatever dies or ends while one films, the take is there afterwards, and gets sent."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import expect
from sqlalchemy import delete, select

from cvtube.accounts.models import LoginSession
from cvtube.toolchain import selection
from cvtube.videos import lifecycle
from cvtube.videos.models import Chapter, Clip
from tests.browser import PHONE, find_chromium, log_in, open_context
from tests.candidate.record.filming import Filming
from tests.services import wait_for

MOST_LOST_S = 2


def seconds_of(data: bytes, folder: Path, settings) -> float:
    """How long the picture of a recording really is."""
    path = folder / "take"
    path.write_bytes(data)
    command = [selection.select_tools(settings).ffprobe.path, "-v", "error", "-select_streams", "v",
               "-show_entries", "packet=pts_time", "-of", "json", path]  # fmt: skip
    done = subprocess.run(command, capture_output=True, check=True)
    return max(float(packet["pts_time"]) for packet in json.loads(done.stdout)["packets"])


class KeptBrowser:
    """A browser with a profile on the disk, which can be killed and opened again."""

    def __init__(self, chromium, profile: Path) -> None:
        self._type, self.profile = chromium.browser_type, profile

    def open(self):
        self.context = self._type.launch_persistent_context(
            str(self.profile),
            **find_chromium(),
            viewport=PHONE,
            locale="fr-FR",
            permissions=["camera", "microphone"],
        )
        self.context.set_default_timeout(20_000)
        return self.context

    def kill(self) -> None:
        """As the phone's battery would: every process at once."""
        mine = [
            one
            for one in psutil.process_iter(["cmdline"])
            if any(str(self.profile) in word for word in one.info["cmdline"] or [])
        ]
        assert mine
        for one in mine:
            os.kill(one.pid, signal.SIGKILL)
        psutil.wait_procs(mine, timeout=10)


@pytest.fixture
def kept_browser(chromium, tmp_path):
    browser = KeptBrowser(chromium, tmp_path / "profile")
    browser.open()
    yield browser
    browser.context.close()


def test_a_browser_that_is_killed_loses_at_most_two_seconds(
    kept_browser, people, runtime, wire, chapter, tmp_path, settings
):
    log_in(kept_browser.context, people, "ada", wire.url)
    filming = Filming(kept_browser.context, runtime, wire, chapter)
    filming.start()
    filming.film_for(4)
    shown_s = filming.shown_s
    kept_browser.kill()

    log_in(kept_browser.open(), people, "ada", wire.url)
    parts = kept_browser.context.new_page()
    parts.goto(f"{wire.url}/studio/films/{chapter.video_id}")
    told = parts.get_by_text("un essai a été interrompu")
    expect(told).to_be_visible()
    again = Filming(kept_browser.context, runtime, wire, chapter)
    again.wait_for_state("looking")
    expect(again.page.locator("[data-says=found]")).to_be_visible()
    again.unfold("takes")
    expect(again.page.get_by_role("button", name="Essai 1")).to_be_visible()
    (data,) = again.wait_until_sent()
    assert seconds_of(data, tmp_path, settings) >= shown_s - MOST_LOST_S
    again.button("Garder cet essai").click()
    again.wait_for_state("chosen")
    expect(again.page.locator("[data-says=found]")).to_be_hidden()
    parts.reload()
    expect(told).to_be_hidden()  # it is told once


def test_without_a_network_a_whole_take_is_kept_and_goes_when_it_is_back(filming):
    filming.wait_for_state("ready")
    filming.context.set_offline(True)
    filming.take()
    expect(filming.place("waiting")).to_be_visible()
    assert filming.uploads == []
    filming.context.set_offline(False)
    filming.wait_until_sent()
    expect(filming.place("sent")).to_be_visible()


def test_a_log_in_that_ends_in_mid_take_is_asked_for_again_and_nothing_is_missing(
    filming, people, runtime
):
    filming.start()
    filming.film_for(1)
    with runtime.transaction() as session:
        session.execute(delete(LoginSession))
    filming.film_for(3)
    filming.stop()
    expect(filming.place("logged-out")).to_be_visible()
    log_in(filming.context, people, "ada", filming.wire.url)
    filming.page.evaluate("dispatchEvent(new Event('focus'))")
    filming.wait_until_sent()
    expect(filming.place("sent")).to_be_visible()


def test_somebody_else_who_logs_in_here_neither_sees_nor_sends_the_take(filming, people):
    filming.wait_for_state("ready")
    filming.context.set_offline(True)
    filming.take()
    log_in(filming.context, people, "cy", filming.wire.url)
    filming.context.set_offline(False)
    expect(filming.place("somebody-else")).to_be_visible()
    assert filming.uploads == []


def test_a_server_that_restarts_in_mid_take_is_waited_for(filming, live):
    filming.start()
    filming.wait_until_received(1)
    live.kill()
    filming.film_for(3)
    filming.stop()
    live.start()
    filming.wait_until_sent()


def test_a_reload_in_mid_take_ends_the_take_and_sends_it(filming):
    filming.start()
    filming.wait_until_received(1)
    filming.page.once("dialog", lambda dialog: dialog.accept())
    filming.page.reload()
    filming.unfold("takes")
    expect(filming.page.get_by_role("button", name="Essai 1")).to_be_visible()
    filming.wait_until_sent()
    assert len(filming.uploads) == 1


def test_of_two_windows_one_films_and_the_other_says_so(filming):
    filming.take(1.2)
    second = filming.open()
    filming.wait_for_state("elsewhere", second)
    expect(second.get_by_text("déjà ouvert dans une autre fenêtre")).to_be_visible()
    # Nor does a take that is there already lead past that.
    expect(second.locator("[data-take-list] li")).to_have_count(1)
    expect(second.locator("[data-takes]")).to_be_hidden()
    expect(second.locator("[data-main]:visible")).to_have_count(0)
    filming.page.close()
    filming.wait_for_state("ready", second)
    filming.page = second
    filming.look_at("Essai 1")
    filming.wait_for_state("looking")


def test_a_take_that_waits_is_marked_in_the_film_and_sent_from_there(
    chromium, people, runtime, wire, chapter
):
    context = open_context(chromium, permissions=["camera", "microphone"], service_workers="block")
    log_in(context, people, "ada", wire.url)
    context.route("**/uploads", lambda route: route.abort())
    filming = Filming(context, runtime, wire, chapter)
    filming.take(1.2)
    expect(filming.place("retrying")).to_be_visible()
    filming.page.goto(f"{wire.url}/studio/films/{chapter.video_id}")
    mark = filming.page.locator("[data-on-device]")
    expect(mark).to_be_visible()
    expect(mark).to_have_text("Sur cet appareil")
    context.unroute("**/uploads")
    filming.page.evaluate("dispatchEvent(new Event('focus'))")
    filming.wait_until_sent()
    expect(mark).to_be_hidden()
    context.close()


def test_a_part_that_is_chosen_here_is_not_asked_for_again(chromium, people, runtime, wire, now):
    with runtime.transaction() as session:
        ada = session.merge(people.ada)
        film = lifecycle.start_video(session, ada, now, chapter_titles=["Bonjour", "Au revoir"])
    context = open_context(chromium, permissions=["camera", "microphone"], service_workers="block")
    log_in(context, people, "ada", wire.url)
    context.route("**/uploads", lambda route: route.abort())
    filming = Filming(context, runtime, wire, film.chapters[0])
    filming.take(1.2)
    filming.button("Garder cet essai").click()
    filming.wait_for_state("chosen")
    page = filming.page
    page.get_by_role("link", name="Aller à mon film").click()
    here = page.locator("[data-chosen-here]:visible")
    expect(here).to_have_text("Filmé ici")
    expect(page.get_by_text("1 sur 2")).to_be_visible()
    expect(page.locator(".studio-foot .button.big:visible")).to_have_text("Continuer : Au revoir")
    page.get_by_role("link", name="Bonjour").click()
    expect(page.locator(".studio-foot .button.big:visible")).to_have_text("Continuer")
    page.go_back()
    context.unroute("**/uploads")
    page.evaluate("dispatchEvent(new Event('focus'))")
    # The server hears of it, and the page of the server, at once and without a step back.
    expect(page.get_by_text("En préparation")).to_be_visible()
    expect(here).to_have_count(0)
    expect(page.locator(".studio-foot .button.big:visible")).to_have_text("Continuer : Au revoir")
    context.close()


def test_a_choice_that_was_not_told_in_time_is_told_from_another_page(
    chromium, people, runtime, wire, chapter
):
    context = open_context(chromium, permissions=["camera", "microphone"], service_workers="block")
    log_in(context, people, "ada", wire.url)
    filming = Filming(context, runtime, wire, chapter)
    filming.take(1.2)
    filming.button("Garder cet essai").click()
    filming.wait_for_state("chosen")
    filming.wait_until_sent()
    filming.button("Recommencer").click()
    filming.take(1.2)
    filming.wait_until_sent(2)
    context.route("**/choice", lambda route: route.abort())
    filming.button("Garder cet essai").click()
    filming.wait_for_state("chosen")
    filming.page.goto(f"{wire.url}/studio/films/{chapter.video_id}")
    context.unroute("**/choice")

    def told() -> None:
        with runtime.reading() as session:
            last = session.scalars(select(Clip.id).order_by(Clip.created_at.desc())).first()
            assert session.get_one(Chapter, chapter.id).next_clip_id == last

    wait_for(told)
    context.close()


def test_another_picture_in_mid_take_waits_for_the_next_take(filming):
    filming.start()
    filming.film_for(1)
    filming.button("Réglages").click()
    filming.page.get_by_label("Filmer mon image").uncheck()
    filming.button("Fermer").click()
    filming.wait_for_state("recording")
    filming.film_for(2)
    filming.stop()
    filming.wait_until_sent()
