"""supervisord as this process's child: started, asked, kept alive, and stopped for certain."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
import xmlrpc.client
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any

from cvtube.cli.preconditions import CannotStart
from cvtube.cli.procfile import configuration
from cvtube.process import as_parent, tethered
from cvtube.settings import Settings

READY_WITHIN_S = 300  # what cannot live is told of at once; a machine with other work is slow
STOPPED_WITHIN_S = 45
LOG_LINES = 6
POLL_EVERY_S = 15
TOO_SHORT_S = 10  # a supervisor that lives no longer than this would never live
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 (compared, not bound)


class Supervised:
    """Every process of this machine, below one."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._said: deque[str] = deque(maxlen=LOG_LINES)

    def start(self) -> None:
        """Start everything. Call it from the main thread: children die with their parent's."""
        home = self._settings.home
        file = home / "run/supervisord.conf"
        text = configuration(self._settings)
        if not file.exists() or file.read_text() != text:  # a later start may find the disk full
            file.write_text(text)
        self._process = subprocess.Popen(
            tethered([sys.executable, "-m", "supervisor.supervisord", "-c", str(file)]),
            stdin=subprocess.DEVNULL,
            # Not a file: what it cannot write to its log on a full disk it says here, and where
            # that fails as well, it ends, and everything with it.
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=self._environment(),
            # Ctrl-C is for this process alone, which then stops the others in good order.
            start_new_session=True,
        )
        threading.Thread(target=self._listen, args=[self._process.stdout], daemon=True).start()
        self._started_at = time.monotonic()

    def _listen(self, pipe: IO[bytes]) -> None:
        """Keep the last lines it says, in memory."""
        with pipe:
            self._said.extend(line.decode(errors="replace").rstrip() for line in pipe)

    def wait_until_ready(self) -> None:
        """Return once the site and its parts answer.

        Raises:
            CannotStart: a process does not stay alive, or nothing answers in time.
        """
        answer = "nothing"
        while time.monotonic() < self._started_at + READY_WITHIN_S:
            if self._process is None or self._process.poll() is not None:
                raise CannotStart(self._ended("supervisord"))
            if given_up := self._given_up():
                raise CannotStart(self._ended(given_up[0]["name"]))
            answer = self._ask()
            if answer == "ok":
                return
            time.sleep(0.1)
        raise CannotStart(
            f"The site did not get ready within {READY_WITHIN_S} s (it answers {answer}). "
            f"See {self._settings.home / 'logs'}."
        )

    def keep_alive(self) -> None:
        """Wait for ever; a supervisor that was killed, and what it gave up, is started again.

        Raises:
            CannotStart: the supervisor does not stay alive.
        """
        while self._process is not None:
            try:
                self._process.wait(POLL_EVERY_S)
            except subprocess.TimeoutExpired:
                self._start_given_up()
                continue
            if time.monotonic() < self._started_at + TOO_SHORT_S:
                raise CannotStart(self._ended("supervisord"))
            self.start()

    def stop(self) -> None:
        """Stop everything, by force if asking does not help; its children die with it."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOPPED_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _environment(self) -> dict[str, str]:
        settings = self._settings
        told = {
            "CVTUBE_HOME": str(settings.home),
            "CVTUBE_DEMO": str(settings.demo).lower(),
            "PYTHONUNBUFFERED": "1",
        }
        if config := os.environ.get("CVTUBE_CONFIG"):
            told["CVTUBE_CONFIG"] = str(Path(config).absolute())
        return {**os.environ, **told, **as_parent()}

    def _ask(self) -> str:
        host = EVERYWHERE.get(self._settings.bind, self._settings.bind)
        url = f"http://{host}:{self._settings.port}/readyz"
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                parts = json.load(response)["parts"]
        except urllib.error.HTTPError as error:
            return f"status {error.code}"
        except (OSError, HTTPException, ValueError):
            return "nothing"
        # The site is fit without its queue, but a start is not complete without it.
        silent = [name for name, state in parts.items() if state not in {"ok", "full"}]
        return f"without its {' and '.join(silent)}" if silent else "ok"

    def _given_up(self) -> list[dict[str, Any]]:
        """The processes that supervisord could not keep alive."""
        try:
            with self._supervisor() as supervisor:
                states: list[dict[str, Any]] = supervisor.getAllProcessInfo()
        except (OSError, HTTPException, xmlrpc.client.Error):
            return []  # it is not there yet, or no more
        return [state for state in states if state["statename"] == "FATAL"]

    def _start_given_up(self) -> None:
        """What was away for a while (a disk, a database) may be back."""
        for state in self._given_up():
            with suppress(OSError, HTTPException, xmlrpc.client.Error), self._supervisor() as asked:
                asked.startProcess(f"{state['group']}:{state['name']}", False)

    @contextmanager
    def _supervisor(self) -> Iterator[Any]:
        """The XML-RPC interface of supervisord, over a socket that only this account can open."""
        from supervisor.xmlrpc import SupervisorTransport  # noqa: PLC0415

        socket = f"unix://{self._settings.sockets / 'supervisor.sock'}"
        transport = SupervisorTransport(None, None, serverurl=socket)
        try:
            server: Any = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport)
            yield server.supervisor
        finally:
            transport.close()

    def _ended(self, name: str) -> str:
        log = self._settings.home / "logs" / f"{name}.log"
        text = log.read_text(errors="replace") if log.exists() else ""
        lines = text.splitlines()[-LOG_LINES:] or self._said
        last = "\n".join(f"  {line}" for line in lines)
        return f"The process `{name}` does not stay alive. The end of {log}:\n{last}"
