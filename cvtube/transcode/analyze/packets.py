"""Counts a film's packets: when each stream really begins and ends.

Headers lie, by accident (a browser's recording has no duration, a broken transfer has too
long a one) and on purpose. Packets are what will be decoded.
"""

from __future__ import annotations

import math
import statistics
from array import array
from itertools import pairwise

from cvtube.transcode.analyze.media import Packets, Span
from cvtube.transcode.analyze.timestamps import Times

ENCRYPTED = "Encryption info"  # the side data of packets under ISO/IEC 23001-7
NEW_PARAMETERS = "New Extradata"
LONG = 1.5  # times the usual gap: what a last packet may last without being asked why
UNSAID = 1.0  # seconds that one lasts at most if it does not say
USUAL = 0.25  # how far a gap may be from the middle one and still count as usual


class Census:
    """Takes ffprobe's lines `stream,pts,dts,duration,flags,side data…`, one for each packet."""

    def __init__(self) -> None:
        self.protected = False
        self._streams: dict[int, _Count] = {}

    def hear(self, line: str) -> bool:
        """One line; what is not one is passed over."""
        self.protected = self.protected or ENCRYPTED in line
        fields = line.split(",")
        try:
            index, flags = int(fields[0]), fields[4]
        except (ValueError, IndexError):
            return True
        decoded = _number(fields[2], math.nan)
        start = _number(fields[1], decoded)
        count = self._streams.setdefault(index, _Count())
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


class _Count:
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
