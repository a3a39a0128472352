"""The one spawner: it watches, listens, and leaves nobody behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from cvtube.sandbox import launcher
from cvtube.sandbox.limits import ERRORS_KEPT
from cvtube.sandbox.process import MIB, Budget, Command, Stop, into, run

PYTHON = os.path.realpath(sys.executable)
PATIENCE_S = 20


def start(code, *, budget=None, **listeners):
    command = Command([PYTHON, "-c", code], [], None, budget or within(), shut_in=False)
    return run(command, **listeners)


def within(*, cpu_s=20, wall_s=30, **limits):
    return Budget(cpu_s=cpu_s, wall_s=wall_s, **limits)


def test_it_tells_how_a_program_ended():
    ended = start("import sys; sys.stderr.write('why'); sys.exit(3)")
    assert (ended.status, ended.stopped, ended.errors) == (3, None, "why")
    assert not ended.well
    assert 0 < ended.cpu_s <= ended.wall_s * os.cpu_count()
    assert start("pass").well


def test_lines_are_heard_as_they_come_and_the_last_needs_no_end():
    said: list[str] = []
    start("print('one'); print('two'); print('thr', end='')", on_line=into(said))
    assert said == ["one", "two", "thr"]


def test_only_the_end_of_endless_complaints_is_kept():
    ended = start("import sys\nfor i in range(50_000): sys.stderr.write(f'{i} \\n')\nsys.exit(1)")
    assert ended.errors.endswith("49999 \n")
    assert len(ended.errors) <= ERRORS_KEPT


def test_a_program_that_talks_without_end_is_cut_off():
    started = time.monotonic()
    ended = start("while True: print('la' * 1000)", budget=within(output_bytes=MIB))
    assert ended.stopped is Stop.TALKATIVE
    assert time.monotonic() - started < 5


def test_a_line_without_end_fills_no_memory():
    before = psutil.Process().memory_info().rss
    code = "import sys\nfor _ in range(40): sys.stdout.write('x' * 1_000_000)"
    ended = start(code, budget=within(output_bytes=64 * MIB))
    assert ended.well
    assert psutil.Process().memory_info().rss - before < 20 * MIB


def test_a_program_that_takes_too_long_is_killed_even_if_it_ignores_every_signal():
    code = "import signal, time\nfor s in (1, 2, 15, 24): signal.signal(s, signal.SIG_IGN)\n"
    ended = start(
        code + "while True: print(1, flush=True); time.sleep(0.1)", budget=within(wall_s=1)
    )
    assert ended.stopped is Stop.TOO_LONG
    assert ended.status == -signal.SIGKILL
    assert ended.wall_s < 5


def test_a_program_that_does_not_move_on_is_killed():
    """It talks, but nothing it says is progress."""
    code = "import time\nwhile True: print('out_time=0', flush=True); time.sleep(0.05)"
    ended = start(code, budget=within(silence_s=1), on_line=lambda _line: False)
    assert ended.stopped is Stop.SILENT
    assert ended.wall_s < 5


def test_a_program_that_hides_behind_closed_pipes_is_still_watched():
    code = "import os, time\nos.close(1); os.close(2)\nwhile True: time.sleep(0.05)"
    ended = start(code, budget=within(wall_s=1))
    assert ended.stopped is Stop.TOO_LONG
    assert ended.wall_s < 5


def test_the_pulse_is_felt_every_second_and_may_end_it():
    beats = []

    def is_wanted():
        beats.append(time.monotonic())
        return len(beats) < 3

    ended = start("import time; time.sleep(20)", is_wanted=is_wanted)
    assert ended.stopped is Stop.UNWANTED
    assert len(beats) == 3
    assert 1.5 < beats[2] - beats[0] < 6


def test_whatever_it_started_goes_with_it(tmp_path):
    note = tmp_path / "pid"
    code = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open({str(note)!r}, "w").write(str(child.pid))
"""
    start(code)
    assert gone(int(note.read_text()))


def test_an_exception_in_a_listener_leaves_nothing_running():
    def fail(_line):
        raise LookupError

    code = "import time; print('x', flush=True); time.sleep(60)"
    with pytest.raises(LookupError):
        start(code, on_line=fail)
    assert not [child for child in psutil.Process().children() if code in child.cmdline()]


def test_it_does_not_outlive_its_parent(tmp_path):
    """Not even one that is killed without a chance to clean up."""
    note = tmp_path / "pid"
    inner = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    outer = f"""
from cvtube.sandbox.process import Budget, Command, run
budget = Budget(cpu_s=20, wall_s=60)
run(Command([{PYTHON!r}, "-c", {inner!r}], [], None, budget, shut_in=False))
"""
    worker = subprocess.Popen([sys.executable, "-c", outer])
    pid = int(appears(note))
    assert psutil.pid_exists(pid)
    worker.kill()
    worker.wait()
    assert gone(pid)


def test_a_signal_from_elsewhere_is_told_apart_from_our_own(tmp_path):
    note = tmp_path / "pid"
    code = f"import os; open({str(note)!r}, 'w').write(str(os.getpid())); os.kill(os.getpid(), 9)"
    ended = start(code)
    assert ended.killed_from_outside
    assert not ended.out_of_budget


def test_its_input_is_empty():
    assert start("import sys; sys.exit(len(sys.stdin.read()))").well


@pytest.mark.skipif(not launcher.landlock_version(), reason="this kernel has no Landlock")
def test_films_cost_little_to_shut_in(tmp_path):
    """Landlock, seccomp and a launcher: some hundredths of a second each."""
    command = Command(["/nowhere"], [], tmp_path, within())
    started = time.monotonic()
    with pytest.raises(Exception, match="No such file"):
        run(command)
    assert time.monotonic() - started < 2


def gone(pid):
    deadline = time.monotonic() + PATIENCE_S
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return True


def appears(path: Path):
    deadline = time.monotonic() + PATIENCE_S
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return path.read_text()
