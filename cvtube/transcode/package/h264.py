"""Walks through the H.264 of a fragmented MP4 of ours: what its packets' flags cannot tell.

A copied picture may change its parameters inside its packets, where no header says so, and what
is flagged as a key frame may be one that leans on older ones. Both are plain to see in the types
of its units (ITU-T H.264, table 7-1). Nothing is decoded.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from pathlib import Path

SLICE, IDR, SPS, PPS = 1, 5, 7, 8
_TYPE = 0x1F


def copies_well(path: Path) -> bool:
    """Whether every fragment begins with an IDR picture, and all share the header's parameters."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as film:
        try:
            return _well(film)
        except (struct.error, IndexError):
            return False


def _well(film: mmap.mmap) -> bool:
    header = b""
    fragments = 0
    for name, start, end in _boxes(film):
        if name == b"moov":
            header = film[start:end]
        if name == b"mdat":
            fragments += 1
            if not _begins_anew(film, start, end, header):
                return False
    return fragments > 0


def _begins_anew(film: mmap.mmap, start: int, end: int, header: bytes) -> bool:
    first = True
    for kind, unit, unit_end in _units(film, start, end):
        if kind in {SPS, PPS} and film[unit:unit_end] not in header:
            return False
        if SLICE <= kind <= IDR:
            if first and kind != IDR:
                return False
            first = False
    return not first


def _boxes(film: mmap.mmap) -> Iterator[tuple[bytes, int, int]]:
    at = 0
    while at + 8 <= len(film):
        size, name = struct.unpack_from(">I4s", film, at)
        if not 8 <= size <= len(film) - at:  # noqa: PLR2004 (a box has a size and a name)
            raise IndexError("a box larger than the file")
        yield name, at + 8, at + size
        at += size


def _units(film: mmap.mmap, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Type, beginning and end of each unit; their lengths are four bytes long."""
    while at < end:
        (size,) = struct.unpack_from(">I", film, at)
        at += 4
        if not 0 < size <= end - at:
            raise IndexError("a unit larger than its box")
        yield film[at] & _TYPE, at, at + size
        at += size
