"""CPU and wall seconds of a piece of work with everything it starts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

POLL_EVERY_S = 0.05


class Failed(Exception):
    """A measured piece of work did not end well; the message is its own last words."""


@dataclass(frozen=True)
class Cost:
    """Of one run; `playable_s` is when somebody could have begun to watch (None: never)."""

    cpu_s: float
    wall_s: float
    playable_s: float | None


def measure(work: Callable[[], None], playable: Callable[[], bool] = lambda: False) -> Cost:
    """Run it in a process of its own, which has nothing to import any more.

    What that process used, and all those it waited for, is what it cost. Whether there is
    something to watch is asked from outside, so that asking costs the work nothing.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    started = time.monotonic()
    child = os.fork()
    if not child:
        os._exit(_status(work))
    playable_s = None
    while True:
        ended, status, usage = os.wait4(child, os.WNOHANG)
        if playable_s is None and playable():
            playable_s = time.monotonic() - started
        if ended:
            break
        time.sleep(POLL_EVERY_S)
    if status:
        raise Failed("the work failed; its own words are above")
    wall_s = time.monotonic() - started
    return Cost(usage.ru_utime + usage.ru_stime, wall_s, playable_s)


def _status(work: Callable[[], None]) -> int:
    try:
        work()
    except Exception:  # noqa: BLE001 (a child must end here, whatever happened)
        traceback.print_exc()
        return 1
    return 0


@dataclass(frozen=True)
class Programs:
    """The same two for every pipeline, so that what differs is the design."""

    ffmpeg: Path
    ffprobe: Path

    def ff(self, *arguments: object) -> None:
        """Run ffmpeg to its good end.

        Raises:
            Failed: with what it said.
        """
        command = [self.ffmpeg, "-hide_banner", "-nostdin", "-v", "error", "-y", *arguments]
        _run([str(part) for part in command])

    def probe(self, *arguments: object) -> list[str]:
        """The lines ffprobe answers with."""
        command = [self.ffprobe, "-v", "error", "-of", "csv=p=0", *arguments]
        return _run([str(part) for part in command]).split()


def _run(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"{' '.join(command)}\n{done.stderr[-2000:]}")
    return done.stdout
