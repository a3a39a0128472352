"""The really started product, and the people who use it in their browsers."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from cvtube import runtime as runtimes
from cvtube.accounts import people, recruiters
from cvtube.accounts.models import Role
from cvtube.mail.models import Mail
from cvtube.runtime import Runtime
from cvtube.settings import load
from cvtube.videos.models import Clip, VideoEvent
from tests.browser import DESK, FILM, PHONE, accessibility_problems, open_context, play, until
from tests.cli.product import Product, environment
from tests.services import wait_for

PASSWORD = "un mot de passe de fleurs"
MODERATOR, RECRUITER = "moderator@example.org", "recruiter@example.org"
LEASE_S = 5  # how soon a killed worker's clip is taken over
FOR_RECRUITERS = "Les recruteurs peuvent le trouver"
BY_LINK_ONLY = "Seulement les personnes qui ont mon lien"
MAKING_MS = 90_000  # how long a small film may take on a machine that does other things, too


class SiteUnderTest:
    """One `cvtube run` without demo people, a moderator, a verified recruiter, and visitors."""

    def __init__(self, home: Path, chromium: Browser) -> None:
        self._chromium = chromium
        self.product = Product(home, CVTUBE_LEASE_S=str(LEASE_S), CVTUBE_REVIEW_UNDO_SECONDS="1")
        self.product.wait_to_hear("CV Tube is ready")
        self.url = f"http://127.0.0.1:{self.product.port}"
        self._create(MODERATOR, Role.MODERATOR)
        self._create(RECRUITER, Role.RECRUITER, "--organisation", "Les Jardins du Port")
        with self.runtime() as runtime, runtime.transaction() as session:
            moderator = people.find_user(session, MODERATOR)
            recruiter = people.find_user(session, RECRUITER)
            assert moderator
            assert recruiter
            recruiters.verify_recruiter(session, recruiter, runtime.now(), actor=moderator)

    def _create(self, email: str, role: Role, *more: str) -> None:
        command = [sys.executable, "-m", "cvtube", "create-user", email, "--role", role.value]
        command += ["--given-name", email.partition("@")[0].title(), "--password-stdin", *more]
        subprocess.run(
            command, env=environment(self.product.home, self.product.port),
            input=f"{PASSWORD}\n", text=True, check=True, timeout=60,
        )  # fmt: skip

    @contextmanager
    def runtime(self) -> Iterator[Runtime]:
        """The product's own database and storage, to look at what no page shows."""
        with runtimes.opened(load(home=self.product.home, port=self.product.port)) as runtime:
            yield runtime

    def stop(self) -> None:
        status = self.product.stop()
        assert status == 0, "".join(self.product.said[-40:])

    def mails_to(self, address: str) -> list[Mail]:
        with self.runtime() as runtime, runtime.reading() as session:
            newest_first = select(Mail).order_by(Mail.created_at.desc(), Mail.id)
            return list(session.scalars(newest_first.where(Mail.to_address.contains(address))))

    def clips_of(self, video_id: str) -> list[Clip]:
        with self.runtime() as runtime, runtime.reading() as session:
            of_film = select(Clip).where(Clip.video_id == video_id)
            return list(session.scalars(of_film.options(joinedload(Clip.job))))

    def verbs_of(self, video_id: str) -> list[str]:
        with self.runtime() as runtime, runtime.reading() as session:
            of_video = select(VideoEvent.verb).where(VideoEvent.video_id == video_id)
            return list(session.scalars(of_video))

    # -- visitors -------------------------------------------------------------------------

    @contextmanager
    def visitors(self) -> Iterator[Visitors]:
        with ExitStack() as stack:
            yield Visitors(self, self._chromium, stack)


