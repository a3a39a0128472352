"""The one place that starts a process: in the sandbox, watched, and never outliving us.

A film's decoder may hang, spin, talk without end or ignore every polite signal. So its output
is read as it comes, its error messages are kept only as far back as anybody reads, it is
looked at several times a second (`watch.py`), and its end is SIGKILL to its whole process group.

Call it from the main thread: "die with your parent" (see `launcher.py`) means the thread that
started the child.
"""

from __future__ import annotations

import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cvtube.sandbox import launcher, seccomp
from cvtube.sandbox.limits import MIB, Budget, IsWanted, OnLine, Stop, Watch

__all__ = [
    "MIB",
    "Budget",
    "Command",
    "Ended",
    "IsWanted",
    "OnLine",
    "SandboxError",
    "Stop",
    "into",
    "run",
]

POLL_S = 0.002
READ = 64 * 1024

# How ffmpeg and x264 say so. There are more ways; what is not known counts as a broken film.
OUT_OF_MEMORY = ("Cannot allocate memory", "malloc of size")

# Nothing of the worker's environment: it holds the keys to the database and the storage. One
# arena per thread would reserve 64 MiB of address space each, which RLIMIT_AS counts.
ENVIRONMENT = {"LC_ALL": "C", "MALLOC_ARENA_MAX": "2"}


def into(lines: list[str]) -> OnLine:
    """Keep every line; each counts as a move."""

    def keep(line: str) -> bool:
        lines.append(line)
        return True

    return keep


class SandboxError(Exception):
    """The program could not be shut in and has not run; the message is for the operator."""


@dataclass(frozen=True)
class Command:
    """What to run, what it may read, and the folder it works and writes in (None: nowhere)."""

    argv: Sequence[str]
    reads: Sequence[Path]
    writes: Path | None
    budget: Budget
    shut_in: bool = True
    environment: Mapping[str, str] = field(default_factory=dict)  # beside `ENVIRONMENT`


@dataclass(frozen=True)
class Ended:
    """How it went. `status` is the exit status, or minus the signal that ended it."""

    status: int
    stopped: Stop | None
    errors: str  # the last it said on stderr; may quote the film, so never for a log or a person
    cpu_s: float
    wall_s: float
    cpu_granted_s: float
    peak_bytes: int = 0  # of memory, at least this process's own before it became the program

    @property
    def well(self) -> bool:
        return self.status == 0 and self.stopped is None

    @property
    def out_of_budget(self) -> bool:
        """The kernel stopped it at its limit of CPU time, file size or memory."""
        return (
            -self.status in {signal.SIGXCPU, signal.SIGXFSZ}
            or (self.status == -signal.SIGKILL and self.cpu_s >= self.cpu_granted_s - 1)
            or (not self.well and any(words in self.errors for words in OUT_OF_MEMORY))
        )

    @property
    def killed_from_outside(self) -> bool:
        """Somebody else killed it: the kernel out of memory, or an operator."""
        by_signal = self.status in {-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT}
        return by_signal and self.stopped is None and not self.out_of_budget


def run(
    command: Command, *, on_line: OnLine | None = None, is_wanted: IsWanted | None = None
) -> Ended:
    """Run it to its end, whatever that is.

    Raises:
        SandboxError: it could not be shut in as ordered.
    """
    started = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "-I", "-S", launcher.__file__, _order(command), *command.argv],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        process_group=0,
    )
    watch = Watch(
        command.budget,
        started,
        on_line or (lambda _line: True),
        is_wanted,
        child.pid,
        command.writes,
    )
    try:
        stopped = _attend(child, watch)
    finally:
        status, usage = _bury(child)
    errors = bytes(watch.errors).decode(errors="replace")
    if status == launcher.FAILED and errors.startswith("sandbox: "):
        raise SandboxError(errors.strip())
    wall_s = time.monotonic() - started
    cpu_s = usage.ru_utime + usage.ru_stime
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)  # getrusage(2)
    return Ended(status, stopped, errors, cpu_s, wall_s, command.budget.cpu_s, peak)


def _order(command: Command) -> str:
    budget = command.budget
    return json.dumps(
        {
            "parent": os.getpid(),
            "nice": 5,  # the worker is nice already; its own heartbeat must come through
            "limits": {
                "CPU": budget.cpu_s,
                "AS": budget.memory,
                "FSIZE": budget.file_bytes,
                "NOFILE": 256,
                "MEMLOCK": 0,
            },
            "shut_in": command.shut_in,
            **(_filter() if command.shut_in else {}),
            "reads": [str(path) for path in command.reads],
            "writes": str(command.writes) if command.writes else None,
            "environment": {**ENVIRONMENT, **command.environment},
        }
    )


def _filter() -> dict[str, str]:
    if not seccomp.supported():
        raise SandboxError("there is no system call filter for this processor")
    program = seccomp.program(os.uname().machine)
    return {"filter": program.hex(), "pid_in_filter": seccomp.PID_HERE.to_bytes(4, "little").hex()}


def _attend(child: subprocess.Popen[bytes], watch: Watch) -> Stop | None:
    """Attend to it until it has ended, or there is a reason to stop it."""
    with selectors.DefaultSelector() as pipes:
        for pipe, on_bytes in ((child.stdout, watch.said), (child.stderr, watch.complained)):
            assert pipe is not None  # noqa: S101 (for the type checker: PIPE was asked for)
            pipes.register(pipe, selectors.EVENT_READ, on_bytes)
        while pipes.get_map() or not _has_ended(child):
            if pipes.get_map():
                for key, _events in pipes.select(max(0.0, watch.due - time.monotonic())):
                    _read(pipes, key)
            else:  # it has closed its pipes, so it is about to end, or hides
                time.sleep(POLL_S)
            # A talkative program does not wait for the next look to be cut off.
            if time.monotonic() >= watch.due or watch.is_talkative:
                if (reason := watch.reason_to_stop()) is not None:
                    return reason
                if _has_ended(child) and not pipes.select(0):
                    break  # something it started holds its pipes, and goes with it
    watch.said_all()
    return watch.sprawl()


def _read(pipes: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    piece = os.read(key.fd, READ)
    if piece:
        key.data(piece)
    else:
        pipes.unregister(key.fileobj)


def _has_ended(child: subprocess.Popen[bytes]) -> bool:
    """Whether it can be buried; it stays unburied, so that nobody else gets its number."""
    how = os.WEXITED | os.WNOHANG | os.WNOWAIT
    return os.waitid(os.P_PID, child.pid, how) is not None


def _bury(child: subprocess.Popen[bytes]) -> tuple[int, resource.struct_rusage]:
    """Kill whatever is left of its group, and tell how it ended and what it cost."""
    # macOS answers "not permitted" for a group that has only ended processes.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    _pid, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    for pipe in (child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()
    return child.returncode, usage
