"""What a program is granted, and the eye kept on it while it runs.

The kernel holds it to its limits of CPU time, memory and each file's size (`launcher.py`). What no
limit counts is looked at here: the clock on the wall, silence, talk, bytes and files in sum,
threads.
"""

from __future__ import annotations

import enum
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cvtube.sandbox import footprint
from cvtube.sandbox.footprint import Footprint

MIB = 1024 * 1024
ERRORS_KEPT = 64 * 1024  # bytes of what it said last on stderr
LONGEST_LINE = 64 * 1024
TICK_S = 1.0
GLANCE_S = 0.1  # between looks at what grows fast: bytes, files, threads
MOST_THERE = 10_000  # files in a folder before anything runs in it: more than there ever are

OnLine = Callable[[str], bool]  # whether this line shows that the work moves on
IsWanted = Callable[[], bool]  # called once a second: whether the work is still wanted


class Stop(enum.StrEnum):
    """Why a program was killed by us."""

    TOO_LONG = "too_long"  # its time on the wall clock is used up
    SILENT = "silent"  # it has not moved on for too long
    TALKATIVE = "talkative"  # it wrote more than anybody asked for
    UNWANTED = "unwanted"  # `is_wanted` said so
    SPREADING = "spreading"  # more bytes or files than it was granted, or some it hides
    THREADS = "threads"  # more threads than any command of ours has


@dataclass(frozen=True)
class Budget:
    """The most a program may take."""

    cpu_s: int
    wall_s: float
    silence_s: float = 60
    # Of address space, which is more than is ever touched. 4K in HDR needs 1.4 GiB.
    memory: int = 3072 * MIB
    file_bytes: int = 64 * MIB  # of each file it writes
    folder_bytes: int = 128 * MIB  # of all it writes together
    files: int = 64  # that it makes
    threads: int = 256 + 16 * (os.cpu_count() or 1)
    output_bytes: int = MIB  # on its standard output


@dataclass
class Watch:
    """What is known about a running program."""

    budget: Budget
    started: float
    on_line: OnLine
    is_wanted: IsWanted | None
    pid: int
    folder: Path | None
    due: float = field(init=False)  # when to look next
    moved: float = field(init=False)
    written: int = 0
    line: bytearray = field(default_factory=bytearray)
    errors: bytearray = field(default_factory=bytearray)
    _ticked: float = field(init=False)
    _before: Footprint = field(init=False)

    def __post_init__(self) -> None:
        self.moved = self._ticked = self.started
        self.due = self.started + GLANCE_S
        self._before = footprint.measure_folder(self.folder, MOST_THERE)

    @property
    def is_talkative(self) -> bool:
        """Whether it has written more than anybody asked for."""
        return self.written > self.budget.output_bytes

    def said(self, piece: bytes) -> None:
        """It wrote to its standard output."""
        self.written += len(piece)
        *lines, rest = (self.line + piece).split(b"\n")
        self.line = bytearray(rest[-LONGEST_LINE:])
        for line in lines:
            self._add_line(line)

    def said_all(self) -> None:
        """It closed its standard output; a last line needs no end."""
        if self.line:
            self._add_line(bytes(self.line))
            self.line.clear()

    def _add_line(self, line: bytes | bytearray) -> None:
        if self.on_line(line.decode(errors="replace")):
            self.moved = time.monotonic()

    def complained(self, piece: bytes) -> None:
        """It wrote to its standard error."""
        self.errors += piece
        del self.errors[:-ERRORS_KEPT]

    def reason_to_stop(self) -> Stop | None:
        """Look at it, now that it is time to."""
        now = time.monotonic()
        self.due = now + GLANCE_S
        if self.is_talkative:
            return Stop.TALKATIVE
        if (sprawl := self.sprawl()) is not None:
            return sprawl
        if now - self._ticked < TICK_S:
            return None
        self._ticked = now
        return self._clocks(now)

    def sprawl(self) -> Stop | None:
        """Whether it has taken more of what no resource limit counts than it was granted."""
        budget = self.budget
        there = footprint.measure_folder(self.folder, self._before.files + budget.files)
        added = there.since(self._before)
        if added.bytes > budget.folder_bytes or added.files > budget.files:
            return Stop.SPREADING
        if self.folder is not None and footprint.hides(self.pid, self.folder):
            return Stop.SPREADING
        return Stop.THREADS if footprint.threads(self.pid) > budget.threads else None

    def _clocks(self, now: float) -> Stop | None:
        if now - self.started > self.budget.wall_s:
            return Stop.TOO_LONG
        if now - self.moved > self.budget.silence_s:
            return Stop.SILENT
        if self.is_wanted is not None and not self.is_wanted():
            return Stop.UNWANTED
        return None
