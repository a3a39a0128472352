"""The command line that makes a clip's own sound plain: what a speech engine may hear."""

from __future__ import annotations

from pathlib import Path

import ffmpeg

from cvtube.toolchain.inputs import ANONYMOUS, Source, compiled
from cvtube.toolchain.selection import Tool
from cvtube.videos.containers import Container


def plain(tool: Tool, sound: Path, name: str, rate: int) -> list[str]:
    """Mono, 16 bits, uncompressed, `rate` samples a second, from our own AAC."""
    ours = Source(sound, Container.MP4)
    heard = ffmpeg.input(ours.address, **ours.options(["aac"]))["a:0"]
    made = ffmpeg.output(
        heard, name, **ANONYMOUS, **{"c:a": "pcm_s16le", "ar": rate, "ac": 1, "f": "wav"}
    )
    return compiled(tool, made)
