"""The command lines that put a film's clips into one file, without encoding anything anew."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from cvtube.toolchain.inputs import ANONYMOUS, NO_NOTES, compiled
from cvtube.toolchain.selection import Tool

# Ticks a second in which a frame lasts a whole number at every rate the ladder knows, from 12
# to 30 and television's 24000/1001. Joining needs one scale for all clips: the joiner takes
# the first one's, and would play the others too fast or too slowly.
TICKS = 120_000

COPIED: dict[str, Any] = {"c": "copy", "f": "mp4", "video_track_timescale": TICKS, **ANONYMOUS}
READ: dict[str, Any] = {"protocol_whitelist": "file"}


def pair(tool: Tool, picture: Path, sound: Path, made: str) -> list[str]:
    """One clip's picture and sound in one file."""
    streams = [
        ffmpeg.input(f"file:{path}", f="mov", format_whitelist="mov", **READ)
        for path in (picture, sound)
    ]
    picture, heard = streams[0]["v:0"], streams[1]["a:0"]
    # Clips that were made before their notes were left out have them still.
    made_anew = ffmpeg.output(picture, heard, made, **COPIED, **{"bsf:v": NO_NOTES})
    return compiled(tool, made_anew)


def concat(tool: Tool, clips: Path, made: str) -> list[str]:
    """All clips of a list, one after the other."""
    # Each clip's own parameter sets go in front of its key frames ("auto_convert"), so that a
    # decoder has the right ones whichever clip it is in.
    film = ffmpeg.input(f"file:{clips}", f="concat", format_whitelist="concat,mov", **READ)
    # What a player needs first stands first.
    joined = ffmpeg.output(film["v:0"], film["a:0"], made, movflags="+faststart", **COPIED)
    return compiled(tool, joined, "-progress", "pipe:1", "-stats_period", "1")


def concat_list(names: Sequence[str], seconds: Sequence[Fraction]) -> str:
    """The list the joiner reads: each file, and for how long it goes on (to the microsecond)."""
    lines = [
        f"file {name}\nduration {float(length):.6f}"
        for name, length in zip(names, seconds, strict=True)
    ]
    return "\n".join(("ffconcat version 1.0", *lines, ""))
