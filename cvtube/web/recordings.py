"""What screens say when they read themselves aloud: recordings, in one archive for each language.

`make spoken` makes the archives (tools/spoken). They are not compressed, and are read in place: a
recording is a few kilobytes, and nothing has to unpack two thousand files before a page can speak.
"""

from __future__ import annotations

import mimetypes
from functools import cache
from pathlib import Path
from threading import Lock
from zipfile import ZipFile

from flask import Blueprint, Response, request, url_for

from cvtube.errors import Refused
from cvtube.i18n import LANGUAGES
from cvtube.web.assets import FOREVER
from cvtube.web.guard import public

ARCHIVES = Path(__file__).parent.parent / "data" / "spoken"
INDEX = "index.json"  # {text: name of its recording}

blueprint = Blueprint("recordings", __name__, url_prefix="/static/spoken")


class Recordings:
    """What is in the archive of a language.

    It stays open: who replaces the file (an upgrade, `make spoken`) takes nothing from a process
    that has read where everything is in the one before.
    """

    def __init__(self, archive: Path) -> None:
        self._archive = ZipFile(archive)
        self._reading = Lock()

    @property
    def version(self) -> str:
        """Another one for every other index."""
        return f"{self._archive.getinfo(INDEX).CRC:08x}"

    def read(self, name: str) -> bytes:
        """A recording, or the index.

        Raises:
            KeyError: there is none of that name.

        """
        with self._reading:
            return self._archive.read(name)


@cache
def archive_of(language: str) -> Recordings:
    """The recordings in a language; opened when a page asks first, never before a fork."""
    return Recordings(ARCHIVES / f"{language}.zip")


@blueprint.app_template_global("recordings")
def index_address(language: str) -> str:
    """Where a page gets the index of what can be heard; with its version, it is kept for good."""
    version = archive_of(language).version
    return url_for("recordings.play", language=language, recording=INDEX, of=version)


@blueprint.get("/<language>/<recording>")
@public
def play(language: str, recording: str) -> Response:
    """A recording or the part of it a Range asks for, or the index."""
    if language not in LANGUAGES:
        raise Refused("not_found")
    found = archive_of(language)
    try:
        content = found.read(recording)
    except KeyError as error:
        raise Refused("not_found") from error
    response = Response(content, mimetype=mimetypes.guess_type(recording)[0])
    # A recording's name is made of what it says; an older or newer page asks for its own index.
    exact = recording != INDEX or request.args.get("of") == found.version
    response.headers["Cache-Control"] = FOREVER if exact else "no-cache"
    response.add_etag()
    response.make_conditional(request, accept_ranges=True, complete_length=len(content))
    return response
