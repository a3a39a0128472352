"""The clock: calls every periodic task when it is due, in one small process.

The tasks are few, short, and safe to run twice at once, so there is no scheduler to keep
alive in Redis and no harm in a second clock. What runs once a night is written down (`runs`).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from cvtube.queue.runs import Nights

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Periodic:
    """A function (by dotted path, called without arguments) and how often it runs."""

    path: str
    every_s: float


@dataclass(frozen=True)
class Nightly:
    """A function (by dotted path, called without arguments) that runs once a night.

    Neither restarts nor changes of the clocks skip or repeat it; what fails is tried again.
    """

    path: str
    every_s: float = 60  # how often the clock looks whether it is due


Entry = Periodic | Nightly


def resolve(path: str) -> Callable[..., Any]:
    """The function a dotted path names."""
    module, _, name = path.rpartition(".")
    function: Callable[..., Any] = getattr(import_module(module), name)
    return function


def run_clock(table: Sequence[Entry], nights: Nights, stop: threading.Event) -> None:
    """Call each entry when due, until `stop` is set. A failing entry is logged and called again."""
    due = dict.fromkeys(table, 0.0)
    while not stop.is_set():
        for entry in table:
            if time.monotonic() >= due[entry]:
                call_safely(entry, nights)
                due[entry] = time.monotonic() + entry.every_s
        stop.wait(max(0.0, min(due.values()) - time.monotonic()))


def call_safely(entry: Entry, nights: Nights) -> None:
    """One call of one entry; whatever it raises must not stop the clock."""
    try:
        task = resolve(entry.path)
        if isinstance(entry, Nightly):
            nights.run(entry.path, task)
        else:
            task()
    except Exception:
        log.exception("periodic task %s failed", entry.path)


def each_safely(task: Callable[[str], object], ids: Iterable[str]) -> None:
    """One call for each id; whatever one of them raises must not keep the others from theirs."""
    for one in ids:
        try:
            task(one)
        except Exception:
            log.exception("%s failed for %s", task.__qualname__, one)
