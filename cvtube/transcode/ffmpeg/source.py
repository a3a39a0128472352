"""What every command line shares: how a file may be read, and what is never written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cvtube.transcode.tools import AV1_DECODERS, Tool
from cvtube.videos.containers import Container

DEMUXERS = {
    Container.MP4: "mov",
    Container.MATROSKA: "matroska",
    Container.AVI: "avi",
    Container.MPEGTS: "mpegts",
    Container.OGG: "ogg",
}
# What cameras, phones and browsers write; the other 500 decoders are attack surface.
PICTURE_CODECS = ("h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mpeg2video", "mjpeg", "h263")
# Codec, and the decoder that reads it.
SOUND_CODECS = {
    "aac": "aac", "mp3": "mp3float", "mp2": "mp2", "opus": "opus", "vorbis": "vorbis",
    "ac3": "ac3", "amr_nb": "amrnb", "amr_wb": "amrwb",
    "pcm_s16le": "pcm_s16le", "pcm_s16be": "pcm_s16be", "pcm_u8": "pcm_u8",
    "pcm_s24le": "pcm_s24le", "pcm_s24be": "pcm_s24be", "flac": "flac",
}  # fmt: skip
SOUND_DECODERS = tuple(SOUND_CODECS.values())
# ffprobe opens a decoder for every stream, and gives up the whole file where it may not. Words
# and captions are never asked of it, nor the pictures in which camcorders keep the date.
SUBTITLE_DECODERS = ("mov_text", "subrip", "webvtt", "ass", "cc_dec", "pgssub", "dvbsub", "dvdsub")

MAX_PIXELS = 4096 * 2304
MAX_STREAMS = 32
QUIET = ("-nostdin", "-hide_banner", "-v", "error", "-y")
# No place, make or name: nothing the file said of itself. Nor which build of ffmpeg it was.
ANONYMOUS: dict[str, Any] = {"map_metadata": -1, "map_chapters": -1, "fflags": "+bitexact"}


@dataclass(frozen=True)
class Source:
    """A file to read, as exactly one kind."""

    path: Path
    container: Container

    def options(self, decoders: Collection[str]) -> dict[str, Any]:
        """What keeps a demuxer and its decoders from doing anything but reading this file."""
        demuxer = DEMUXERS[self.container]
        return {
            "protocol_whitelist": "file",  # no network, no pipe, no concat:, no data:
            "format_whitelist": demuxer,  # nor a playlist inside (AVI's GAB2, MOV's references)
            "codec_whitelist": ",".join(decoders),
            "max_streams": MAX_STREAMS,
            "max_pixels": MAX_PIXELS,  # before the memory for them is asked for
            "probesize": 20_000_000,  # phones put the sound's first packet far behind
            "analyzeduration": 10_000_000,  # microseconds
            "f": demuxer,  # never what the file's own bytes suggest: they may say "playlist"
        }

    @property
    def address(self) -> str:
        # With its protocol before it, no path can be taken for another protocol's.
        return f"file:{self.path}"


def picture_decoders(tool: Tool) -> list[str]:
    """`av1` is decoded by a library: ffmpeg's own decoder needs a graphics card."""
    libraries = sorted(tool.decoders & AV1_DECODERS)
    return [name for codec in PICTURE_CODECS for name in (libraries if codec == "av1" else [codec])]


def as_coded(tool: Tool) -> dict[str, Any]:
    """Hand over a picture's LCEVC layer beside it, instead of decoding that too.

    What decodes it writes beyond its memory (CVE-2026-125262, up to FFmpeg 9.0.2). No camera
    writes such a layer, and without it there is a picture all the same.
    """
    return {"export_side_data": "enhancements"} if tool.enhances else {}


def compiled(tool: Tool, output: Any, *flags: str) -> list[str]:
    """The command line of a graph that ends in this output."""
    command: list[str] = output.global_args(*QUIET, *flags).compile(cmd=str(tool.path))
    return command
