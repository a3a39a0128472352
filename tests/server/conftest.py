"""A really started server with the small application."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cvtube.process import as_parent, tethered
from tests.services import free_port, wait_for

PAGE_THREADS = 2  # few, so that an attack that holds any is seen
DEAF = 4096  # bytes that the network takes for somebody who does not read


class Server:
    """Asked in words, or down to the single byte."""

    def __init__(self, folder: Path, worker: str) -> None:
        self.folder, self.port = folder, free_port()
        command = [sys.executable, "-m", "gunicorn", f"--worker-class={worker}"]
        command += [f"--threads={PAGE_THREADS}", f"--bind=127.0.0.1:{self.port}"]
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                tethered([*command, "--no-control-socket", "tests.server.application:app"]),
                env={**os.environ, **as_parent(), "CVTUBE_TEST_FOLDER": str(folder)},
                stdout=log,
                stderr=log,
            )
        self._open: list[socket.socket] = []
        wait_for(lambda: self.ask("/"))

    def ask(self, path: str, method: str = "GET", body: bytes | None = None) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body)
        answer = connection.getresponse()
        assert answer.status == 200
        text = answer.read().decode()
        connection.close()
        return text

    def say(self, *lines: str, body: bytes = b"", taken: int | None = None) -> socket.socket:
        """Begin a request, and leave it at that; the network takes so many bytes for us."""
        connection = socket.socket()
        if taken is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, taken)
        connection.settimeout(30)
        connection.connect(("127.0.0.1", self.port))
        connection.sendall("\r\n".join(lines).encode() + body)
        self._open.append(connection)
        return connection

    def leave(self) -> None:
        for connection in self._open:
            connection.close()
        self._open.clear()

    def stop(self) -> None:
        self.leave()
        self.process.terminate()
        self.process.wait(30)


def everything(connection: socket.socket) -> bytes:
    """What is answered, to the end of the connection."""
    answer = b""
    while piece := connection.recv(65_536):
        answer += piece
    return answer


@pytest.fixture(scope="module")
def serve(tmp_path_factory) -> Iterator[Callable[[str], Server]]:
    started: dict[str, Server] = {}

    def start(worker: str) -> Server:
        if worker not in started:
            started[worker] = Server(tmp_path_factory.mktemp("server"), worker)
        return started[worker]

    yield start
    for server in started.values():
        server.stop()


@pytest.fixture
def server(serve) -> Iterator[Server]:
    """With the deadlines of the product."""
    one = serve("cvtube.server.worker.LanesWorker")
    yield one
    one.leave()


@pytest.fixture
def hasty(serve) -> Iterator[Server]:
    """With deadlines of half a second."""
    one = serve("tests.server.application.Hasty")
    yield one
    one.leave()
