"""A film sent by a plain form (multipart/form-data, RFC 7578), read while it streams.

The framework's own form parser writes every file to a temporary one first: a film would be on
the web server's disk twice and in the storage once. Here its bytes go the same way as those
of the protocol. The fields in front of the file are read first, so the page's forms put the
forgery token there.
"""

from __future__ import annotations

from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import (
    Data,
    Epilogue,
    Event,
    Field,
    File,
    MultipartDecoder,
    NeedData,
)

from cvtube.errors import Refused
from cvtube.upload.streams import READ, Body

MAX_FIELD = 10_000  # bytes


class FormFilm:
    """The fields in front of a form's file, and the file as a stream."""

    def __init__(self, body: Body, boundary: bytes) -> None:
        self._body = body
        # What it may hold back is little: a form without an end must not fill the memory.
        self._decoder = MultipartDecoder(boundary, 8 * READ, max_parts=20)
        self._ended = False
        self.fields: dict[str, str] = {}
        self.name = ""

    def find(self) -> None:
        """Read up to the first byte of the film.

        Raises:
            Refused: there is none, or this is no form.
        """
        try:
            self._find()
        except FormBroken as broken:
            raise Refused("bad_request") from broken

    def read(self, _size: int, /) -> bytes:
        """The film's next bytes, as many as came at a time; FormBroken if the form breaks off."""
        while not self._ended:
            event = self._next()
            if isinstance(event, Data):
                self._ended = not event.more_data
                if event.data:
                    return event.data
        return b""

    def _find(self) -> None:
        field = ""
        while True:
            event = self._next()
            if isinstance(event, File) and event.filename:
                self.name = event.filename
                return
            if isinstance(event, Epilogue):
                raise Refused("no_file")
            if isinstance(event, Field | File):
                field = event.name or ""
            if isinstance(event, Data):
                value = self.fields.get(field, "") + event.data.decode(errors="replace")
                if len(value) > MAX_FIELD:
                    raise Refused("request_too_big")
                self.fields[field] = value

    def _next(self) -> Event:
        """The next event of the form."""
        try:
            while isinstance(event := self._decoder.next_event(), NeedData):
                self._decoder.receive_data(self._body.read(READ) or None)
        except ValueError as error:
            raise FormBroken from error
        return event


class FormBroken(OSError):
    """The form ended in the middle, or was none."""


def boundary_of(content_type: str | None) -> bytes:
    """What separates the form's parts."""
    mimetype, parameters = parse_options_header(content_type)
    boundary = parameters.get("boundary", "")
    if mimetype != "multipart/form-data" or not boundary:
        raise Refused("bad_request")
    return boundary.encode("latin-1", "replace")
