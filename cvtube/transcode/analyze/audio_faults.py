"""What is odd about a sound: heard in one ear only, against itself, by a clock that runs wrong.

Told by what ffmpeg says of each tenth of a second while the loudness is measured.
"""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Sequence

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


class Hearing:
    """Takes the lines of `look.loudness`, one by one."""

    def __init__(self) -> None:
        # Left, right, both together, their difference (dB), from the beginning to now.
        self._levels = [SILENT_DB] * 4
        # How far the packets' clock is ahead of the samples that were heard (seconds).
        self._ahead: list[float] = []

    def hear(self, line: str) -> None:
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
