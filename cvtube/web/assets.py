"""Addresses of scripts, styles and recordings; a hash in each lets browsers keep them for good."""

from __future__ import annotations

import hashlib
import json
import mimetypes
from functools import cache
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, request, send_from_directory, url_for

BUILT = Path(__file__).parent.parent / "static" / "build"
KEPT = ("/static/build/", "/static/spoken/")
FOREVER = "public, max-age=31536000, immutable"
PACKED = {"br": ".br", "gzip": ".gz"}  # by what browsers call it, the smaller one first


class NotBuilt(Exception):
    """The browser's files are missing: `make build` makes them."""


def init_app(app: Flask) -> None:
    """Let templates say asset('player.js'), and browsers keep what they got."""
    app.add_url_rule("/static/<path:filename>", "static", _send)
    app.jinja_env.globals["asset"] = lambda name: url_for("static", filename=f"build/{built(name)}")
    app.jinja_env.globals["recordings"] = _recordings

    @app.after_request
    def keep(response: Response) -> Response:
        found = response.status_code < HTTPStatus.BAD_REQUEST
        if found and request.endpoint == "static" and request.path.startswith(KEPT):
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


def _recordings(language: str) -> str:
    """The index of what can be heard in a language: {text: file beside it} (tools/spoken)."""
    name = f"spoken/{language}/index.json"
    return url_for("static", filename=name, of=_digest(name))


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((BUILT.parent / name).read_bytes()).hexdigest()[:16]


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
