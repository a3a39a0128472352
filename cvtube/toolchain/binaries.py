"""One ffmpeg or ffprobe: what it says it is, what it can, and the files it is made of.

Asked of it once for each version of its file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cvtube.sandbox.process import Budget, Command, Ended, SandboxError, into, run

# Of SVT-AV1. Debian 12's 1.4 costs more than x264 where 2 and newer cost half of it.
OLDEST_AV1 = (2, 0)

Release = tuple[int, int, int]

_QUESTION = Budget(cpu_s=20, wall_s=30, output_bytes=1024 * 1024)
_VERSION = re.compile(r"^(?:ffmpeg|ffprobe) version (\S+)")
_RELEASE = re.compile(r"^n?(\d+)\.(\d+)(?:\.(\d+))?")
# " V....D libx264   …" in -encoders and -decoders, " TS. zscale  V->V  …" in -filters
_LISTED = re.compile(r"^ [A-Z.|]{2,6} +(\S+) ")
_SVT = re.compile(r"SVT-AV1 Encoder Lib v(\d+)\.(\d+)")
_LOADED = re.compile(r"(?:=> )?(/\S+) \(0x[0-9a-f]+\)$")


@dataclass(frozen=True)
class Tool:
    """One binary: what it says it is, what it can, and the files it is made of."""

    path: Path
    version: str
    release: Release | None  # None: built from a development branch
    encoders: frozenset[str]
    decoders: frozenset[str]
    filters: frozenset[str]
    files: tuple[Path, ...]  # itself and its libraries: all it may read beside a film
    svt_av1: tuple[int, int] | None = None  # version of its AV1 encoder
    enhances: bool = False  # built with a decoder for LCEVC, see `ffmpeg/source.py`

    @property
    def makes_av1(self) -> bool:
        """Whether it has an encoder for AV1 that is worth its while."""
        return self.svt_av1 is not None and self.svt_av1 >= OLDEST_AV1


class ToolError(Exception):
    """The file is no tool we can run; the message goes on after its path."""


def inspect_tool(path: Path) -> Tool:
    """What the binary at this path is and can."""
    try:
        real = path.resolve(strict=True)
        state = real.stat()
    except OSError as error:
        raise ToolError("does not exist") from error
    if not os.access(real, os.X_OK) or not real.is_file():
        raise ToolError("is not a program")
    return _examine(real, state.st_mtime_ns, state.st_size)


@cache
def _examine(path: Path, _mtime_ns: int, _size: int) -> Tool:
    lines = _ask(path, "-version")
    match = _VERSION.match(lines[0]) if lines else None
    if match is None:
        raise ToolError("is not ffmpeg or ffprobe")
    version = match[1]
    release = _RELEASE.match(version)
    encoders = _listed(path, "-encoders")
    return Tool(
        path=path,
        version=version,
        release=_numbers(release) if release else None,
        encoders=encoders,
        decoders=_listed(path, "-decoders"),
        filters=_listed(path, "-filters"),
        files=(path, *_libraries(path)),
        svt_av1=_svt_version(path) if "libsvtav1" in encoders else None,
        enhances=any("--enable-liblcevc-dec" in line for line in lines),
    )


def _numbers(release: re.Match[str]) -> Release:
    return int(release[1]), int(release[2]), int(release[3] or 0)


def _listed(path: Path, question: str) -> frozenset[str]:
    return frozenset(match[1] for line in _ask(path, question) if (match := _LISTED.match(line)))


def _svt_version(path: Path) -> tuple[int, int] | None:
    """The encoder names itself when it begins, and nowhere else: one picture is made for it."""
    arguments = "-f lavfi -i color=s=64x64:d=0.04 -c:v libsvtav1 -f null -"
    match = _SVT.search(_answered(path, arguments.split()).errors)
    return (int(match[1]), int(match[2])) if match else None


def _libraries(path: Path) -> Iterator[Path]:
    """What the loader maps for it, which is nothing for a static binary.

    glibc's loader tells instead of running the program, as `ldd` has it do.
    """
    for line in _ask(path, "-version", LD_TRACE_LOADED_OBJECTS="1"):
        if match := _LOADED.search(line):
            yield Path(match[1]).resolve()


def _ask(path: Path, question: str, **environment: str) -> list[str]:
    lines: list[str] = []
    ended = _answered(path, [question], lines, **environment)
    if not ended.well:
        raise ToolError(f"does not answer {question}")
    return lines


def _answered(
    path: Path, arguments: list[str], lines: list[str] | None = None, **environment: str
) -> Ended:
    command = Command(
        # The operator's own binary, with nothing of a stranger's in its hands yet.
        argv=[str(path), "-v", "quiet", *arguments],
        reads=[],
        writes=None,
        budget=_QUESTION,
        shut_in=False,
        environment=environment,
    )
    try:
        return run(command, on_line=into(lines if lines is not None else []))
    except SandboxError as error:
        raise ToolError("cannot be started") from error
