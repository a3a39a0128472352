"""A small application for the real server, and a hasty worker: the same with deadlines to wait out.

It is called by a path in another process, which imports this module.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cvtube.server import connection, loop
from cvtube.server.worker import LanesWorker

FOLDER = Path(os.environ.get("CVTUBE_TEST_FOLDER", "."))


class Hasty(LanesWorker):
    """Whose patience a test can see the end of."""

    def init_process(self) -> None:
        loop.HEAD_S = loop.FIRST_BYTE_S = loop.BODY_S = 0.5
        loop.SILENCE_S = connection.SILENCE_S = 0.5
        loop.SLOWEST = sys.maxsize
        super().init_process()


def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:  # noqa: PLR0911 (one a path)
    """What a path asks for."""
    match environ["PATH_INFO"].strip("/").split("/"):
        case ["film"]:
            return _send_file(environ, start, FOLDER / "film")
        case ["kept", name]:
            return _say(start, str((FOLDER / name).stat().st_size))
        case ["keep" | "uploads", name]:
            return _say(start, str(_keep(environ, FOLDER / name)))
        case ["objects", name]:
            start(
                "200 OK", [("X-Accel-Redirect", f"/stored/{name}"), ("Content-Type", "video/mp4")]
            )
            return []
        case ["read" | "login"]:
            return _say(start, str(len(environ["wsgi.input"].read())))
        case ["page", size]:
            return _say(start, "x" * int(size))
        case _:
            return _say(start, "ok")


def _say(start: Any, text: str) -> list[bytes]:
    start("200 OK", [("Content-Length", str(len(text))), ("Content-Type", "text/html")])
    return [text.encode()]


def _send_file(environ: dict[str, Any], start: Any, path: Path) -> Iterable[bytes]:
    start("200 OK", [("Content-Length", str(path.stat().st_size))])
    wrapped: Iterable[bytes] = environ["wsgi.file_wrapper"](path.open("rb"))
    return wrapped


def _keep(environ: dict[str, Any], path: Path) -> int:
    """Write a body down as it comes; the file has its name once the body has ended."""
    draft = path.with_suffix(".draft")
    with draft.open("wb", buffering=0) as file:
        while piece := environ["wsgi.input"].read(100_000):
            file.write(piece)
    draft.rename(path)
    return path.stat().st_size
