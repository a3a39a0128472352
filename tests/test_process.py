"""Children that die with their parents."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import psutil

from cvtube.process import PARENT, as_parent, tethered

PARENT_OF_A_CHILD = """
import subprocess, sys
from cvtube.process import as_parent, tethered
import os
child = subprocess.Popen(tethered(["/bin/sleep", "600"]), env={**os.environ, **as_parent()})
print(child.pid, flush=True)
sys.stdin.read()
"""


def test_a_tethered_process_dies_with_a_parent_that_is_killed():
    with subprocess.Popen(
        [sys.executable, "-c", PARENT_OF_A_CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as parent:
        child = psutil.Process(int(parent.stdout.readline()))
        parent.send_signal(signal.SIGKILL)
    assert not psutil.wait_procs([child], timeout=10)[1]


def test_a_process_whose_parent_was_gone_before_it_was_tethered_does_not_start():
    done = subprocess.run(
        tethered(["/bin/echo", "alive"]),
        env={**os.environ, PARENT: "1"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, b"")


def test_a_tethered_process_is_the_parent_of_its_own_tethered_children():
    show = tethered(["/usr/bin/env"])
    done = subprocess.Popen(
        show, env={**os.environ, **as_parent()}, stdout=subprocess.PIPE, text=True
    )
    words, _ = done.communicate(timeout=30)
    assert f"{PARENT}={done.pid}\n" in words
