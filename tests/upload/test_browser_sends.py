"""Our page in a real Chromium: whatever interrupts it, nothing acknowledged is sent again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Response, expect
from sqlalchemy import delete, select

from cvtube.accounts.models import LoginSession
from cvtube.videos.models import Clip, Stage, Video
from cvtube.videos.upload_sessions import UploadSession
from tests.browser import accessibility_problems, log_in, open_context
from tests.services import wait_for
from tests.upload.tus import film, original

SIZE = 8_000_000
SLOW = 1_000_000  # bytes per second: a film takes eight seconds, a test sees it happen
# Pages, headers, and what a broken connection loses of one read.
BESIDE = 150_000


class Sending:
    """Ada with a film and a browser."""

    def __init__(self, context: BrowserContext, runtime, wire, path: Path) -> None:
        self.context, self.runtime, self.wire, self.path = context, runtime, wire, path
        self.data = path.read_bytes()
        self.acknowledged = 0
        self.sent_again: list[int] = []
        self.page = self.open("/my-films/new")

    def open(self, address: str) -> Page:
        page = self.context.new_page()
        page.on("request", self._look_at_request)
        page.on("response", self._look_at_answer)
        page.goto(f"{self.wire.url}{address}")
        return page

    def _look_at_request(self, request: Request) -> None:
        offset = int(request.headers.get("upload-offset", self.acknowledged))
        if offset < self.acknowledged:
            self.sent_again.append(offset)

    def _look_at_answer(self, answer: Response) -> None:
        if answer.ok:
            offset = int(answer.headers.get("upload-offset", 0))
            self.acknowledged = max(self.acknowledged, offset)

    def choose(self, page: Page | None = None, path: Path | None = None) -> None:
        choose(page or self.page, path or self.path)

    @property
    def upload(self) -> UploadSession:
        with self.runtime.reading() as session:
            return session.scalars(select(UploadSession)).one()

    def wait_until_sent(self, least: int) -> int:
        def arrived() -> None:
            assert self.upload.received >= least

        wait_for(arrived)
        return self.upload.received

    def wait_until_settled(self) -> int:
        """What has gone over the wire is acknowledged: the broken request has ended there too."""

        def settled() -> None:
            assert self.wire.sent - self.upload.received < BESIDE

        wait_for(settled)
        return self.upload.received

    def assert_all_is_there(self, page: Page | None = None) -> None:
        """In the storage, and the page says so."""
        wait_for(self._assert_uploaded)
        assert original(self.runtime, self.upload.id) == self.data
        headline = (page or self.page).locator(".film-status-headline")
        expect(headline).to_contain_text("Nous le préparons")

    def _assert_uploaded(self) -> None:
        with self.runtime.reading() as session:
            assert session.scalars(select(Clip.stage)).one() is Stage.UPLOADED

    def assert_sent_once(self, extra: int = 0) -> None:
        assert self.sent_again == []
        assert self.wire.sent < SIZE + BESIDE + extra


def choose(page: Page, path: Path) -> None:
    page.locator("input[type=file]").first.set_input_files(path)


def state(page: Page, name: str):
    return page.locator(f'[data-state="{name}"]')


@pytest.fixture
def film_file(tmp_path) -> Path:
    path = tmp_path / "VID_20261122.mp4"
    path.write_bytes(film(SIZE))
    return path


@pytest.fixture
def ada_context(chromium, live, people, wire) -> Iterator[BrowserContext]:
    context = open_context(chromium, viewport={"width": 360, "height": 740})
    log_in(context, people, "ada", wire.url)
    yield context
    context.close()


@pytest.fixture
def sending(ada_context, runtime, wire, film_file) -> Sending:
    return Sending(ada_context, runtime, wire, film_file)


def test_a_film_is_chosen_sent_and_waited_for_on_its_own_page(sending):
    sending.choose()
    sending.assert_all_is_there()
    with sending.runtime.reading() as session:
        video_id = session.scalars(select(Video.id)).one()
    assert sending.page.url == f"{sending.wire.url}/my-films/{video_id}"
    sending.assert_sent_once()


def test_the_page_tells_how_far_it_is_and_how_long_it_takes(sending):
    sending.wire.bytes_per_s = SLOW // 4
    sending.choose()
    page = sending.page
    expect(state(page, "sending")).to_be_visible()
    expect(page.locator("[data-name]")).to_have_text("VID_20261122.mp4")
    expect(page.locator("[data-sent]")).to_have_text(re.compile(r"\d\s(ko|Mo) sur 7,6\sMo"))
    expect(page.locator("[data-speed]")).to_have_text(re.compile(r"(ko|Mo) par seconde"))
    expect(page.locator("[data-left]")).to_have_text(re.compile(r"encore \d+\ssecondes environ"))
    assert float(page.locator("progress").first.get_attribute("value")) > 0
    assert accessibility_problems(page) == []
    sending.wire.bytes_per_s = 0
    sending.assert_all_is_there()


def test_after_a_reload_the_same_file_goes_on_where_it_stopped(sending):
    sending.wire.bytes_per_s = SLOW
    sending.choose()
    sending.wait_until_sent(600_000)
    page = sending.page
    page.once("dialog", lambda dialog: dialog.accept())  # "leave this page?"
    page.reload()
    sending.wire.bytes_per_s = 0
    assert 600_000 <= sending.wait_until_settled() < SIZE
    expect(page.locator(".film-part")).to_contain_text("déjà envoyés et gardés")
    expect(page.locator(".film-part")).to_contain_text("VID_20261122.mp4")
    assert accessibility_problems(page) == []
    sending.choose()
    sending.assert_all_is_there()
    sending.assert_sent_once()


def test_the_same_film_under_another_name_goes_on_and_another_film_does_not(sending, tmp_path):
    sending.wire.bytes_per_s = SLOW
    sending.choose()
    sending.wait_until_sent(300_000)
    page = sending.page
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    sending.wire.bytes_per_s = 0
    sending.wait_until_settled()
    other = tmp_path / "VID_20261122.mp4.other"
    other.write_bytes(film(SIZE, seed=2))
    sending.choose(path=other)
    expect(state(page, "other-file")).to_be_visible()
    renamed = tmp_path / "trim.E7A1.MOV"
    renamed.write_bytes(sending.data)
    sending.choose(path=renamed)
    sending.assert_all_is_there()
    sending.assert_sent_once()


def test_a_film_that_was_begun_goes_on_even_if_it_is_chosen_on_the_first_page(sending):
    sending.wire.bytes_per_s = SLOW
    sending.choose()
    sending.wait_until_sent(300_000)
    sending.page.close(run_before_unload=False)
    sending.wire.bytes_per_s = 0
    sending.wait_until_settled()
    page = sending.open("/my-films/new")
    sending.choose(page)
    sending.assert_all_is_there(page)
    sending.assert_sent_once()


# Chromium repeats a request by itself if the connection it had used before breaks before any
# answer: each time one part, of a second's bytes or, if it counts late, two seconds'. None of
# it was acknowledged.
REPEATED_S = 2


def test_without_a_network_it_waits_says_so_and_goes_on_by_itself(sending):
    sending.wire.bytes_per_s = SLOW
    sending.choose()
    sending.wait_until_sent(2_500_000)
    sending.context.set_offline(True)
    sending.wire.cut()
    expect(state(sending.page, "waiting")).to_be_visible()
    expect(state(sending.page, "sending")).to_be_hidden()
    sending.wire.bytes_per_s = 0
    sending.wait_until_settled()
    sending.context.set_offline(False)
    sending.assert_all_is_there()
    sending.assert_sent_once(extra=REPEATED_S * SLOW)


def test_connections_that_break_again_and_again_lose_next_to_nothing(sending):
    sending.wire.bytes_per_s = slower = SLOW // 2
    sending.choose()
    for least in (400_000, 1_200_000, 2_000_000):
        sending.wait_until_sent(least)
        sending.wire.cut()
    sending.wire.bytes_per_s = 0
    sending.assert_all_is_there()
    sending.assert_sent_once(extra=3 * REPEATED_S * slower)


def test_a_server_that_is_killed_and_started_again_is_waited_for(sending, live):
    sending.wire.bytes_per_s = SLOW
    sending.choose()
    stood = sending.wait_until_sent(600_000)
    live.kill()
    expect(state(sending.page, "retrying")).to_be_visible()
    before = sending.wire.sent
    sending.wire.bytes_per_s = 0
    live.start()
    sending.assert_all_is_there()
    assert sending.wire.sent - before < SIZE - stood + BESIDE


def test_a_second_window_waits_and_takes_over_when_the_first_is_closed(sending):
    sending.wire.bytes_per_s = SLOW
    sending.choose()
    sending.wait_until_sent(300_000)
    second = sending.open("/my-films/new")
    sending.choose(second)
    expect(state(second, "elsewhere")).to_be_visible()
    watching = sending.open(re.sub(r"^https?://[^/]+", "", sending.page.url))
    expect(state(watching, "elsewhere")).to_be_visible()
    expect(watching.locator(".film-progress progress")).to_be_visible()
    sending.page.close(run_before_unload=False)
    sending.wire.bytes_per_s = 0
    sending.assert_all_is_there(second)
    expect(watching.locator(".film-status-headline")).to_contain_text("Nous le préparons")


def test_when_the_log_in_ends_the_place_is_kept_until_the_next_one(sending, people):
    sending.wire.bytes_per_s = SLOW // 4
    sending.choose()
    sending.wait_until_sent(1)  # the next part is on its way, the one after it is refused
    with sending.runtime.transaction() as session:
        session.execute(delete(LoginSession))
    page = sending.page
    expect(state(page, "logged-out")).to_be_visible()
    expect(page.locator("[data-log-in]")).to_be_visible()
    sending.wire.bytes_per_s = 0
    log_in(sending.context, people, "ada", sending.wire.url)  # as in the window the link opens
    page.evaluate("dispatchEvent(new Event('focus'))")
    sending.assert_all_is_there()
    sending.assert_sent_once()


def test_it_can_be_paused_and_goes_on(sending):
    sending.wire.bytes_per_s = SLOW
    sending.choose()
    sending.wait_until_sent(300_000)
    page = sending.page
    page.get_by_role("button", name="Mettre en pause").click()
    expect(state(page, "paused")).to_be_visible()
    expect(page.get_by_role("button", name="Continuer")).to_be_focused()
    assert accessibility_problems(page) == []
    sending.wire.bytes_per_s = 0
    assert sending.wait_until_settled() < SIZE
    page.get_by_role("button", name="Continuer").press("Enter")
    sending.assert_all_is_there()
    sending.assert_sent_once()


def test_it_can_be_stopped_and_everything_is_thrown_away(sending):
    sending.wire.bytes_per_s = SLOW
    sending.choose()
    sending.wait_until_sent(300_000)
    page = sending.page
    page.get_by_text("Arrêter l’envoi").press("Enter")
    page.get_by_role("button", name="Supprimer cet envoi").click()
    expect(page.get_by_role("heading", name="Votre film en trois étapes")).to_be_visible()
    with sending.runtime.reading() as session:
        assert session.scalars(select(Clip.stage)).one() is Stage.ABANDONED
        assert session.scalars(select(Video)).one().deleted_at is not None


@pytest.mark.parametrize(
    ("begins", "shown", "words"),
    [
        (b"%PDF-1.7\n", "refused", "C’est un document."),
        (b"\xff\xd8\xff\xe0", "refused", "C’est une photo."),
        (b"", "no-film", "n’est pas une vidéo"),
    ],
)
def test_what_is_no_film_is_told_at_once(sending, tmp_path, begins, shown, words):
    path = tmp_path / "file.mp4"
    path.write_bytes(begins + bytes(2_000_000) if begins else b"")
    page = sending.page
    sending.choose(path=path)
    expect(state(page, shown)).to_be_visible()
    expect(state(page, shown)).to_contain_text(words)
    assert sending.wire.sent < 256 * 1024 + BESIDE  # not more than the first part
    sending.choose()  # and another file can be chosen on the spot
    expect(page.locator(".film-status-headline")).to_contain_text("Nous le préparons")


def test_what_is_too_big_is_told_before_anything_is_sent(sending, tmp_path):
    path = tmp_path / "long.mp4"
    with path.open("wb") as file:
        file.truncate(2048 * 1024 * 1024 + 1)  # takes no room on the disk
    sending.choose(path=path)
    expect(state(sending.page, "too-big")).to_contain_text("Le maximum est 2 Go")
    assert sending.wire.sent < BESIDE


def test_a_film_can_be_dropped_on_the_page(sending):
    sending.page.evaluate(
        """async () => {
            const bytes = new Uint8Array(50_000);
            bytes.set([0, 0, 0, 32, 102, 116, 121, 112, 105, 115, 111, 109]);
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], 'film.mp4', {type: 'video/mp4'}));
            const target = document.querySelector('cv-upload');
            target.dispatchEvent(new DragEvent('drop', {dataTransfer: transfer, bubbles: true}));
        }"""
    )
    expect(sending.page.locator(".film-status-headline")).to_contain_text("Nous le préparons")


def test_everything_can_be_done_with_the_keyboard(sending):
    page = sending.page
    page.locator("h1").click()
    page.keyboard.press("Tab")
    expect(page.locator("[data-read-aloud]")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Tab")
        focused = page.locator("input[type=file]").first
        expect(focused).to_be_focused()
        page.keyboard.press("Enter")
    chooser.value.set_files(sending.path)
    sending.assert_all_is_there()
