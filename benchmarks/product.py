"""The whole product with its demo's films, as `cvtube run --demo` starts it, to be measured."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks.machine import free_port


@contextmanager
def product(home: Path) -> Iterator[int]:
    """The whole product, in which every film is made."""
    port = free_port()
    told = {"CVTUBE_HOME": str(home), "CVTUBE_PORT": str(port), "CVTUBE_PUBLIC_URL": ""}
    environment = {key: value for key, value in os.environ.items() if "CVTUBE" not in key} | told
    command = [sys.executable, "-m", "cvtube"]
    process = subprocess.Popen([*command, "run", "--demo"], env=environment)
    try:
        wait_for_films(home, port, process)
        yield port
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def wait_for_films(home: Path, port: int, process: subprocess.Popen[bytes]) -> None:
    """Until nothing has been transcoded for a while."""
    quiet_since = time.monotonic()
    while time.monotonic() < quiet_since + 20:
        if process.poll() is not None:
            raise SystemExit("the product has ended")
        if not answers(port) or any("ffmpeg" in name for name in names_below(process.pid)):
            quiet_since = time.monotonic()
        time.sleep(1)
    print(f"  {home}: all films are made; port {port}")


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return True
    except OSError:
        return False


def names_below(pid: int) -> list[str]:
    try:
        return [one.name() for one in psutil.Process(pid).children(recursive=True)]
    except psutil.Error:
        return []
