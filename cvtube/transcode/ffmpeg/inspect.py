"""Command lines that look at and listen to what was sent."""

from __future__ import annotations

import ffmpeg

from cvtube.toolchain.inputs import (
    SOUND_DECODERS,
    SUBTITLE_DECODERS,
    Source,
    as_coded,
    compiled,
    picture_decoders,
)
from cvtube.toolchain.selection import Tool
from cvtube.transcode.analyze import checks
from cvtube.transcode.analyze.media import Film, Sound
from cvtube.transcode.ffmpeg import audio
from cvtube.transcode.plan.ladder import SAMPLE_RATE

LEVELS_RATE = 8000  # samples a second: voices, at a sixth of the work

_STREAM = (
    "index,codec_type,codec_name,codec_tag_string,profile,level,width,height,"
    "sample_aspect_ratio,pix_fmt,"
    "field_order,color_space,color_transfer,color_primaries,channels,channel_layout"
)
_SHOWN = (
    f"stream={_STREAM}:stream_disposition=default,attached_pic:"
    "stream_side_data=side_data_type,displaymatrix,crop_top,crop_bottom,crop_left,crop_right,"
    "dv_bl_signal_compatibility_id"
)


def streams(tool: Tool, source: Source) -> list[str]:
    """Ask what streams there are, as JSON."""
    return [*_probe(tool, source), "-show_entries", _SHOWN, "-of", "json"]


def packets(tool: Tool, source: Source) -> list[str]:
    """Ask for the time of every packet, a line each. Nothing is decoded."""
    shown = "packet=stream_index,pts_time,dts_time,duration_time,flags"
    shown += ":packet_side_data=side_data_type"  # tells of encryption
    return [*_probe(tool, source), "-show_entries", shown, "-of", "csv=p=0"]


def _probe(tool: Tool, source: Source) -> list[str]:
    decoders = (*picture_decoders(tool), "av1", *SOUND_DECODERS, *SUBTITLE_DECODERS)
    options = source.options(dict.fromkeys(decoders)) | as_coded(tool)
    flags = [part for name, value in options.items() for part in (f"-{name}", str(value))]
    return [str(tool.path), "-hide_banner", "-v", "error", *flags, "-i", source.address]


# -- listening ----------------------------------------------------------------------------------


def loudness(tool: Tool, source: Source, film: Film, sound: Sound) -> list[str]:
    """Measure how loud the clip's sound is (EBU R 128) and where it is silent, as it goes.

    Of what its owner has cut off nothing is heard, and times are the clip's.

    A pass of its own costs 0.4 CPU seconds a minute. Then one gain evens the clip out, which
    neither pumps nor costs what ffmpeg's `loudnorm` does (2.9).
    """
    begins, end = film.begins(sound), film.lasts(sound)
    heard = (
        ffmpeg.input(source.address, **source.options(SOUND_DECODERS))[str(sound.index)]
        .filter("asetpts", f"PTS-({begins:.6f})/TB")
        .filter("atrim", start=0, end=f"{end:.6f}")
        .filter("ametadata", mode="delete")  # what the film itself may say
    )
    for name, arguments in audio.placed(sound):
        heard = heard.filter(name, **arguments)
    heard = (
        heard.filter("aresample", SAMPLE_RATE)
        # In fractions, as it is encoded: whole numbers are mixed at less, so that none runs over.
        .filter("aformat", sample_fmts="fltp", channel_layouts="stereo")
        .filter("ebur128", metadata=1, framelog="verbose")
        .filter("silencedetect", noise=f"{checks.SILENCE_DB}dB", duration=checks.SILENT_S)
        # How loud left, right, both together and their difference are, at a rate that is enough.
        .filter("aresample", LEVELS_RATE)
        .filter("pan", "quad|c0<c0|c1<c1|c2<c0+c1|c3<c0-c1")
        .filter("astats", metadata=1, measure_perchannel="RMS_level", measure_overall="none")
        .filter("ametadata", mode="print", file="pipe:1")
    )
    nowhere = ffmpeg.output(heard, "-", f="null")
    return compiled(tool, nowhere, "-copyts")
