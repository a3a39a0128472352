"""What is wrong with a film as a film: too quiet, silent, black, standing still.

Heard from filters that look on while the film is measured and encoded; they cost next to
nothing. It is told to moderators and candidates, who may know why. It says nothing about a person,
and nothing follows from it by itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

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
    """Hears `name=value` lines of ffmpeg's metadata filters; times are seconds."""

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

    def hear(self, line: str) -> None:
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
