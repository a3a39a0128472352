"""Whether a file is several recordings, one copied behind the other, and where each begins.

Players and ffmpeg stop at the first one's end without a word, so the bytes themselves are asked.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path

from cvtube.videos.containers import Container

_EBML = b"\x1a\x45\xdf\xa3"
_SEGMENT = b"\x18\x53\x80\x67"
_HEADER_S = 80  # bytes; a header of Matroska or WebM is half of that
MOST = 32  # recordings in a file: nobody joins more by hand


def starts(path: Path, container: Container) -> list[int]:
    """The byte at which each recording begins; one for an ordinary film."""
    find = {Container.MP4: _boxes, Container.MATROSKA: _headers}.get(container)
    if find is None or not path.stat().st_size:
        return [0]
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as film:
        return [0, *find(film)][:MOST]


def _headers(film: mmap.mmap) -> Iterator[int]:
    """Further headers of EBML (RFC 8794), each with its segment right behind it."""
    at = film.find(_EBML, 1)
    while at > 0:
        begun = film[at : at + _HEADER_S]
        named = b"webm" in begun or b"matroska" in begun
        if named and begun[5 + (begun[4] & 0x7F) :].startswith(_SEGMENT):
            yield at
        at = film.find(_EBML, at + 4)


def _boxes(film: mmap.mmap) -> Iterator[int]:
    """Further file types on the outermost level (ISO/IEC 14496-12), behind an index."""
    at, indexed = 0, False
    while at + 8 <= len(film):
        size, kind = int.from_bytes(film[at : at + 4], "big"), film[at + 4 : at + 8]
        if kind == b"ftyp" and indexed:
            yield at
            indexed = False
        indexed = indexed or kind == b"moov"
        if size == 1:
            size = int.from_bytes(film[at + 8 : at + 16], "big")
        if size < 8:  # noqa: PLR2004 (a size and a name; 0 is "up to the end")
            return
        at += size
