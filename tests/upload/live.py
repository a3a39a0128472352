"""The web application behind a real gunicorn: two processes, as in production."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from cvtube.process import as_parent, tethered
from cvtube.settings import Settings
from tests.personas import Personas
from tests.services import free_port, wait_for


class LiveServer:
    """Starts, is killed, and starts again on the same port."""

    def __init__(self, settings: Settings, log: Path) -> None:
        self.settings, self.port = settings, free_port()
        self._log = log
        self._gunicorn: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Does nothing if it runs."""
        if self._gunicorn is not None and self._gunicorn.poll() is None:
            return
        environment = {
            **os.environ,
            **as_parent(),
            "CVTUBE_HOME": str(self.settings.home),
            "CVTUBE_DATABASE_URL": self.settings.database_url,
            "CVTUBE_REDIS_URL": self.settings.redis_url,
            "CVTUBE_STORAGE_URL": self.settings.storage_url,
            "CVTUBE_SECRET_KEY": self.settings.secret_key,
            "CVTUBE_PUBLIC_URL": self.url,
        }
        options = (
            "--worker-class=cvtube.server.worker.LanesWorker",
            "--threads=16",
            "--workers=2",
            "--preload",
        )
        command = [sys.executable, "-m", "gunicorn", *options, f"--bind=127.0.0.1:{self.port}"]
        with self._log.open("ab") as log:
            self._gunicorn = subprocess.Popen(
                tethered([*command, "--no-control-socket", "cvtube.wsgi:app"]),
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_for(self.answers)

    def answers(self) -> None:
        connection = self.connect()
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200
        connection.close()

    def kill(self) -> None:
        """As a power cut would: every process at once, in the middle of whatever it does."""
        if self._gunicorn is not None:
            os.killpg(self._gunicorn.pid, signal.SIGKILL)
            self._gunicorn.wait()
            self._gunicorn = None

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)


def pass_of(people: Personas, name: str) -> tuple[str, str]:
    """A person's log-in cookie, and the forgery token that goes with it."""
    browser = people.client(name)
    page = browser.get("/my-films")
    token = re.search(r'name="csrf-token" content="([^"]+)"', page.text)
    cookie = browser.get_cookie("cvtube")
    assert token is not None
    assert cookie is not None
    return cookie.value, token[1]


def headers_of(people: Personas, name: str) -> dict[str, str]:
    """What the person's browser sends along."""
    cookie, token = pass_of(people, name)
    return {"Cookie": f"cvtube={cookie}", "X-CSRFToken": token, "Tus-Resumable": "1.0.0"}
