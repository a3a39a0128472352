"""A real Chromium: the machine's own, else the one npm carries (no root, no download)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

from tests.personas import Personas
from tests.serving import serving

FRONTEND = Path(__file__).parent.parent / "frontend"
UNPACKED = FRONTEND / "node_modules/.chromium"
AXE = FRONTEND / "node_modules/axe-core/axe.min.js"

PHONE = {"width": 360, "height": 740}
SMALL = {"width": 360, "height": 640}
DESK = {"width": 1440, "height": 900}
CAMERA = (320, 180)

FILM = "document.querySelector('film-video')"

ARGUMENTS = [
    "--no-sandbox",  # CI runs as root; the pages are our own
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream=fps=10",  # a test picture costs as much as a film
]

UNPACK = """
import chromium from '@sparticuz/chromium';
console.log(JSON.stringify([await chromium.executablePath(), process.env.LD_LIBRARY_PATH]));
"""


def film_for_the_camera(folder: Path) -> Path:
    """What it sees, over and over: smaller than a real one's, since each frame is encoded."""
    path = folder / "camera.mjpeg"
    picture = f"testsrc2=s={CAMERA[0]}x{CAMERA[1]}:r=10:d=3"
    command = (imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", picture, path)
    subprocess.run(command, check=True)
    return path


def find_chromium() -> dict[str, Any]:
    """How to launch it."""
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return {"executable_path": path, "args": ARGUMENTS}
    node = str(Path(sys.executable).with_name("node"))
    command = [node, "--input-type=module", "--eval", UNPACK]
    # Its package brings the system libraries it needs when it is told that it runs on Lambda.
    environment = {**os.environ, "AWS_LAMBDA_JS_RUNTIME": "nodejs22.x"}
    # It would unpack itself among everybody's temporary files, under one name for all accounts.
    # Here, it goes with the package that it comes from.
    UNPACKED.mkdir(exist_ok=True)
    environment["TMPDIR"] = str(UNPACKED)
    done = subprocess.run(
        command, cwd=FRONTEND, env=environment, check=True, capture_output=True, text=True
    )
    path, libraries = json.loads(done.stdout)
    return {
        "executable_path": path,
        "args": [*ARGUMENTS, "--no-zygote", "--headless=shell"],
        "env": {**os.environ, "LD_LIBRARY_PATH": libraries},
    }


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    how = find_chromium()
    camera = film_for_the_camera(tmp_path_factory.mktemp("camera"))
    how["args"] = [*how["args"], f"--use-file-for-fake-video-capture={camera}"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**how)
        yield browser
        browser.close()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A French phone."""
    yield from visit(chromium, viewport=PHONE, has_touch=True)


@pytest.fixture
def desk(chromium: Browser) -> Iterator[Page]:
    """A French computer."""
    yield from visit(chromium, viewport=DESK)


def visit(chromium: Browser, **options: object) -> Iterator[Page]:
    context = open_context(chromium, **options)
    yield context.new_page()
    context.close()


def open_context(chromium: Browser, **options: object) -> BrowserContext:
    context = chromium.new_context(**{"locale": "fr-FR", **options})  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    context.on("response", _remember_if_slowed)
    return context


def log_in(context: BrowserContext, people: Personas, name: str, url: str) -> None:
    """Have a browser be somebody's who is signed in; "nobody" stays a stranger."""
    cookie = people.client(name).get_cookie("cvtube")
    if cookie is not None:
        context.add_cookies([{"name": "cvtube", "value": cookie.value, "url": url}])


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The application behind a real socket; its address."""
    with serving(app) as address:
        yield address


@pytest.fixture
def open_as(chromium: Browser, site: str, people: Personas) -> Iterator[Callable[..., Page]]:
    """Opens a page of the site as somebody; no script on it may fail."""
    contexts: list[BrowserContext] = []
    failures: list[str] = []

    def visit(name: str, path: str, **options: object) -> Page:
        context = open_context(chromium, **{"viewport": DESK, "base_url": site, **options})
        contexts.append(context)
        log_in(context, people, name, site)
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(path)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert failures == []


SLOWED: list[str] = []


def _remember_if_slowed(response: Response) -> None:
    if response.status == HTTPStatus.TOO_MANY_REQUESTS:
        SLOWED.append(f"{response.request.method} {response.url}")


@pytest.fixture(autouse=True)
def nobody_was_slowed_down() -> Iterator[None]:
    """What people do in a browser never meets a limit that is there for programs."""
    SLOWED.clear()
    yield
    assert SLOWED == []


def accessibility_problems(page: Page) -> list[str]:
    """What axe-core finds wrong on the page as it is now (WCAG 2.2 A and AA, best practices)."""
    if not page.evaluate("() => 'axe' in globalThis"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "() => axe.run(document, {resultTypes: ['violations']}).then((all) => all.violations)"
    )
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]


def play(page: Page, film: str = FILM) -> None:
    """Start a film, without its sound.

    What its `play()` promises is not waited for: a film that never comes would never say so.
    """
    page.evaluate(f"() => {{ {film}.muted = true; {film}.play().catch(() => {{}}); }}")


def fits(page: Page) -> bool:
    """Nothing has to be scrolled to."""
    fitting: bool = page.evaluate(
        "[document.documentElement.scrollHeight <= innerHeight,"
        " document.documentElement.scrollWidth <= innerWidth].every(Boolean)"
    )
    return fitting


def until(page: Page, expression: str, arg: object = None, *, patience_s: float = 20) -> None:
    """Wait for a JavaScript expression to hold.

    (Playwright's own `wait_for_function` needs `eval`, which our pages' policy forbids.)
    """
    what = f"{expression} ({arg})"
    until_true(page, lambda: page.evaluate(expression, arg), what=what, patience_s=patience_s)


def until_true(
    page: Page, condition: Callable[[], object], *, what: str = "", patience_s: float = 20
) -> None:
    """Wait for something to hold, while the browser goes on and tells of its events."""
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline, f"never became true: {what}"
        page.evaluate("() => new Promise((go) => setTimeout(go, 40))")
