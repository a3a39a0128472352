"""Addresses of scripts and styles; a hash in each lets browsers keep them for good."""

from __future__ import annotations

import json
import mimetypes
import re
from functools import cache
from pathlib import Path

from flask import Flask, Response, request, send_from_directory, url_for

BUILT = Path(__file__).parent.parent / "static" / "build"
FOREVER = "public, max-age=31536000, immutable"
PACKED = {"br": ".br", "gzip": ".gz"}  # by what browsers call it, the smaller one first

_DIGEST = re.compile(r"-[0-9A-Z]{8}(?=\.\w+$)")  # as the build writes it (frontend/build.mjs)


class NotBuilt(Exception):
    """The browser's files are missing: `make build` makes them."""


def init_app(app: Flask) -> None:
    """Let templates say asset('player.js'), and browsers keep what they got."""
    app.add_url_rule("/static/<path:filename>", "static", _send)
    if app.debug:  # the browser's files are made anew beside it (`make dev`)
        app.before_request(_manifest.cache_clear)
    app.jinja_env.globals["asset"] = lambda name: url_for("static", filename=_at(built(name)))


def _send(filename: str) -> Response:
    """A file of the build, with how long browsers may keep it.

    Two versions run side by side during an upgrade, and each knows its own files alone: what a
    page of the other one asks for by its digest is answered with this one's, not for good.
    """
    name = filename if (BUILT.parent / filename).is_file() else _of_today(filename)
    response = _send_packed(name)
    response.headers["Cache-Control"] = FOREVER if name == filename else "no-cache"
    return response


def _of_today(filename: str) -> str:
    """The file that an entry of another version has here; of everything else the name itself."""
    entry = _DIGEST.sub("", filename)
    if entry == filename:
        return filename
    return next((f for f in map(_at, _read().values()) if _DIGEST.sub("", f) == entry), filename)


def _send_packed(filename: str) -> Response:
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


def file_of(name: str) -> Path:
    """Where an entry's file is now: it may have been built anew since the start."""
    return BUILT / _read()[name]


def _at(built_name: str) -> str:
    return f"build/{built_name}"


@cache
def _manifest() -> dict[str, str]:
    return _read()


def _read() -> dict[str, str]:
    names: dict[str, str] = json.loads((BUILT / "manifest.json").read_text())
    return names
