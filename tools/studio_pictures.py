"""Go through the studio as a candidate does; every screen on sheets, into docs/studio.md.

usage: make pictures  (while `make run` is up; PORT=… as there)
"""

from __future__ import annotations

import base64
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the tests know how to find a Chromium

from cvtube.settings import load  # noqa: E402
from cvtube.toolchain import selection  # noqa: E402
from tests.browser import PHONE, find_chromium, until  # noqa: E402
from tools.pictures import DESK, SITE, log_in  # noqa: E402

PICTURES = ROOT / "docs/pictures"
PAGE = ROOT / "docs/studio.md"
SITTER = ROOT / "cvtube/demo/clips/ines-1.mov"
ANSWERS = ("Inès", "infirmière", "six ans")  # to the questions of the first part
MAKING_MS = 120_000
FADING_MS = 1500  # the browser's own sign that a film is loading
# Letters and pictures are there; pages that listen to the server are never idle.
SEEN = """async () => {
  await document.fonts.ready;
  await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
}"""
HEAD = """# The studio, screen by screen

`make pictures` takes these pictures from the running demo and writes this page. They show a phone
(360 × 740), and one shows a computer. The person in front of the camera is an invented candidate.
"""
A_SHEET = 6  # screens: three beside each other can still be read on a page as wide as GitHub's
SHEET_WIDTH = 1160
SHEET = """<!doctype html><style>
body { display: grid; grid-template-columns: repeat(3, 1fr); gap: 20px; margin: 20px }
body { background: #ddd }
figure { margin: 0; font: bold 20px sans-serif }
img { display: block; width: 100%; margin-top: 6px }
</style>"""


@dataclass(frozen=True)
class Screen:
    """One picture: what somebody does there."""

    what: str


def main() -> None:
    """All of them, anew."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        how = find_chromium()
        how["args"] = [*how["args"], f"--use-file-for-fake-video-capture={sitting(Path(folder))}"]
        browser = playwright.chromium.launch(**how)
        context = browser.new_context(
            base_url=SITE, locale="fr-FR", viewport=PHONE, has_touch=True,
            permissions=["camera", "microphone"],
        )  # fmt: skip
        page = context.new_page()
        taken = []
        for screen in walk(page):
            page.evaluate(SEEN)
            taken.append((screen.what, page.screenshot(type="jpeg", quality=90)))
        keep(browser, taken)
        browser.close()


def keep(browser: Browser, taken: Sequence[tuple[str, bytes]]) -> None:
    """Put the pictures on sheets, and the sheets on the page, each with its screens in words."""
    for old in PICTURES.glob("studio-*.jpg"):
        old.unlink()
    page = browser.new_page(viewport={"width": SHEET_WIDTH, "height": 100})
    text = HEAD
    for sheet, at in enumerate(range(0, len(taken), A_SHEET), start=1):
        screens = list(enumerate(taken[at : at + A_SHEET], start=at + 1))
        figures = [figure(number, picture) for number, (_what, picture) in screens]
        page.set_content(SHEET + "".join(figures))
        page.evaluate(SEEN)
        name = f"studio-{sheet}.jpg"
        page.screenshot(path=PICTURES / name, type="jpeg", quality=80, full_page=True)
        text += f"\n![Screens {at + 1} to {screens[-1][0]}](pictures/{name})\n\n"
        text += "".join(f"{number}. {what}\n" for number, (what, _picture) in screens)
    PAGE.write_text(text, encoding="utf-8")


def figure(number: int, picture: bytes) -> str:
    """One screen on a sheet."""
    content = base64.b64encode(picture).decode()
    return f'<figure>{number}<img src="data:image/jpeg;base64,{content}"></figure>'


def sitting(folder: Path) -> Path:
    """The demo's film as a camera shows it, over and over."""
    film = folder / "sitter.mjpeg"
    ffmpeg = selection.select_tools(load(home=folder / "home")).ffmpeg.path
    command = [ffmpeg, "-v", "error", "-i", SITTER, "-an", "-r", "20", "-q:v", "3", film]
    subprocess.run([str(word) for word in command], check=True)
    return film


def walk(page: Page) -> Iterator[Screen]:
    """From a new film to a sent one."""
    log_in(page, "candidate")
    page.goto("/my-films")
    yield Screen("My videos, and two ways to start another.")
    page.get_by_role("button", name="Filmer partie par partie").click()
    page.wait_for_url("**/studio/films/*")
    overview = page.url
    yield Screen("The video in six parts, with one thing to do next.")
    page.set_viewport_size(DESK)
    page.get_by_role("button", name="Continuer sur mon téléphone").click()
    page.wait_for_url("**/hand-overs/*")
    yield Screen("On a computer: a QR code to continue on a phone. It works once.")
    page.set_viewport_size(PHONE)
    page.goto(overview)
    page.get_by_role("link", name="Changer les parties").click()
    yield Screen("Move parts, remove them or add them again.")
    for part in ("Un exemple", "Ce que je cherche", "Quand et où", "Au revoir"):
        page.get_by_role("link", name=f"Enlever : {part}").click()
        if part == "Un exemple":
            yield Screen("Before a part is removed: what will be deleted.")
        page.get_by_role("button", name="Enlever cette partie").click()
        page.wait_for_url("**/parts")
    yield from prepare(page, overview)
    yield from record(page)
    page.goto(overview)
    page.get_by_role("link", name="Continuer : Ce que je sais faire").click()
    page.get_by_role("link", name="Filmer tout de suite").click()
    for _screen in shoot(page):
        pass
    yield from send(page, overview)


