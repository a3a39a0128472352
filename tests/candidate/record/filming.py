"""Ada, filming: what she does on the page, and what has become of it."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import select

from cvtube.videos.upload_sessions import UploadSession
from tests.browser import until
from tests.services import wait_for
from tests.upload.tus import original

PATIENCE_MS = 20_000  # machines that test are busy


class Filming:
    """One browser on the recorder's page."""

    def __init__(
        self, context: BrowserContext, runtime, wire, chapter, page: Page | None = None
    ) -> None:
        self.context, self.runtime, self.wire, self.chapter = context, runtime, wire, chapter
        self.complaints: list[str] = []
        self.page = self.open(page)

    @property
    def address(self) -> str:
        return f"{self.wire.url}/studio/chapters/{self.chapter.id}/recording"

    def open(self, page: Page | None = None) -> Page:
        page = page or self.context.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(self.address)
        return page

    def _listen(self, message) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def wait_for_state(self, name: str, page: Page | None = None) -> None:
        shown = (page or self.page).locator(f'cv-recorder[data-state="{name}"]')
        expect(shown).to_be_visible(timeout=PATIENCE_MS)

    def place(self, state: str) -> Locator:
        """The words that say where the take that is looked at is."""
        return self.page.locator(f"[data-place] [data-place-of-take={state}]")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def start(self) -> None:
        """Up to the first picture of a take."""
        self.wait_for_state("ready")
        self.button("Commencer à filmer").click()
        self.wait_for_state("recording")

    def film_for(self, seconds: float) -> None:
        until(self.page, "(ms) => document.querySelector('cv-recorder').dataset.ms >= ms",
              seconds * 1000)  # fmt: skip

    @property
    def shown_s(self) -> float:
        """How long the page says the take is by now."""
        return int(self.page.locator("cv-recorder").get_attribute("data-ms") or 0) / 1000

    def stop(self) -> None:
        self.button("Terminer").click()
        self.wait_for_state("looking")

    def take(self, seconds: float = 3) -> None:
        self.start()
        self.film_for(seconds)
        self.stop()

    def unfold(self, what: str) -> None:
        """Open what lies behind its words: "trim" or "takes"."""
        box = self.page.locator(f".rec-{what}")
        if box.get_attribute("open") is None:
            box.locator("summary").click()

    def look_at(self, take: str) -> None:
        self.unfold("takes")
        self.page.get_by_role("button", name=take).click()

    @property
    def uploads(self) -> list[UploadSession]:
        with self.runtime.reading() as session:
            return list(session.scalars(select(UploadSession).order_by(UploadSession.created_at)))

    def wait_until_received(self, least: int) -> None:
        def arrived() -> None:
            assert [upload.received for upload in self.uploads][-1] >= least

        wait_for(arrived)

    def wait_until_sent(self, count: int = 1) -> list[bytes]:
        """Every take is there, whole; returns their bytes."""

        def arrived() -> None:
            assert [upload.finished_at is not None for upload in self.uploads] == [True] * count

        wait_for(arrived)
        return [original(self.runtime, upload.id) for upload in self.uploads]