class Visitors:
    """The people of one story, each with a browser of their own."""

    def __init__(self, site_under_test: SiteUnderTest, chromium: Browser, stack: ExitStack) -> None:
        self._town = site_under_test
        self._chromium = chromium
        self._stack = stack
        self._failures: list[str] = []
        stack.callback(self._assert_no_script_failed)

    def _assert_no_script_failed(self) -> None:
        assert self._failures == []

    def anybody(self, url: str = "", **options: object) -> BrowserContext:
        options = {"viewport": DESK, "base_url": url or self._town.url, **options}
        context = open_context(self._chromium, **options)
        self._stack.callback(context.close)
        context.on("weberror", lambda error: self._failures.append(str(error.error)))
        return context

    def log_in(self, email: str, **options: object) -> Page:
        page = self.anybody(**options).new_page()
        page.goto("/login")
        page.get_by_label("Adresse e-mail").fill(email)
        page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Se connecter").click()
        page.wait_for_url(lambda address: "/login" not in address)
        return page

    def sign_up(self, name: str, *, url: str = "") -> Page:
        """A new candidate on a phone, as far as the confirmed address."""
        email = f"{name.lower()}@example.org"
        page = self.anybody(url, viewport=PHONE, has_touch=True).new_page()
        page.goto("/signup")
        page.get_by_label("Prénom").fill(name)
        page.get_by_label("Adresse e-mail").fill(email)
        page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Créer mon compte").click()
        page.wait_for_url(lambda address: "/signup" not in address)
        link = re.search(r"https?://[^/\s]+(/\S+)", self._town.mails_to(email)[0].body)
        assert link
        page.goto(link[1])
        page.get_by_role("button", name="Confirmer mon adresse e-mail").click()
        page.wait_for_url(lambda address: link[1] not in address)
        return page


# -- what people do, page by page -------------------------------------------------------------


def send_film(page: Page, path: Path) -> str:
    """Choose the film and let it be sent; the film's id."""
    page.goto("/my-films/new")
    page.locator("input[type=file]").first.set_input_files(path)
    page.wait_for_url(re.compile(r"/my-films/[a-z0-9]{26}$"))
    expect(page.locator(".film-status-headline")).to_be_visible()
    return page.url.rpartition("/")[2]


def wait_until_ready(page: Page) -> None:
    """On the film's page, without a reload."""
    expect(page.locator(".film-status-headline")).to_have_text(
        "Votre film est prêt. Regardez-le.", timeout=MAKING_MS
    )


def send_to_moderators(page: Page, audience: str = FOR_RECRUITERS) -> None:
    """From the film's page or the last look at it, by what the buttons say."""
    page.reload()  # nothing is exchanged under the hand any more
    page.get_by_role("link", name="Envoyer mon film").click()
    page.get_by_label(audience).check()
    assert_accessible(page)
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_url("**/sending?*")
    for box in page.locator("input[name=consent]").all():
        box.check()
    assert_accessible(page)
    page.get_by_role("button", name="Envoyer mon film").click()
    page.wait_for_url(re.compile(r"/my-films/"))


def plays(page: Page, past_s: float = 0.4) -> None:
    """The <video> really advances."""
    until(page, f"{FILM}?.readyState >= 1")
    play(page)
    until(page, f"(second) => {FILM}.currentTime > second", past_s)


def approve(page: Page, video_id: str) -> None:
    take(page, video_id)
    page.get_by_role("button", name=re.compile("^Accepter")).click()
    expect(page.get_by_text("Film accepté").first).to_be_visible()  # also read aloud
    wait_for_effect(page, video_id)


def wait_for_effect(page: Page, video_id: str) -> None:
    """Until a decision can no longer be undone."""

    def takes_effect() -> None:
        page.goto(f"/moderation/films/{video_id}")
        assert page.get_by_text("décision en cours").count() == 0

    wait_for(takes_effect)


def take(page: Page, video_id: str) -> None:
    page.goto(f"/moderation/films/{video_id}")
    page.get_by_role("button", name="Vérifier ce film").click()
    expect(page.get_by_text("Réservé pour vous")).to_be_visible()


def assert_accessible(page: Page) -> None:
    if problems := accessibility_problems(page):
        raise AssertionError("\n".join((page.url, *problems)))
