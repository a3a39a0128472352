"""A film's packets: when each stream really begins and ends, and where its clock jumps.

Headers lie, by accident (a browser's recording has no duration, a broken transfer has too
long a one) and on purpose. Packets are what will be decoded.

Recordings that were put one behind the other each begin at their own zero; a recorder that was
interrupted goes on by the time of day; a clock of 33 bits begins anew after 26 hours. What was
recorded is all there, and lasts as long as its packets do.
"""

from __future__ import annotations

import math
import statistics
from array import array
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from cvtube.transcode.analyze.media import Packets, Span

BACK_S = 0.5  # frames are decoded out of their order, but never that far
BACK_GAPS = 20  # the same where frames are rare
PADDING_S = 0.1  # a sound's packets begin and end beside the picture's by about that much
HOLE_S = 1.0  # nothing is seen and nothing is heard for that long: nobody meant that
HOLE_GAPS = 20
MOST_JUMPS = 100  # jumps; a film with more is no recording, and each is a word on a command line


class Times(NamedTuple):
    """Of one stream's packets, in the file's order; seconds."""

    shown: Sequence[float]
    decoded: Sequence[float]
    numbers: Sequence[int]  # which packet of the stream each is, counted with those never shown
    gap: float


class TimestampOffset(NamedTuple):
    """From this packet of a stream on, all of its times change by so many seconds more."""

    number: int
    seconds: float


def timestamp_offsets(streams: Mapping[int, Times]) -> dict[int, list[TimestampOffset]] | None:
    """What makes all of these streams run on without a jump; the picture's is the first.

    Empty: they do. None: it cannot be told what belongs together.
    """
    pieces = {index: _pieces(times) for index, times in streams.items()}
    count = max((len(found) for found in pieces.values()), default=0)
    if count > MOST_JUMPS or any(len(found) != count for found in pieces.values()):
        return None
    offsets: dict[int, list[TimestampOffset]] = {index: [] for index in streams}
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
                offsets[index].append(TimestampOffset(times.numbers[first], more))
            for at in range(first, last):
                lines[index][at] = times.shown[at] + total
        lasts = [max(lines[i][a:b]) + streams[i].gap for i, (a, b) in parts.items()]
        end = _outermost(lasts, max)
    for index, found in _closed(streams, lines).items():
        offsets[index] += found
    return {index: found for index, found in offsets.items() if found}


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
) -> dict[int, list[TimestampOffset]]:
    """What closes the holes in which no stream has anything."""
    found: dict[int, list[TimestampOffset]] = {index: [] for index in streams}
    for begins, ends in _holes(streams, lines):
        for index, line in lines.items():
            later = next((at for at, now in enumerate(line) if now >= ends), None)
            if later is not None:
                found[index].append(TimestampOffset(streams[index].numbers[later], begins - ends))
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
    return holes if len(holes) <= MOST_JUMPS else []


ENCRYPTED = "Encryption info"  # the side data of packets under ISO/IEC 23001-7
NEW_PARAMETERS = "New Extradata"
LONG = 1.5  # times the usual gap: what a last packet may last without being asked why
UNSAID = 1.0  # seconds that one lasts at most if it does not say
USUAL = 0.25  # how far a gap may be from the middle one and still count as usual


class PacketStatistics:
    """Takes ffprobe's lines `stream,pts,dts,duration,flags,side data…`, one for each packet."""

    def __init__(self) -> None:
        self.protected = False
        self._streams: dict[int, _StreamStatistics] = {}

    def add_line(self, line: str) -> bool:
        """One line; what is not one is passed over."""
        self.protected = self.protected or ENCRYPTED in line
        fields = line.split(",")
        try:
            index, flags = int(fields[0]), fields[4]
        except (ValueError, IndexError):
            return True
        decoded = _number(fields[2], math.nan)
        start = _number(fields[1], decoded)
        count = self._streams.setdefault(index, _StreamStatistics())
        count.lines += 1
        # "Discard": packets that only warm the decoder up.
        if math.isnan(start) or "D" in flags:
            count.hidden = True
        else:
            decoded = start if math.isnan(decoded) else decoded
            count.add(start, decoded, _number(fields[3], 0.0), key="K" in flags)
        count.new_parameters |= NEW_PARAMETERS in line
        return True

    def spans(self) -> dict[int, Span]:
        """Every stream that has a packet with a time."""
        return {index: count.span() for index, count in self._streams.items() if count.there}

    def times(self) -> dict[int, Times]:
        """When each packet of each stream is shown, in the file's order."""
        return {
            index: Times(count.starts, count.decoded, count.numbers, count.span().gap)
            for index, count in self._streams.items()
            if count.there
        }

    def packets(self, index: int) -> Packets:
        """What is known of one stream's packets."""
        count = self._streams[index]
        return Packets(count.starts, count.keys, count.hidden, count.new_parameters)


class _StreamStatistics:
    def __init__(self) -> None:
        self.starts = array("d")
        self.decoded = array("d")
        self.numbers = array("l")
        self.keys = array("b")
        self.lines = 0
        self.hidden = self.new_parameters = False
        self._last = (-math.inf, 0.0)  # of the packet shown last: when, and for how long

    @property
    def there(self) -> bool:
        return len(self.starts) > 0

    def add(self, start: float, decoded: float, duration: float, *, key: bool) -> None:
        self.starts.append(start)
        self.decoded.append(decoded)
        self.numbers.append(self.lines - 1)
        self.keys.append(key)
        self._last = max(self._last, (start, max(duration, 0.0)))

    def span(self) -> Span:
        starts = sorted(self.starts)
        gap = _usual_gap(starts)
        last, said = self._last
        # A last packet may not say how long it lasts, or say nonsense: recorders write what has
        # passed until they were stopped, or the rest of the file's length.
        length = said if 0 < said <= LONG * gap else min(gap, UNSAID)
        return Span(starts[0], last + length, len(starts), gap, max(0.0, said - length))


def _usual_gap(starts: list[float]) -> float:
    """The mean of the gaps that are near the middle one.

    Not the middle one itself, since times are rounded to milliseconds; not the mean of all,
    since phones skip frames and a pause is no frame rate.
    """
    gaps = [later - earlier for earlier, later in pairwise(starts) if later > earlier]
    if not gaps:
        return 0.0
    middle = statistics.median(gaps)
    return statistics.fmean(gap for gap in gaps if abs(gap - middle) <= middle * USUAL)


def _number(text: str, otherwise: float) -> float:
    try:
        number = float(text)
    except ValueError:  # "N/A"
        return otherwise
    return number if math.isfinite(number) else otherwise
