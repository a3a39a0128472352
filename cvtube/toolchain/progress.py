"""What ffmpeg says of itself while it encodes (`-progress`), and what of it is news."""

from __future__ import annotations

from collections.abc import Callable


class EncodingProgress:
    """Takes `name=value` lines; tells how much of the clip is done, from 0 to 1."""

    def __init__(self, seconds: float, tell: Callable[[float], None]) -> None:
        self.frames = 0  # pictures encoded so far
        self._total_us = seconds * 1_000_000
        self._tell = tell
        self._furthest_us = 0

    def add_line(self, line: str) -> bool:
        """Whether the clip got longer: a decoder may talk on and stand still."""
        name, _equals, text = line.partition("=")
        value = int(text) if text.isdecimal() else 0  # "N/A" before the first packet
        if name == "frame":
            self.frames = value
        if name != "out_time_us" or value <= self._furthest_us:
            return line == "progress=end"
        self._furthest_us = value
        self._tell(min(value / self._total_us, 1.0))
        return True
