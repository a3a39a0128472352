"""The clock looks at each entry when it is due, and survives whatever that raises."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import pytest

from cvtube.jobs.clock import Periodic, look_safely, run_clock
from cvtube.jobs.kinds import resolve
from cvtube.jobs.recurring import Recurring


def test_the_clock_calls_what_is_due_and_survives_what_fails(runtime):
    calls: list[str] = []
    stop = threading.Event()
    table = (
        Periodic("tests.jobs.test_clock.fail", every_s=0.01),
        Periodic("tests.jobs.test_clock.count", every_s=0.01),
    )
    COUNTED.clear()
    COUNTED.extend([calls, stop])
    run_clock(table, runtime, stop)
    assert len(calls) == 3


COUNTED: list = []


def count():
    calls, stop = COUNTED
    calls.append("called")
    if len(calls) == 3:
        stop.set()


def fail():
    raise RuntimeError("this one always fails")


@dataclass(frozen=True)
class Broken(Recurring):
    """One of which nobody can say when it is due."""


@pytest.mark.parametrize("entry", [Periodic(f"{__name__}.fail", 1), Broken(f"{__name__}.fail")])
def test_a_failing_look_is_logged_with_its_name(runtime, caplog, entry):
    look_safely(entry, runtime)
    assert "tests.jobs.test_clock.fail failed" in caplog.text


def test_a_dotted_path_leads_to_its_function():
    assert resolve("cvtube.jobs.kinds.resolve") is resolve
