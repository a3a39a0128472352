"""The least that any server does which keeps its word: read a body, write it, flush it.

It runs below the same gunicorn with the same settings as the product, and knows no people, no
database and no film. Run as `python -m benchmarks.ingest.bare PORT FOLDER`.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from cvtube.cli.web import WebServer
from cvtube.settings import load
from cvtube.upload.streams import CHUNK

PIECE = 256 * 1024  # bytes read at a time


def app_into(folder: Path) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """A WSGI application that leaves what it is sent in the folder."""

    def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        left = int(environ.get("CONTENT_LENGTH") or 0)
        while left and (size := _one_file(environ["wsgi.input"], min(left, CHUNK), folder)):
            left -= size  # nothing came: the sender has hung up
        start("204 No Content", [])
        return []

    return app


def _one_file(stream: Any, limit: int, folder: Path) -> int:
    size = 0
    with (folder / secrets.token_hex(8)).open("xb", buffering=0) as file:
        while size < limit and (piece := stream.read(min(PIECE, limit - size))):
            size += file.write(piece)
        os.fdatasync(file.fileno())
    return size


class Bare(WebServer):
    """The same server with another application."""

    def __init__(self, port: int, folder: Path) -> None:
        self._folder = folder
        super().__init__(load(port=port, home=folder))

    def load(self) -> Any:
        return app_into(self._folder)


if __name__ == "__main__":
    Bare(int(sys.argv[1]), Path(sys.argv[2])).run()
