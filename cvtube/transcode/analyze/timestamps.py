"""Where a film's clock jumps, and how its packets are brought into one line again. Pure.

Recordings that were put one behind the other each begin at their own zero; a recorder that was
interrupted goes on by the time of day; a clock of 33 bits begins anew after 26 hours. What was
recorded is all there, and lasts as long as its packets do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

BACK_S = 0.5  # frames are decoded out of their order, but never that far
BACK_GAPS = 20  # the same where frames are rare
PADDING_S = 0.1  # a sound's packets begin and end beside the picture's by about that much
HOLE_S = 1.0  # nothing is seen and nothing is heard for that long: nobody meant that
HOLE_GAPS = 20
MOST = 100  # jumps; a film with more is no recording, and each is a word on a command line


class Times(NamedTuple):
    """Of one stream's packets, in the file's order; seconds."""

    shown: Sequence[float]
    decoded: Sequence[float]
    numbers: Sequence[int]  # which packet of the stream each is, counted with those never shown
    gap: float


class Shift(NamedTuple):
    """From this packet of a stream on, all of its times change by so many seconds more."""

    number: int
    seconds: float


def jumps(streams: Mapping[int, Times]) -> dict[int, list[Shift]] | None:
    """What makes all of these streams run on without a jump; the picture's is the first.

    Empty: they do. None: it cannot be told what belongs together.
    """
    pieces = {index: _pieces(times) for index, times in streams.items()}
    count = max((len(found) for found in pieces.values()), default=0)
    if count > MOST or any(len(found) != count for found in pieces.values()):
        return None
    shifts: dict[int, list[Shift]] = {index: [] for index in streams}
    lines = {index: [0.0] * len(times.shown) for index, times in streams.items()}
    end = 0.0
    total = 0.0
    for piece in range(count):
        parts = {index: found[piece] for index, found in pieces.items()}
        firsts = [min(streams[i].shown[a:b]) for i, (a, b) in parts.items()]
        begins = _outermost(firsts, min)
        more = end - begins - total if piece else 0.0
        total += more
        for index, (first, last) in parts.items():
            times = streams[index]
            if piece:
                shifts[index].append(Shift(times.numbers[first], more))
            for at in range(first, last):
                lines[index][at] = times.shown[at] + total
        lasts = [max(lines[i][a:b]) + streams[i].gap for i, (a, b) in parts.items()]
        end = _outermost(lasts, max)
    for index, found in _closed(streams, lines).items():
        shifts[index] += found
    return {index: found for index, found in shifts.items() if found}


def _outermost(instants: Sequence[float], which: Callable[[Sequence[float]], float]) -> float:
    """The picture's, which comes first, unless another stream's is really beyond it."""
    found = which(instants)
    return found if abs(found - instants[0]) > PADDING_S else instants[0]


def _pieces(times: Times) -> list[tuple[int, int]]:
    """From where to where the stream's clock runs forwards."""
    back = max(BACK_S, BACK_GAPS * times.gap)
    cuts, latest = [0], times.decoded[0]
    for at, now in enumerate(times.decoded):
        if now < latest - back:
            cuts.append(at)
            latest = now
        latest = max(latest, now)
    return list(pairwise([*cuts, len(times.decoded)]))


def _closed(
    streams: Mapping[int, Times], lines: Mapping[int, Sequence[float]]
) -> dict[int, list[Shift]]:
    """What closes the holes in which no stream has anything."""
    found: dict[int, list[Shift]] = {index: [] for index in streams}
    for begins, ends in _holes(streams, lines):
        for index, line in lines.items():
            later = next((at for at, now in enumerate(line) if now >= ends), None)
            if later is not None:
                found[index].append(Shift(streams[index].numbers[later], begins - ends))
    return found


def _holes(
    streams: Mapping[int, Times], lines: Mapping[int, Sequence[float]]
) -> list[tuple[float, float]]:
    large = max(HOLE_S, *(HOLE_GAPS * times.gap for times in streams.values()))
    spans = sorted((now, now + streams[index].gap) for index, line in lines.items() for now in line)
    holes, end = [], spans[0][1]
    for begins, ends in spans:
        if begins - end > large:
            holes.append((end, begins))
        end = max(end, ends)
    return holes if len(holes) <= MOST else []
