"""Whether a file is several recordings, one copied behind the other, and where each begins.

Players and ffmpeg stop at the first one's end without a word, so the bytes themselves are asked.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path

from cvtube.videos.containers import ENOUGH, Beginning, Container, beginnings, sniff

MOST = 32  # recordings in a file: nobody joins more by hand


def recordings(path: Path, first: Beginning) -> list[Beginning]:
    """Each recording of the file, from the first one on; just that of an ordinary film."""
    if not path.stat().st_size:
        return [first]
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as film:
        further = _boxed(film, first.at) if first.container is Container.MP4 else beginnings(film)
        behind = sorted(one for one in further if one.at > first.at)
        return [first, *behind][:MOST]


def _boxed(film: mmap.mmap, at: int) -> Iterator[Beginning]:
    """Further file types on the outermost level (ISO/IEC 14496-12), or what is no box at all."""
    indexed = False
    while at + 8 <= len(film):
        size, kind = int.from_bytes(film[at : at + 4], "big"), film[at + 4 : at + 8]
        if not kind.isalnum() and (other := sniff(film[at : at + ENOUGH])):
            yield Beginning(at, other)
            return
        if kind == b"ftyp" and indexed:
            yield Beginning(at, Container.MP4)
            indexed = False
        indexed = indexed or kind == b"moov"
        if size == 1:
            size = int.from_bytes(film[at + 8 : at + 16], "big")
        if size < 8:  # noqa: PLR2004 (a size and a name; 0 is "up to the end")
            return
        at += size