def prepare(page: Page, overview: str) -> Iterator[Screen]:
    """Questions, one a screen, and the words that come of them."""
    page.goto(overview)
    page.get_by_role("link", name="Continuer : Bonjour").click()
    yield Screen("One part: what it asks, and a hint.")
    page.get_by_role("link", name="Préparer mon texte").click()
    page.locator("input[name=typed]").fill(ANSWERS[0])
    expect(page.get_by_role("button", name="Répondre à voix haute")).to_be_visible()
    yield Screen("One question per screen. Tap an answer, or type one.")
    page.get_by_role("button", name="Répondre à voix haute").click()
    until(page, "() => document.querySelector('[data-say] [data-time]').textContent === '0:02'")
    yield Screen("Or record a private voice note.")
    page.get_by_role("button", name="Arrêter").click()
    until(page, "() => document.querySelector('[data-say]').dataset.state === 'kept'")
    yield Screen("Play the voice note, record it again, or delete it.")
    page.get_by_role("button", name="Enlever ma note").click()
    page.get_by_role("dialog").get_by_role("button", name="Enlever ma note").click()
    until(page, "() => document.querySelector('[data-say]').dataset.state === 'idle'")
    for answer in ANSWERS:
        page.locator("input[name=typed]").fill(answer)
        before = page.url
        page.get_by_role("button", name="Continuer").click()
        page.wait_for_url(lambda address, before=before: address != before)
    yield Screen("A short text to say. Candidates can change it.")
    page.get_by_role("button", name="Enregistrer mon texte").click()
    page.wait_for_load_state()
    yield Screen("The part with its text, ready to film.")
    page.get_by_role("link", name="Tester d’abord la caméra, le son et la lumière").click()
    expect(page.locator("[data-check][data-state=on]")).to_be_visible()
    yield Screen("A test of camera, sound, light, space and connection before filming.")
    page.go_back()
    page.get_by_role("link", name="Filmer cette partie").click()


def record(page: Page) -> Iterator[Screen]:
    """The recorder in each of its states."""
    wait_for_state(page, "ready")
    until(page, "() => document.querySelector('[data-self]').currentTime > 0.5")
    yield Screen("The text scrolls over the camera picture. Nothing starts by itself.")
    page.get_by_role("button", name="Réglages").click()
    yield Screen("Speed, size and position of the text, camera, own picture.")
    page.get_by_role("button", name="Fermer").click()
    yield from shoot(page)


def shoot(page: Page) -> Iterator[Screen]:
    """One take, chosen."""
    wait_for_state(page, "ready")
    page.get_by_role("button", name="Commencer à filmer", exact=True).click()
    wait_for_state(page, "counting")
    yield Screen("Countdown, with a cancel button.")
    wait_for_state(page, "recording")
    until(page, "() => document.querySelector('[data-recorder]').dataset.ms >= 4000")
    yield Screen("Filming: time so far, pause, finish.")
    page.get_by_role("button", name="Terminer", exact=True).click()
    wait_for_state(page, "looking")
    until(page, "() => document.querySelector('[data-playback]').readyState >= 4")
    page.wait_for_timeout(FADING_MS)
    yield Screen("Watch the recording, trim it, use it or film again.")
    page.get_by_role("button", name="Garder cet essai", exact=True).click()
    wait_for_state(page, "chosen")
    page.wait_for_timeout(FADING_MS)
    yield Screen("The recording is chosen. A label says where it is saved.")


def wait_for_state(page: Page, name: str) -> None:
    """Until the recorder is there."""
    expect(page.locator(f'[data-recorder][data-state="{name}"]')).to_be_visible(timeout=MAKING_MS)


def send(page: Page, overview: str) -> Iterator[Screen]:
    """From the last take to the moderators."""
    page.goto(f"{overview}/review")
    expect(page.locator("[data-premiere]")).to_be_visible()
    yield Screen("Watch the whole video straight away, from this device.")
    page.goto(overview)
    watch = page.locator("a.button", has_text="Regarder mon film")
    expect(watch).to_be_visible(timeout=MAKING_MS)
    yield Screen("All parts are ready: watch the whole video.")
    watch.click()
    until(page, "() => document.querySelector('film-video')?.readyState >= 2")
    yield Screen("The video as other people would see it.")
    page.get_by_role("link", name="Choisir l’image").click()
    yield Screen("Choose a picture for the video.")
    page.go_back()
    page.get_by_role("link", name="Envoyer mon film").click()
    yield Screen("Who can see it: recruiters, or only people who have a link.")
    page.get_by_label("Les recruteurs peuvent le trouver").check()
    page.get_by_role("button", name="Continuer").click()
    yield Screen("Agree to each point separately. None is ticked in advance.")
    for box in page.locator("input[name=consent]").all():
        box.check()
    page.get_by_role("button", name="Envoyer mon film").click()
    page.wait_for_url(re.compile(r"/my-films/"))
    yield Screen("Status of the video.")
    yield from keep_in_hand(page, page.url)


def keep_in_hand(page: Page, film: str) -> Iterator[Screen]:
    """What its owner may do with a film at any time."""
    page.get_by_role("link", name="Créer un lien").click()
    yield Screen("A link for people without an account, with its own consent.")
    for box in page.locator("input[name=consent]").all():
        box.check()
    page.locator("button[form=make-link]").click()
    expect(page.locator("#my-link")).to_be_visible()
    yield Screen("The link and its QR code: copy, print, replace or turn off.")
    page.goto(film)
    page.get_by_role("link", name="Mes accords").click()
    yield Screen("What the owner agreed to, with a way to stop each point.")
    page.goto(film)
    page.get_by_role("link", name="Sous-titres").click()
    yield Screen("Write captions next to the video, sentence by sentence.")
    page.goto("/studio/offline")
    yield Screen("Offline: recordings are saved, and filming still works.")


if __name__ == "__main__":
    main()
