"""What a child process promises its parent.

`python -m cvtube.process COMMAND …` turns into the command, which then dies with whoever
started it. Standard library only, so that it costs no more than Python's own start.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # prctl(2)
PARENT = "CVTUBE_PARENT_PID"


def die_with_parent(parent_pid: int) -> None:
    """Have the kernel kill this process when its parent dies, even by SIGKILL.

    Without it, a killed worker leaves its encoder running beside the next one. Linux only;
    elsewhere the lease of the orphan's work runs out and fences it off.

    The kernel means the parent's *thread*: start such children from one that lives on.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:  # it died before the kernel knew
        os._exit(1)


def tethered(command: list[str]) -> list[str]:
    """The command, as one that dies with the process that starts it."""
    return [sys.executable, "-m", "cvtube.process", *command]


def as_parent() -> dict[str, str]:
    """The environment variable by which tethered children know this process."""
    return {PARENT: str(os.getpid())}


def main(command: list[str]) -> None:
    """Turn into the command; the promise outlives `exec` (prctl(2))."""
    die_with_parent(int(os.environ.get(PARENT, os.getppid())))
    # Keeps its process id: its own tethered children will ask for this one.
    os.execve(command[0], command, {**os.environ, **as_parent()})  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
