"""What the terminal says while the demo is made: one line a film, that grows where it can."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TextIO

STEP = 20  # percent, where a line cannot be written over


class Telling:
    """A `Listener` that writes to a terminal, or to a file."""

    def __init__(self, *, when_watchable: Callable[[], None], stream: TextIO | None = None) -> None:
        self._when_watchable = when_watchable
        self._stream = stream or sys.stdout
        self._live = self._stream.isatty()
        self._said: tuple[int, int] = (0, -STEP)
        self._ready = False
        self._anything = False

    def progress(self, number: int, total: int, percent: int) -> None:
        if number != self._said[0]:
            self._said = (number, -STEP)
            if percent >= 100 and self._ready:  # noqa: PLR2004 (percent)
                return  # made at an earlier start
        self._anything = True
        line = f"  demo video {number} of {total}: {percent} %"
        if self._live:
            self._write(f"\r{line}" + ("\n" if percent >= 100 else ""))  # noqa: PLR2004
        elif percent >= min(self._said[1] + STEP, 100):
            self._write(f"{line}\n")
            self._said = (number, percent)

    def failed(self, number: int, total: int, code: str) -> None:
        self._write(f"\n  demo video {number} of {total} could not be processed ({code})\n")

    def watchable(self) -> None:
        if not self._ready:
            self._ready = True
            self._when_watchable()

    def complete(self) -> None:
        if self._anything:
            self._write("  All demo videos are ready.\n")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
