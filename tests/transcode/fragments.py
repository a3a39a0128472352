"""Reads fragmented MP4 for tests: when each track really begins and ends, by its samples."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple


class Timeline(NamedTuple):
    """Seconds, exact."""

    decoded_from: Fraction
    shown_from: Fraction
    ends: Fraction
    samples: int


def boxes(body: bytes, *path: str) -> Iterator[bytes]:
    """The insides of every box at the path."""
    at = 0
    while at + 8 <= len(body):
        size, name = struct.unpack_from(">I4s", body, at)
        if name.decode("latin-1") == path[0]:
            inside = body[at + 8 : at + size]
            if len(path) == 1:
                yield inside
            else:
                yield from boxes(inside, *path[1:])
        at += size


def names(body: bytes) -> list[str]:
    """What the boxes are called."""
    found, at = [], 0
    while at + 8 <= len(body):
        size, name = struct.unpack_from(">I4s", body, at)
        found.append(name.decode("latin-1"))
        at += size
    return found


def timeline(film: bytes) -> Timeline:
    (mdhd,) = boxes(film, "moov", "trak", "mdia", "mdhd")
    (scale,) = struct.unpack_from(">I", mdhd, 12 if mdhd[0] == 0 else 20)
    began: list[int] = []
    shown: list[int] = []
    clock = samples = 0
    for traf in boxes(film, "moof", "traf"):
        (tfdt,) = boxes(traf, "tfdt")
        (clock,) = struct.unpack_from(">Q" if tfdt[0] else ">I", tfdt, 4)
        began.append(clock)
        (tfhd,) = boxes(traf, "tfhd")
        for trun in boxes(traf, "trun"):
            for duration, offset in runs(trun, default_duration(tfhd)):
                shown.append(clock + offset)
                clock += duration
                samples += 1
    return Timeline(
        Fraction(began[0], scale), Fraction(min(shown), scale), Fraction(clock, scale), samples
    )


def default_duration(tfhd: bytes) -> int:
    flags = int.from_bytes(tfhd[1:4], "big")
    at = 8 + (8 if flags & 1 else 0) + (4 if flags & 2 else 0)
    return struct.unpack_from(">I", tfhd, at)[0] if flags & 8 else 0


def runs(trun: bytes, default: int) -> Iterator[tuple[int, int]]:
    """Duration and composition offset of each sample."""
    flags, (count,) = int.from_bytes(trun[1:4], "big"), struct.unpack_from(">I", trun, 4)
    at = 8 + (4 if flags & 1 else 0) + (4 if flags & 4 else 0)
    for _ in range(count):
        duration, offset = default, 0
        for bit in (0x100, 0x200, 0x400, 0x800):
            if flags & bit:
                (value,) = struct.unpack_from(">i", trun, at)
                at += 4
                duration = value if bit == 0x100 else duration
                offset = value if bit == 0x800 else offset
        yield duration, offset
