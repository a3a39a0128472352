"""How well this machine can shut ffmpeg in: asked of the kernel once, and proven.

Not "is the feature there" but "is it refused": a process shut in exactly as ffmpeg will be
tries to read, write, connect and signal, and reports what it was denied. Where that fails
only the resource limits hold, and films are refused, except where the operator allows it.
"""

from __future__ import annotations

import enum
import json
import logging
import os
import socket
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cvtube.sandbox import launcher, seccomp
from cvtube.sandbox.process import Budget, Command, SandboxError, into, run

log = logging.getLogger(__name__)

CANARY = "this must not be read"
MOST_NAMED = 5  # tries in one sentence


class SandboxLevel(enum.StrEnum):
    """What stands between a film's decoder and this machine."""

    FULL = "full"  # Landlock and seccomp, proven
    LIMITS = "limits"  # CPU time, memory and file sizes only


@dataclass(frozen=True)
class SandboxStatus:
    """The level, and why it is not better."""

    level: SandboxLevel
    reason: str = ""

    @property
    def shuts_in(self) -> bool:
        return self.level is SandboxLevel.FULL


@cache
def detect_level() -> SandboxStatus:
    """This machine's level. A worker asks before it forks, so that no job has to."""
    reason = _why_not()
    if not reason:
        return SandboxStatus(SandboxLevel.FULL)
    log.warning("this machine is WITHOUT a sandbox for ffmpeg: %s", reason)
    return SandboxStatus(SandboxLevel.LIMITS, reason)


def _why_not() -> str:
    if not launcher.landlock_version():
        return "the kernel has no Landlock (Linux 5.13 or newer has it)."
    if not seccomp.supported():
        return "there is no system call filter for this processor."
    try:
        verdicts = try_to_escape()
    except SandboxError as error:
        return f"{error}."
    allowed = [attempt for attempt, refused in verdicts.items() if not refused]
    return f"{_some(allowed)} was not refused." if allowed else ""


def _some(allowed: list[str]) -> str:
    first = ", ".join(allowed[:MOST_NAMED])
    more = len(allowed) - MOST_NAMED
    return f"{first} and {more} more" if more > 0 else first


def try_to_escape() -> dict[str, bool]:
    """Each try to break out, and whether it was refused.

    Raises:
        SandboxError: it could not even be shut in.
    """
    with tempfile.TemporaryDirectory() as name, socket.create_server(("127.0.0.1", 0)) as server:
        secret, outside, folder = (Path(name, part) for part in ("secret", "outside", "folder"))
        secret.write_text(CANARY)
        folder.mkdir()
        inside = folder / "inside"
        inside.touch()
        places = {
            "secret": str(secret),
            "outside": str(outside),
            "inside": str(inside),
            "port": server.getsockname()[1],
            "calls": seccomp.refused_calls(os.uname().machine),
        }
        said: list[str] = []
        ended = run(
            Command(
                argv=["prove", json.dumps(places)],
                reads=[],
                writes=folder,
                budget=Budget(cpu_s=10, wall_s=20),
            ),
            on_line=into(said),
        )
        if not ended.well or not said:
            raise SandboxError(f"the proof ended with status {ended.status}")
        verdicts: dict[str, bool] = json.loads(said[-1])
        return verdicts
