"""The two servers that are compared, each in processes of its own."""

from __future__ import annotations

import http.client
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from flask import Flask

from benchmarks.machine import free_port
from cvtube.accounts.models import CandidateProfile, Role, User
from cvtube.accounts.sessions import open_session
from cvtube.app import create_app
from cvtube.cli.database import upgrade_schema
from cvtube.cli.preconditions import occupied_home
from cvtube.cli.valkey import valkey_command
from cvtube.process import as_parent, tethered
from cvtube.queue.broker import Broker
from cvtube.queue.notify import NotifyError
from cvtube.runtime import Runtime, opened
from cvtube.settings import load

START_S = 60


@dataclass(frozen=True)
class Server:
    """Something that takes uploads in."""

    port: int
    process: psutil.Process
    kept: Path  # where it leaves what it was sent
    passes: Sequence[dict[str, str]]  # headers of people whom it knows

    def cpu_s(self) -> float:
        """User and system time of all its processes so far."""
        family = [self.process, *self.process.children(recursive=True)]
        return sum(sum(one.cpu_times()[:2]) for one in family)

    def forget(self) -> None:
        """Make room for the next round."""
        for path in self.kept.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()


@contextmanager
def bare(folder: Path, people: int) -> Iterator[Server]:
    """See `benchmarks.ingest.bare`."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    command = tethered([sys.executable, "-m", "benchmarks.ingest.bare", str(port), str(folder)])
    with _started(command, {}, folder.with_suffix(".log")) as process:
        _wait_for(port)
        yield Server(port, process, folder, [{}] * people)


@contextmanager
def product(home: Path, people: int, database_url: str) -> Iterator[Server]:
    """`cvtube web` with a queue, on local storage and the database; nobody transcodes."""
    port = free_port()
    given = {
        "CVTUBE_HOME": str(home),
        "CVTUBE_PORT": str(port),
        "CVTUBE_DATABASE_URL": database_url,
        "CVTUBE_UPLOAD_DAILY_MIB_PER_PERSON": str(10**6),
        "CVTUBE_LOG_LEVEL": "WARNING",
    }
    settings = load(
        home=home,
        port=port,
        database_url=database_url,
        upload_daily_mib_per_person=10**6,
    )
    objects = home / "storage" / "objects"
    web = tethered([sys.executable, "-m", "cvtube", "web"])
    with occupied_home(settings):
        upgrade_schema(settings.database_url)
        objects.mkdir(parents=True, exist_ok=True)
        settings.sockets.mkdir(exist_ok=True, mode=0o700)
        with (
            _started(valkey_command(settings), given, home / "valkey.log"),
            _started(web, given, home / "web.log") as process,
        ):
            _wait_for(port)
            with opened(settings) as runtime:
                _wait_for_the_queue(Broker(settings.redis_url))
                site = create_app(runtime)
                passes = [_let_in(runtime, site, number) for number in range(people)]
            yield Server(port, process, objects, passes)


def _let_in(runtime: Runtime, site: Flask, number: int) -> dict[str, str]:
    """A candidate with a log-in."""
    now = runtime.now()
    with runtime.transaction() as session:
        user = User(
            email=f"sender{number}-{now.timestamp()}@example.org",
            role=Role.CANDIDATE,
            given_name="Sender",
            created_at=now,
            email_confirmed_at=now,
            profile=CandidateProfile(updated_at=now),
        )
        session.add(user)
        session.flush()
        token = open_session(session, user, now, device="Benchmark")
    browser = site.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    page = browser.get("/my-films").get_data(as_text=True)
    form_token = page.partition('name="csrf-token" content="')[2].partition('"')[0]
    known_by = browser.get_cookie("cvtube")
    return {
        "Cookie": f"cvtube={known_by.value if known_by else ''}",
        "X-CSRFToken": form_token,
        "Tus-Resumable": "1.0.0",
    }


@contextmanager
def _started(command: list[str], given: dict[str, str], log: Path) -> Iterator[psutil.Process]:
    environment = {**os.environ, **as_parent(), **given}
    with log.open("ab") as file:
        child = subprocess.Popen(command, env=environment, stdout=file, stderr=file)
    try:
        yield psutil.Process(child.pid)
    finally:
        child.terminate()
        child.wait()


def _wait_for(port: int) -> None:
    end = time.monotonic() + START_S
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()


def _wait_for_the_queue(notifier: Broker) -> None:
    """A film that ends while it is away waits for it, and this is no measure of that."""
    end = time.monotonic() + START_S
    while True:
        try:
            notifier.check()
        except NotifyError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return
