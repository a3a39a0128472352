"""Go through the studio as a candidate does; a picture of every screen, into docs/studio.md.

usage: make pictures  (while `make run` is up; PORT=… as there)
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the tests know how to find a Chromium

from cvtube.settings import load  # noqa: E402
from cvtube.transcode import tools  # noqa: E402
from tests.browser import PHONE, find_chromium, until  # noqa: E402
from tools.pictures import DESK, SITE, log_in  # noqa: E402

PICTURES = ROOT / "docs/pictures/studio"
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

Taken from the running demo on a phone (360 × 740; one on a computer) by `make pictures`, which
writes this page anew.
In front of the camera: one of the demo's invented candidates.

"""


@dataclass(frozen=True)
class Screen:
    """One picture: its name, and what somebody does there."""

    name: str
    what: str


def main() -> None:
    """All of them, anew."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for old in PICTURES.glob("*.jpg"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        how = find_chromium()
        how["args"] = [*how["args"], f"--use-file-for-fake-video-capture={sitting(Path(folder))}"]
        browser = playwright.chromium.launch(**how)
        context = browser.new_context(
            base_url=SITE, locale="fr-FR", viewport=PHONE, has_touch=True,
            permissions=["camera", "microphone"],
        )  # fmt: skip
        page = context.new_page()
        lines = []
        for number, screen in enumerate(walk(page), start=1):
            name = f"{number:02}-{screen.name}.jpg"
            page.evaluate(SEEN)
            page.screenshot(path=PICTURES / name, type="jpeg", quality=80)
            lines.append(f"| ![{screen.what}](pictures/studio/{name}) | {screen.what} |")
        browser.close()
    PAGE.write_text(HEAD + "\n".join(["| | |", "| --- | --- |", *lines]) + "\n", encoding="utf-8")


def sitting(folder: Path) -> Path:
    """The demo's film as a camera shows it, over and over."""
    film = folder / "sitter.mjpeg"
    ffmpeg = tools.find(load(home=folder / "home")).ffmpeg.path
    command = [ffmpeg, "-v", "error", "-i", SITTER, "-an", "-r", "20", "-q:v", "3", film]
    subprocess.run([str(word) for word in command], check=True)
    return film


def walk(page: Page) -> Iterator[Screen]:
    """From a new film to a sent one."""
    log_in(page, "candidate")
    page.goto("/my-films")
    yield Screen("films", "My films, and two ways to begin another.")
    page.get_by_role("button", name="Filmer par parties").click()
    page.wait_for_url("**/studio/films/*")
    overview = page.url
    yield Screen("parts", "The film in six parts, with one thing to do next.")
    page.set_viewport_size(DESK)
    page.get_by_role("button", name="Continuer sur votre téléphone").click()
    page.wait_for_url("**/hand-overs/*")
    yield Screen("phone", "On a computer: a code that works once carries the film on to a phone.")
    page.set_viewport_size(PHONE)
    page.goto(overview)
    page.get_by_role("link", name="Changer les parties").click()
    yield Screen("arrange", "Parts change places, are left out or taken back.")
    for part in ("La preuve", "Ce que je cherche", "Quand et où", "Au revoir"):
        page.get_by_role("link", name=f"Enlever : {part}").click()
        if part == "La preuve":
            yield Screen("leave-out", "What leaving a part out means, before it is done.")
        page.get_by_role("button", name="L’enlever").click()
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
    yield Screen("part", "One part: what it asks, and a hint.")
    page.get_by_role("link", name="Préparer mes mots").click()
    page.locator("input[name=typed]").fill(ANSWERS[0])
    expect(page.get_by_role("button", name="Le dire")).to_be_visible()
    yield Screen("question", "One question a screen, answered by a tap or in own words.")
    page.get_by_role("button", name="Le dire").click()
    until(page, "() => document.querySelector('[data-say] [data-time]').textContent === '0:02'")
    yield Screen("saying", "Or said: a note for oneself.")
    page.get_by_role("button", name="Arrêter").click()
    until(page, "() => document.querySelector('[data-say]').dataset.state === 'kept'")
    yield Screen("said", "The note can be heard, said again, or removed.")
    page.get_by_role("button", name="Enlever ma note").click()
    until(page, "() => document.querySelector('[data-say]').dataset.state === 'idle'")
    for answer in ANSWERS:
        page.locator("input[name=typed]").fill(answer)
        before = page.url
        page.get_by_role("button", name="Suivant").click()
        page.wait_for_url(lambda address, before=before: address != before)
    yield Screen("words", "A short text to say, to be changed as one likes.")
    page.get_by_role("button", name="Garder ces mots").click()
    page.wait_for_load_state()
    yield Screen("part-with-words", "The part with its words, ready to be filmed.")
    page.get_by_role("link", name="Essayer d’abord caméra, son et lumière").click()
    expect(page.locator("[data-check][data-state=on]")).to_be_visible()
    yield Screen("check", "Camera, sound, light, room and network, before anything is filmed.")
    page.go_back()
    page.get_by_role("link", name="Filmer cette partie").click()


