"""The clock: looks at every entry of the schedule when that is due, in one small process.

It never works long itself, or what has to be quick would wait: it looks, and enqueues. So there is
no scheduler to keep alive in Redis, and no harm in a second clock.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from cvtube.jobs.kinds import resolve
from cvtube.runtime import Runtime

log = logging.getLogger(__name__)


class Entry(Protocol):
    """A line of the schedule."""

    @property
    def path(self) -> str:
        """Of a function that takes no argument, dotted."""

    @property
    def every_s(self) -> float:
        """How often the clock looks at it, in seconds."""

    def look(self, runtime: Runtime) -> None:
        """Do what is due, or have it done."""


@dataclass(frozen=True)
class Periodic:
    """A function that the clock itself calls: quick, and safe to run twice at once."""

    path: str
    every_s: float

    def look(self, runtime: Runtime) -> None:  # noqa: ARG002
        resolve(self.path)()


def run_clock(table: Sequence[Entry], runtime: Runtime, stop: threading.Event) -> None:
    """Look at each entry when due, until `stop` is set. What fails is logged and tried again."""
    due = dict.fromkeys(table, 0.0)
    while not stop.is_set():
        for entry in table:
            if time.monotonic() >= due[entry]:
                look_safely(entry, runtime)
                due[entry] = time.monotonic() + entry.every_s
        stop.wait(max(0.0, min(due.values()) - time.monotonic()))


def look_safely(entry: Entry, runtime: Runtime) -> None:
    """One look at one entry; whatever it raises must not stop the clock."""
    try:
        entry.look(runtime)
    except Exception:
        log.exception("periodic task %s failed", entry.path)


def each_safely(task: Callable[[str], object], ids: Iterable[str]) -> None:
    """One call for each id; whatever one of them raises must not keep the others from theirs."""
    for one in ids:
        try:
            task(one)
        except Exception:
            log.exception("%s failed for %s", task.__qualname__, one)
