"""What is wrong with a film as a film: silent, black, standing still; or its sound alone.

A sound may be heard in one ear only, against itself, or by a clock that runs wrong: told by what
ffmpeg says of each tenth of a second while the loudness is measured. The rest is heard from filters
that look on while the film is measured and encoded; they cost next to nothing. It is told to
moderators and candidates, who may know why. It says nothing about a person, and nothing follows
from it by itself.
"""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cvtube.transcode.analyze.media import Stereo

ONE_EAR_DB = 15.0  # people turn away, and rooms echo; a voice is never that much beside the middle
OPPOSITE_DB = (
    6.0  # more in the difference of both than in their sum, which is what is alike in them
)
SILENT_DB = -120.0

FRAME_S = 0.1  # of EBU R 128, which the times are told for
A_SECOND = 10  # of these
DRIFT = 0.002  # seconds a second; what a crystal is off by is a twentieth of that
DRIFTED_S = 0.02  # in all: nobody sees less between lips and voice

_FRAME = re.compile(r"^frame:(\d+) +pts:\S+ +pts_time:(-?[0-9.]+)$")
_LEVEL = re.compile(r"^lavfi\.astats\.([1-4])\.RMS_level=(-?(?:[0-9.]+|inf|nan))$")


class SoundAnalysis:
    """Takes the lines of `look.loudness`, one by one."""

    def __init__(self) -> None:
        # Left, right, both together, their difference (dB), from the beginning to now.
        self._levels = [SILENT_DB] * 4
        # How far the packets' clock is ahead of the samples that were heard (seconds).
        self._ahead: list[float] = []

    def add_line(self, line: str) -> None:
        """One line; most are none of its own."""
        if level := _LEVEL.match(line):
            self._levels[int(level[1]) - 1] = _decibels(level[2])
        elif frame := _FRAME.match(line):
            self._ahead.append(float(frame[2]) - FRAME_S * int(frame[1]))

    @property
    def stereo(self) -> Stereo:
        """What the two channels have to do with each other."""
        left, right, both, difference = self._levels
        if left - right >= ONE_EAR_DB:
            return Stereo.LEFT_ALONE
        if right - left >= ONE_EAR_DB:
            return Stereo.RIGHT_ALONE
        return Stereo.OPPOSITE if difference - both >= OPPOSITE_DB else Stereo.USUAL

    @property
    def drifts(self) -> bool:
        """Whether the clock gains or loses all the time.

        A hole in the sound is no such thing: nothing is gained in most seconds. Nor is a clock
        that trembles: what it gains in one second it has lost over many.
        """
        seconds = self._ahead[::A_SECOND]
        half = len(seconds) // 2
        if not half:
            return False
        usual = min(_gained(seconds, 1), _gained(seconds, half))
        return usual >= DRIFT and usual * (len(seconds) - 1) >= DRIFTED_S


def _gained(seconds: Sequence[float], apart: int) -> float:
    """What a clock usually gains or loses in a second, by looks so many seconds apart."""
    gains = [later - earlier for earlier, later in zip(seconds, seconds[apart:], strict=False)]
    return abs(statistics.median(gains)) / apart


def _decibels(text: str) -> float:
    number = float(text)  # "-inf" is one
    return max(number, SILENT_DB) if math.isfinite(number) else SILENT_DB


SILENCE_DB, SILENT_S = -55, 3  # below a room's own noise, for longer than anybody thinks
BLACK_S = 1
STILL_DB, STILL_S = -60, 4  # what a sensor's noise is above of

Span = tuple[float, float]

_SPANS = {
    "lavfi.silence": "silent",
    "lavfi.black": "black",
    "lavfi.freezedetect.freeze": "still",
}
_INTEGRATED = "lavfi.r128.I"


@dataclass
class Checks:
    """Takes `name=value` lines of ffmpeg's metadata filters; times are seconds."""

    lufs: float | None = None
    spans: dict[str, list[Span]] = field(default_factory=dict)
    _open: dict[str, float] = field(default_factory=dict)

    def begin_sound(self) -> None:
        """Another track is listened to: what was heard of the last one does not count."""
        self.lufs = None
        self._forget("silent")

    def begin_picture(self) -> None:
        """The picture is looked at, perhaps once more."""
        self._forget("black")
        self._forget("still")

    def _forget(self, kind: str) -> None:
        self.spans.pop(kind, None)
        self._open.pop(kind, None)

    def add_line(self, line: str) -> None:
        """One line; most are none of its own."""
        name, _equals, text = line.partition("=")
        prefix, _underscore, edge = name.rpartition("_")
        kind = _SPANS.get(prefix)
        if (name != _INTEGRATED and kind is None) or (number := _number(text)) is None:
            return
        if kind is None:
            self.lufs = number
        elif edge == "start":
            self._open[kind] = max(0.0, number)
        elif edge == "end" and kind in self._open:
            self.spans.setdefault(kind, []).append((self._open.pop(kind), number))

    def facts(self, seconds: float) -> dict[str, Any]:
        """As they are kept; what was still going on at the end went on to the end."""
        lasting = {
            kind: [(start, seconds)] for kind, start in self._open.items() if start < seconds
        }
        spans = {kind: self.spans.get(kind, []) + lasting.get(kind, []) for kind in _SPANS.values()}
        rounded = {
            kind: [[round(start, 2), round(min(end, seconds), 2)] for start, end in found]
            for kind, found in spans.items()
            if found
        }
        return {"lufs": self.lufs, **rounded}


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
