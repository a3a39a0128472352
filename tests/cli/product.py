"""The product as a stranger starts it: `cvtube run` in a home folder of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import psutil

from cvtube.process import as_parent, tethered
from tests.services import free_port, wait_for

PATIENCE_S = 120  # on a machine that is busy with other tests


class Product:
    """One `cvtube run`, what it says, and every process below it."""

    def __init__(self, home: Path, *arguments: str, port: int | None = None, **env: str) -> None:
        self.home = home
        self.port = port or free_port()
        self.said: list[str] = []
        self._news = threading.Condition()
        self.process = subprocess.Popen(
            # A test that fails half-way must not leave a product behind.
            tethered([sys.executable, "-m", "cvtube", "run", *arguments]),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**environment(home, self.port, **env), **as_parent()},
        )
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def wait_to_hear(self, words: str) -> str:
        """The first line with these words."""
        with self._news:
            self._news.wait_for(
                lambda: any(words in line for line in self.said) or not self._reader.is_alive(),
                timeout=PATIENCE_S,
            )
        found = [line for line in self.said if words in line]
        assert found, "".join(self.said)
        return found[0]

    def tree(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def program(self, *words: str) -> psutil.Process:
        """The process that was started with these words on its command line."""
        return next(
            one
            for one in self.tree()
            if one.status() != psutil.STATUS_ZOMBIE
            and all(word in " ".join(one.cmdline()) for word in words)
        )

    def ask(self, path: str) -> dict[str, object]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return json.load(answer)

    def stop(self, number: int = signal.SIGINT) -> int:
        """Ask it to stop; returns its exit status once nothing is left of it."""
        family = self.tree()
        self.process.send_signal(number)
        status = self.wait_for_end()
        _, alive = psutil.wait_procs(family, timeout=10)
        assert not alive, f"left behind: {alive}"
        return status

    def wait_for_end(self) -> int:
        status = self.process.wait(PATIENCE_S)
        self._reader.join(10)
        assert not self._reader.is_alive(), "somebody who was left behind still speaks"
        assert self.process.stdout
        self.process.stdout.close()
        return status

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._news:
                self.said.append(line)
                self._news.notify_all()
        with self._news:
            self._news.notify_all()


def environment(home: Path, port: int, **env: str) -> dict[str, str]:
    """Nothing of the caller's settings, and this product's own."""
    inherited = {key: value for key, value in os.environ.items() if "CVTUBE" not in key}
    own = {"CVTUBE_HOME": str(home), "CVTUBE_PORT": str(port), "PYTHONUNBUFFERED": "1"}
    return {**inherited, **own, **env}


def wait_until(true, *, what: str) -> None:
    def attempt() -> None:
        assert true(), what

    wait_for(attempt)
