"""Films as the prober describes them, for tests of what is pure."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from cvtube.toolchain.inputs import Source
from cvtube.toolchain.selection import Tool
from cvtube.transcode.analyze.media import Film, Light, Picture, Sound, Span, Turn
from cvtube.videos.containers import Container

SPAN = Span(start=0.0, end=10.0, packets=300, gap=1 / 30)
PICTURE = Picture(
    index=0,
    codec="h264",
    width=1920,
    height=1080,
    pixel_shape=Fraction(1),
    turn=Turn.NONE,
    light=Light.SDR,
    matrix="bt709",
    interlaced=False,
    span=SPAN,
)
SOUND = Sound(index=1, codec="aac", channels=2, span=Span(0.0, 10.0, 470, 0.0213), layout="stereo")
SOURCE = Source(Path("/scratch/original"), Container.MP4)


def picture(**changes: Any) -> Picture:
    return replace(PICTURE, **changes)


def film(sounds: tuple[Sound, ...] = (SOUND,), **changes: Any) -> Film:
    return Film(Container.MP4, picture(**changes), sounds)


def tool(filters: frozenset[str] = frozenset({"zscale"})) -> Tool:
    nothing: frozenset[str] = frozenset()
    decoders = frozenset({"libdav1d", "av1"})
    path = Path("/opt/ffmpeg")
    return Tool(path, "9.0", (9, 0, 0), nothing, decoders, filters, (path,))
