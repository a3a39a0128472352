"""A site to develop on, for this computer alone: whatever is saved is there at the next reload.

The site runs in Flask's own server, with its debugger, and reloads Python by itself. Templates and
the manifest of the browser's files are read anew for each page, and esbuild makes scripts and
styles anew when they are saved. The workers and the clock start anew when Python is saved: one
worker for each queue. Everybody's words stand in this terminal; SQL goes to `sql.log` in the home
folder, since it would hide the rest.

usage: python -m tools.dev         (CVTUBE_HOME, CVTUBE_PORT, CVTUBE_DEMO=false)
       python -m tools.dev seed    (the demo's people and videos, as the first one starts it)
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from flask import Flask

from cvtube import runtime
from cvtube.accounts.cards import peppers
from cvtube.app import create_app
from cvtube.cli.database import upgrade_schema
from cvtube.cli.preconditions import check_machine, occupied_home
from cvtube.cli.run import STOPPING, stop_when_told
from cvtube.cli.valkey import valkey_command
from cvtube.demo.people import LOG_INS, PASSWORD
from cvtube.demo.progress import Telling
from cvtube.demo.seeding import Seeding
from cvtube.process import as_parent, tethered
from cvtube.runtime import build
from cvtube.settings import Settings, load

ROOT = Path(__file__).resolve().parent.parent
PYTHON = (sys.executable, "-m")
POLL_EVERY_S = 1.0
STOPPED_WITHIN_S = 10


def make_site() -> Flask:
    """The application, which writes down its SQL. Parameters are people's words and stay hidden."""
    settings = load()
    log = logging.getLogger("sqlalchemy.engine")
    log.addHandler(logging.FileHandler(settings.home / "sql.log", encoding="utf-8"))
    log.setLevel(logging.INFO)
    log.propagate = False
    return create_app(build(settings, interactive=True))


def seed() -> None:
    """What the demo begins with; nothing where it is already."""
    with runtime.opened(load()) as opened:
        Seeding(opened, Telling(when_watchable=lambda: None)).run()


def develop() -> None:
    """Start everything, and keep it alive until Ctrl-C."""
    settings = load(demo=os.environ.get("CVTUBE_DEMO", "true") != "false")
    stop_when_told()
    with occupied_home(settings):
        check_machine(settings)
        upgrade_schema(settings.database_url)
        with runtime.opened(settings) as opened:
            peppers.settle(opened)
        house = House(settings)
        try:
            house.start()
            house.keep_alive()
        except KeyboardInterrupt:
            print("\nStopping …", flush=True)
        finally:
            for name in STOPPING:  # a second Ctrl-C would only leave things behind
                signal.signal(name, signal.SIG_IGN)
            house.stop()


class House:
    """The processes, by name."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._running: dict[str, subprocess.Popen[str]] = {}

    def start(self) -> None:
        settings = self._settings
        if settings.embedded_redis:
            self._start("valkey", valkey_command(settings))
        flask = ("flask", "--app", "tools.dev:make_site", "run", "--debug")
        place = ("--host", settings.bind, "--port", str(settings.port))
        self._start("site", tethered([*PYTHON, *flask, *place]))
        node = str(Path(sys.executable).with_name("node"))
        self._start("esbuild", tethered([node, "build.mjs", "--watch"]), folder=ROOT / "frontend")
        self._start_workers()
        if settings.demo:
            self._start("demo", tethered([*PYTHON, "tools.dev", "seed"]))
        print(f"\nDevelop on {settings.public_url} (SQL: {settings.home / 'sql.log'})")
        for address, what in LOG_INS if settings.demo else ():
            print(f"  {address:<24} {what}")
        print(f"  Their password: {PASSWORD}\n" if settings.demo else "", flush=True)

    def stop(self) -> None:
        for process in reversed(self._running.values()):
            _ask_to_end(process)
        for process in self._running.values():
            _wait_for(process)

    def keep_alive(self) -> None:
        """Start workers anew whenever Python was saved; say it when something ends by itself."""
        before = list(_python())
        while True:
            time.sleep(POLL_EVERY_S)
            if (now := list(_python())) != before:
                before = now
                print("  workers | Python was saved: starting anew", flush=True)
                self._start_workers()
            for name, process in list(self._running.items()):
                if process.poll() is not None:
                    del self._running[name]
                    if name != "demo":
                        print(f"{name:>9} | ended with status {process.returncode}", flush=True)

    def _start_workers(self) -> None:
        for name in ("transcode", "general", "clock"):
            if old := self._running.pop(name, None):
                _ask_to_end(old)
                _wait_for(old)
            role = ("clock",) if name == "clock" else ("worker", name)
            self._start(name, tethered([*PYTHON, "cvtube", *role]))

    def _start(self, name: str, command: list[str], folder: Path = ROOT) -> None:
        settings = self._settings
        process = subprocess.Popen(
            command,
            cwd=folder,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for this process, which stops the others
            env={
                **os.environ,
                **as_parent(),
                "CVTUBE_DEMO": str(settings.demo),
                "PYTHONUNBUFFERED": "1",
                "PYTHONPATH": str(ROOT),
            },
        )
        self._running[name] = process
        threading.Thread(target=_repeat, args=[name, process], daemon=True).start()


def _repeat(name: str, process: subprocess.Popen[str]) -> None:
    for line in process.stdout or ():
        print(f"{name:>9} | {line}", end="", flush=True)


def _python() -> Iterator[tuple[Path, int]]:
    """Every Python file of the product, with when it was saved."""
    for path in sorted((ROOT / "cvtube").rglob("*.py")):
        yield path, path.stat().st_mtime_ns


def _ask_to_end(process: subprocess.Popen[str]) -> None:
    """The process with its own: reloaders and wheels' programs have children."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)


def _wait_for(process: subprocess.Popen[str]) -> None:
    try:
        process.wait(STOPPED_WITHIN_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


if __name__ == "__main__":
    if sys.argv[1:] == ["seed"]:
        seed()
    elif sys.argv[1:]:
        sys.exit(__doc__)
    else:
        develop()
