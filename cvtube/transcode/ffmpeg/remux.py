"""Command lines that copy a film's streams into another file, without decoding anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import ffmpeg

from cvtube.toolchain.inputs import (
    ANONYMOUS,
    DEMUXERS,
    SOUND_DECODERS,
    Source,
    compiled,
    picture_decoders,
)
from cvtube.toolchain.selection import Tool
from cvtube.transcode.analyze.packets import TimestampOffset
from cvtube.videos.containers import Container

# The same kind of file again: it can hold whatever was in it.
MUXERS = {
    Container.MP4: "mov",
    Container.MATROSKA: "matroska",
    Container.AVI: "avi",
    Container.MPEGTS: "mpegts",
    Container.OGG: "ogg",
    Container.MPEGPS: "vob",
}
_AS_IT_IS: dict[str, Any] = {
    "c": "copy",
    "copyinkf": None,  # also what comes before the first key frame: packets are counted
    "copypriorss": 1,
    **ANONYMOUS,
}


def listing(tool: Tool, source: Source) -> list[str]:
    """Have ffmpeg tell on its standard error which streams there are; it ends with an error.

    Unlike ffprobe it opens no decoder for a stream that nobody asks for.
    """
    options = source.options((*picture_decoders(tool), *SOUND_DECODERS))
    flags = [part for name, value in options.items() for part in (f"-{name}", str(value))]
    return [str(tool.path), "-nostdin", "-hide_banner", *flags, "-i", source.address]


def some(
    tool: Tool,
    source: Source,
    streams: Sequence[int],
    offsets: Mapping[int, Sequence[TimestampOffset]],
    name: str,
) -> list[str]:
    """Only these streams, with some of their packets' times changed."""
    film = ffmpeg.input(
        source.address, **source.options((*picture_decoders(tool), *SOUND_DECODERS))
    )
    times = {
        f"bsf:{number}": _setts(offsets[index])
        for number, index in enumerate(streams)
        if offsets.get(index)
    }
    options = {**_AS_IT_IS, **times, "f": MUXERS[source.container]}
    made = ffmpeg.output(*(film[str(index)] for index in streams), name, **options)
    return compiled(tool, made, "-copyts")


def _setts(offsets: Sequence[TimestampOffset]) -> str:
    change = "+".join(rf"gte(N\,{offset.number})*({offset.seconds:.6f})" for offset in offsets)
    return f"setts=pts=PTS+({change})/TB:dts=DTS+({change})/TB"


def concatenated(tool: Tool, container: Container, listed: Path, name: str) -> list[str]:
    """All files of a list, one after the other."""
    kind = DEMUXERS[container]
    films = ffmpeg.input(
        f"file:{listed}",
        f="concat",
        protocol_whitelist="file",
        format_whitelist=f"concat,{kind}",
        codec_whitelist=",".join((*picture_decoders(tool), *SOUND_DECODERS)),
    )
    made = ffmpeg.output(films["v"], films["a?"], name, **_AS_IT_IS, f=MUXERS[container])
    return compiled(tool, made)
