"""Command lines that take stills and a preview from our own renditions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ffmpeg

from cvtube.toolchain.inputs import ANONYMOUS, Source, compiled
from cvtube.toolchain.selection import Tool
from cvtube.videos.containers import Container

Size = tuple[int, int]

EVERY_A_S = 4  # frames of a second that a short clip's stills are chosen from

# Of a dozen pictures, several threads cost a quarter more than one, and are hardly sooner there.
_ONE_THREAD = ("-filter_complex_threads", "1")

_DARK = 32  # luma below which a pixel counts as black
_MOSTLY = 85  # percent of black pixels that make a frame no poster
_CANDIDATES = 60  # frames one still is chosen from, all held in memory


@dataclass(frozen=True)
class StillChoice:
    """How many stills are chosen from how many frames.

    `every`: from some frames of each second, not from key frames alone (a short clip).
    `dark`: from black ones too, if there is nothing else.
    """

    stills: int
    frames: int
    every: bool
    dark: bool


def posters(tool: Tool, rendition: Path, sizes: dict[str, Size], choice: StillChoice) -> list[str]:
    """The most typical frame of each share of the clip, once for each file name and size.

    Typical by its colours: nothing looks at what, or whom, a picture shows. In a file's name, %d
    is the still's number, from 1 on. Where frames are few or black there are fewer stills.
    """
    frames = _ours(rendition, keys_only=not choice.every)
    if choice.every:
        frames = frames.filter("fps", EVERY_A_S)
    if not choice.dark:
        frames = frames.filter("blackframe", amount=0, threshold=_DARK).filter(
            "metadata",
            mode="select", key="lavfi.blackframe.pblack", value=_MOSTLY, function="less",
        )  # fmt: skip
    step = math.ceil(choice.frames / choice.stills / _CANDIDATES)
    if step > 1:
        frames = frames.filter("framestep", step)
    share = math.ceil(choice.frames / step / choice.stills)
    copies = frames.filter("thumbnail", share).filter_multi_output("split", len(sizes))
    numbered = {
        "frames:v": choice.stills,
        "fps_mode:v": "passthrough",  # else pictures are repeated until the next one is due
        "update": 0,
    }
    files = [
        ffmpeg.output(_jpeg(copies[number], size), name, **_picture_file(quality=3) | numbered)
        for number, (name, size) in enumerate(sizes.items())
    ]
    return compiled(tool, ffmpeg.merge_outputs(*files), *_ONE_THREAD)


def storyboard(
    tool: Tool, rendition: Path, name: str, *, tile: Size, columns: int, rows: int
) -> list[str]:
    """All key frames on one sheet."""
    tiles = _jpeg(_ours(rendition, keys_only=True), tile)
    sheet = tiles.filter("tile", layout=f"{columns}x{rows}")
    return compiled(tool, ffmpeg.output(sheet, name, **_picture_file(quality=4)), *_ONE_THREAD)


def _ours(rendition: Path, *, keys_only: bool) -> Any:
    options = Source(rendition, Container.MP4).options(["h264"]) | {"threads": 1}
    if keys_only:
        options["skip_frame"] = "nokey"  # decodes one frame in sixty
    return ffmpeg.input(f"file:{rendition}", **options)["v:0"]


def _jpeg(stream: Any, size: Size) -> Any:
    # JPEG has the full range of numbers, and one way alone to make colours of them (JFIF).
    jfif = {"out_range": "pc", "out_color_matrix": "bt601"}
    scaled = stream.filter("scale", *size, flags="lanczos", **jfif)
    return scaled.filter("format", "yuvj420p")


def _picture_file(*, quality: int) -> dict[str, Any]:
    return {
        **ANONYMOUS,
        "frames:v": 1,
        "c:v": "mjpeg",
        "q:v": quality,
        "flags:v": "+bitexact",  # else each picture names ffmpeg's version
        "f": "image2",
        "update": 1,  # the name is a name, not a pattern
    }
