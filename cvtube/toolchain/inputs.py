"""What every command line shares: how a file may be read, and what is never written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from cvtube.toolchain.selection import AV1_DECODERS, Tool
from cvtube.videos.containers import Container

DEMUXERS = {
    Container.MP4: "mov",
    Container.MATROSKA: "matroska",
    Container.AVI: "avi",
    Container.MPEGTS: "mpegts",
    Container.OGG: "ogg",
    Container.MPEGPS: "mpeg",
}
# What cameras, phones and browsers write, and the decoder that reads it; the other 500 decoders are
# attack surface. Beside today's: ProRes of phones, DV of tapes, Theora since Ogg is a container we
# know, and what shares its decoder with MPEG-2 or MPEG-4. `av1` stands for a library (see below).
PICTURE_CODECS = {
    "h264": "h264", "hevc": "hevc", "vp8": "vp8", "vp9": "vp9", "av1": "av1", "mpeg4": "mpeg4",
    "mpeg2video": "mpeg2video", "mjpeg": "mjpeg", "h263": "h263", "prores": "prores",
    "dvvideo": "dvvideo", "theora": "theora", "mpeg1video": "mpeg1video",
    "msmpeg4v2": "msmpeg4v2", "msmpeg4v3": "msmpeg4",
}  # fmt: skip
# Samples as they are, in every width, order and kind; and those of telephones.
_PLAIN = (
    *(f"pcm_{sign}{bits}{end}" for sign in "su" for bits in (16, 24, 32) for end in ("le", "be")),
    *(f"pcm_f{bits}{end}" for bits in (32, 64) for end in ("le", "be")),
    "pcm_s8", "pcm_u8", "pcm_mulaw", "pcm_alaw", "pcm_bluray", "pcm_dvd",
)  # fmt: skip
SOUND_CODECS = {
    "aac": "aac", "aac_latm": "aac_latm", "mp3": "mp3float", "mp2": "mp2", "mp1": "mp1float",
    "opus": "opus", "vorbis": "vorbis", "ac3": "ac3", "eac3": "eac3",
    "amr_nb": "amrnb", "amr_wb": "amrwb", "gsm": "gsm", "gsm_ms": "gsm_ms",
    "flac": "flac", "alac": "alac",
    "adpcm_ima_wav": "adpcm_ima_wav", "adpcm_ima_qt": "adpcm_ima_qt", "adpcm_ms": "adpcm_ms",
    **{codec: codec for codec in _PLAIN},
}  # fmt: skip
SOUND_DECODERS = tuple(SOUND_CODECS.values())
# ffprobe opens a decoder for every stream, and gives up the whole file where it may not. Words
# and captions are never asked of it, nor the pictures in which camcorders keep the date.
SUBTITLE_DECODERS = (
    "mov_text", "subrip", "webvtt", "ass", "ssa", "cc_dec", "pgssub", "dvbsub", "dvdsub",
)  # fmt: skip

MAX_PIXELS = 4096 * 2304
MAX_STREAMS = 32
MOST_CHANNELS = 16  # of one sound
QUIET = ("-nostdin", "-hide_banner", "-v", "error", "-y")
# No place, make or name: nothing the file said of itself. Nor which build of ffmpeg it was.
ANONYMOUS: dict[str, Any] = {"map_metadata": -1, "map_chapters": -1, "fflags": "+bitexact"}
# Of H.264's units those of type 6 (SEI): a camera's number or the place, x264's name and choices.
NO_NOTES = "filter_units=remove_types=6"


@dataclass(frozen=True)
class Source:
    """A file to read, as exactly one kind."""

    path: Path
    container: Container
    deep: bool = False  # whether to look far into it for what a late stream is made of

    def options(self, decoders: Collection[str]) -> dict[str, Any]:
        """What keeps a demuxer and its decoders from doing anything but reading this file."""
        demuxer = DEMUXERS[self.container]
        return {
            "protocol_whitelist": "file",  # no network, no pipe, no concat:, no data:
            "format_whitelist": demuxer,  # nor a playlist inside (AVI's GAB2, MOV's references)
            "codec_whitelist": ",".join(decoders),
            "max_streams": MAX_STREAMS,
            "max_pixels": MAX_PIXELS,  # before the memory for them is asked for
            # Bytes and microseconds: phones put the sound's first packet far behind.
            "probesize": 300_000_000 if self.deep else 20_000_000,
            "analyzeduration": 120_000_000 if self.deep else 10_000_000,
            "f": demuxer,  # never what the file's own bytes suggest: they may say "playlist"
        }

    @property
    def address(self) -> str:
        # With its protocol before it, no path can be taken for another protocol's.
        return f"file:{self.path}"


def picture_decoders(tool: Tool) -> list[str]:
    """`av1` is decoded by a library: ffmpeg's own decoder needs a graphics card."""
    libraries = sorted(tool.decoders & AV1_DECODERS)
    others = [decoder for codec, decoder in PICTURE_CODECS.items() if codec != "av1"]
    return [*others, *libraries]


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


def seconds_text(length: Fraction) -> str:
    """To the microsecond, rounded down: a frame that begins there is the next one."""
    return f"{int(length * 1_000_000) / 1_000_000:.6f}"