def record(page: Page) -> Iterator[Screen]:
    """The recorder in each of its states."""
    wait_for_state(page, "ready")
    until(page, "() => document.querySelector('[data-self]').currentTime > 0.5")
    yield Screen("ready", "The words run over the camera; nothing starts by itself.")
    page.get_by_role("button", name="Réglages").click()
    yield Screen("settings", "Speed, size and place of the words, camera, own picture.")
    page.get_by_role("button", name="Fermer").click()
    yield from shoot(page)


def shoot(page: Page) -> Iterator[Screen]:
    """One take, chosen."""
    wait_for_state(page, "ready")
    page.get_by_role("button", name="Filmer", exact=True).click()
    wait_for_state(page, "counting")
    yield Screen("counting", "Three, two, one: or not yet.")
    wait_for_state(page, "recording")
    until(page, "() => document.querySelector('[data-recorder]').dataset.ms >= 4000")
    yield Screen("recording", "Filming: how long it is by now, pause, finish.")
    page.get_by_role("button", name="J’ai fini", exact=True).click()
    wait_for_state(page, "looking")
    until(page, "() => document.querySelector('[data-playback]').readyState >= 4")
    page.wait_for_timeout(FADING_MS)
    yield Screen("take", "Watch the take, cut off its ends, take it or film again.")
    page.get_by_role("button", name="Prendre celle-ci", exact=True).click()
    wait_for_state(page, "chosen")
    page.wait_for_timeout(FADING_MS)
    yield Screen("chosen", "The take is chosen, and where it is: here, on its way, or sent.")


def wait_for_state(page: Page, name: str) -> None:
    """Until the recorder is there."""
    expect(page.locator(f'[data-recorder][data-state="{name}"]')).to_be_visible(timeout=MAKING_MS)


def send(page: Page, overview: str) -> Iterator[Screen]:
    """From the last take to the moderators."""
    page.goto(f"{overview}/review")
    expect(page.locator("[data-premiere]")).to_be_visible()
    yield Screen("premiere", "The whole film at once, as this device keeps it.")
    page.goto(overview)
    watch = page.locator("a.button", has_text="Regarder mon film")
    expect(watch).to_be_visible(timeout=MAKING_MS)
    yield Screen("all-parts", "All parts are ready: watch the whole film.")
    watch.click()
    until(page, "() => document.querySelector('film-video')?.readyState >= 2")
    yield Screen("review", "The film as others would see it.")
    page.get_by_role("link", name="Choisir l’image").click()
    yield Screen("poster", "The picture that stands for the film.")
    page.go_back()
    page.get_by_role("link", name="Il me plaît : envoyer").click()
    yield Screen("audience", "Who may see it: recruiters, or only people who have a link.")
    page.get_by_label("Les recruteurs peuvent le trouver").check()
    page.get_by_role("button", name="Continuer").click()
    yield Screen("send", "Each point is agreed to by itself; none is ticked.")
    for box in page.locator("input[name=consent]").all():
        box.check()
    page.get_by_role("button", name="Envoyer aux modérateurs").click()
    page.wait_for_url(re.compile(r"/my-films/"))
    yield Screen("sent", "How the film stands.")
    yield from keep_in_hand(page, page.url)


def keep_in_hand(page: Page, film: str) -> Iterator[Screen]:
    """What its owner may do with a film at any time."""
    page.get_by_role("link", name="Créer un lien").click()
    yield Screen("make-link", "A link for people without an account; it is agreed to by itself.")
    for box in page.locator("input[name=consent]").all():
        box.check()
    page.locator("button[form=make-link]").click()
    expect(page.locator("#my-link")).to_be_visible()
    yield Screen("link", "The link and its code: copied, printed, made anew, switched off.")
    page.goto(film)
    page.get_by_role("link", name="Mes accords").click()
    yield Screen("agreed", "Everything agreed to, each to be taken back.")
    page.goto(film)
    page.get_by_role("link", name="Sous-titres").click()
    yield Screen("captions", "Captions are written beside the film, sentence by sentence.")
    page.goto("/studio/offline")
    yield Screen("offline", "Without a network: what was filmed is kept, and filming goes on.")


if __name__ == "__main__":
    main()
