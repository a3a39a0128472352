"""The command line that makes a clip's own sound plain: what a speech engine may hear."""

from __future__ import annotations

from pathlib import Path

import ffmpeg

from cvtube.transcode.ffmpeg.source import ANONYMOUS, Source, compiled
from cvtube.transcode.speech import SAMPLE_RATE
from cvtube.transcode.tools import Tool
from cvtube.videos.containers import Container


def plain(tool: Tool, sound: Path, name: str) -> list[str]:
    """Mono, 16 bits, uncompressed, from our own AAC."""
    ours = Source(sound, Container.MP4)
    heard = ffmpeg.input(ours.address, **ours.options(["aac"]))["a:0"]
    made = ffmpeg.output(
        heard, name, **ANONYMOUS, **{"c:a": "pcm_s16le", "ar": SAMPLE_RATE, "ac": 1, "f": "wav"}
    )
    return compiled(tool, made)
