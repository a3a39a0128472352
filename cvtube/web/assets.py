"""Addresses of built scripts and styles; a hash in the name lets browsers keep them for good."""

from __future__ import annotations

import json
import mimetypes
from functools import cache
from pathlib import Path

from flask import Flask, Response, request, send_from_directory, url_for

BUILT = Path(__file__).parent.parent / "static" / "build"
FOREVER = "public, max-age=31536000, immutable"
PACKED = {"br": ".br", "gzip": ".gz"}  # by what browsers call it, the smaller one first


class NotBuilt(Exception):
    """The browser's files are missing: `make build` makes them."""


def init_app(app: Flask) -> None:
    """Let templates say asset('player.js'), and browsers keep what they got."""
    app.view_functions["static"] = _send
    app.jinja_env.globals["asset"] = lambda name: url_for("static", filename=f"build/{built(name)}")

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and "/build/" in request.path:
            response.headers["Cache-Control"] = FOREVER
        return response


def _send(filename: str) -> Response:
    """The file, packed if the build has packed it and the browser unpacks it."""
    folder = BUILT.parent
    for coding, ending in PACKED.items():
        if request.accept_encodings[coding] and (folder / f"{filename}{ending}").is_file():
            kind = mimetypes.guess_type(filename)[0]
            response = send_from_directory(folder, f"{filename}{ending}", mimetype=kind)
            response.headers["Content-Encoding"] = coding
            response.headers.add("Vary", "Accept-Encoding")
            return response
    return send_from_directory(folder, filename)


def built(name: str) -> str:
    """The hashed file name of an entry."""
    try:
        return _manifest()[name]
    except (OSError, KeyError) as error:
        raise NotBuilt(f"{name}: run `make build` to make the browser's files") from error


@cache
def _manifest() -> dict[str, str]:
    names: dict[str, str] = json.loads((BUILT / "manifest.json").read_text())
    return names
