"""Looks into a file: which streams are the film, and how they are to be read."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from cvtube.errors import Refused
from cvtube.transcode.bench import Bench
from cvtube.transcode.census import Census
from cvtube.transcode.ffmpeg import look
from cvtube.transcode.ffmpeg.source import PICTURE_CODECS, SOUND_CODECS, Source
from cvtube.transcode.media import Film, Light, Picture, Sound, Span, Turn
from cvtube.transcode.spawn import MIB, Budget, into
from cvtube.videos.containers import ENOUGH, sniff

# Reading what there is takes a second; whatever needs this long means harm. Room for some
# 400,000 packets: fifteen minutes at 300 frames a second.
LOOK = Budget(cpu_s=30, wall_s=180, memory=2048 * MIB, output_bytes=32 * MIB)

# Words of ffmpeg's, the same from 5.1 to 9.
NOT_ALLOWED = "not on whitelist"
TOO_MANY_PIXELS = "exceeds specified max pixel count"

PROTECTED = frozenset({"drmi", "drms"})  # bought films
INTERLACED = frozenset({"tt", "bb", "tb", "bt"})
MATRICES = {
    "bt709": "bt709", "bt470bg": "bt601", "smpte170m": "bt601", "fcc": "fcc",
    "smpte240m": "smpte240m", "bt2020nc": "bt2020", "bt2020c": "bt2020",
}  # fmt: skip
HD = 720  # from this height on, what says nothing of its colours means BT.709
SHAPES = (Fraction(1, 4), Fraction(4))  # of pixels; anything beyond is a broken header

_MATRIX_ROW = re.compile(r"^0000000[01]:\s+(-?\d+)\s+(-?\d+)", re.MULTILINE)


def examine(bench: Bench, path: Path) -> Film:
    """What the file is made of.

    Raises:
        Refused: it is no film that we can read; the code says why.
    """
    with path.open("rb") as file:
        container = sniff(file.read(ENOUGH))
    if container is None:
        raise Refused("film_unknown_format")
    source = Source(path, container)
    said: list[str] = []
    ended = bench.look(look.streams(bench.tools.ffprobe, source), path, LOOK, into(said))
    if TOO_MANY_PIXELS in ended.errors:
        raise Refused("film_too_many_pixels")
    if not ended.well:
        raise Refused("film_unknown_codec" if NOT_ALLOWED in ended.errors else "film_broken")
    facts = json.loads("".join(said))
    census = Census()
    bench.look(look.packets(bench.tools.ffprobe, source), path, LOOK, census.hear)
    if census.protected:
        raise Refused("film_protected")
    film = understand(source, facts, census.spans())
    return replace(film, packets=census.packets(film.picture.index))


def understand(source: Source, facts: dict[str, Any], spans: dict[int, Span]) -> Film:
    """From ffprobe's words and the packets' times to a film. Pure."""
    streams: list[dict[str, Any]] = facts.get("streams", [])
    if not streams:
        raise Refused("film_broken")
    if any(stream.get("codec_tag_string") in PROTECTED for stream in streams):
        raise Refused("film_protected")
    # The default stream first, then in the file's order.
    streams = sorted(streams, key=lambda s: -int(s.get("disposition", {}).get("default", 0)))
    zero = float(facts.get("format", {}).get("start_time") or 0.0)
    return Film(source.container, zero, _picture(streams, spans), _sounds(streams, spans))


def _picture(streams: list[dict[str, Any]], spans: dict[int, Span]) -> Picture:
    moving = [
        stream
        for stream in streams
        if stream.get("codec_type") == "video"
        and not stream.get("disposition", {}).get("attached_pic")
    ]
    if not moving:
        raise Refused("film_no_picture")
    known = [stream for stream in moving if stream.get("codec_name") in PICTURE_CODECS]
    if not known:
        raise Refused("film_unknown_codec")
    there = [s for s in known if s["index"] in spans and s.get("width") and s.get("height")]
    if not there:
        raise Refused("film_broken")
    # Some cameras put a small picture before the film, in a stream of its own.
    stream = next((s for s in there if spans[s["index"]].packets > 1), there[0])
    return Picture(
        index=stream["index"],
        codec=stream["codec_name"],
        width=stream["width"],
        height=stream["height"],
        pixel_shape=_pixel_shape(stream.get("sample_aspect_ratio", "")),
        turn=_turn(stream),
        light=_light(stream),
        matrix=_matrix(stream),
        interlaced=stream.get("field_order") in INTERLACED,
        span=spans[stream["index"]],
        profile=str(stream.get("profile", "")),
        level=int(stream.get("level", 0)),
        pixels=stream.get("pix_fmt", ""),
        progressive=stream.get("field_order") == "progressive",
    )


def _sounds(streams: list[dict[str, Any]], spans: dict[int, Span]) -> tuple[Sound, ...]:
    heard = [s for s in streams if s.get("codec_type") == "audio" and s["index"] in spans]
    # A phone's second, spatial track may be unknown to us as long as there is another.
    known = [stream for stream in heard if stream.get("codec_name") in SOUND_CODECS]
    if heard and not known:
        raise Refused("film_unknown_codec")
    return tuple(
        Sound(s["index"], s["codec_name"], int(s.get("channels") or 0), spans[s["index"]])
        for s in known
    )


def _pixel_shape(text: str) -> Fraction:
    width, _colon, height = text.partition(":")
    if not (width.isdigit() and height.isdigit() and int(width) and int(height)):
        return Fraction(1)
    shape = Fraction(int(width), int(height))
    return shape if SHAPES[0] <= shape <= SHAPES[1] else Fraction(1)


def _light(stream: dict[str, Any]) -> Light:
    transfer = stream.get("color_transfer")
    if transfer == "arib-std-b67":
        return Light.HLG
    if transfer == "smpte2084":
        return Light.PQ
    return Light.WIDE if stream.get("color_primaries") == "bt2020" else Light.SDR


def _matrix(stream: dict[str, Any]) -> str:
    short = min(stream["width"], stream["height"])
    return MATRICES.get(stream.get("color_space", ""), "bt709" if short >= HD else "bt601")


# By the display matrix (ISO/IEC 14496-12, 6.2.2): whether it keeps the sides, and the signs of
# what it makes of "to the right" and of "down".
_TURNS = {
    (True, 1, 1): Turn.NONE,
    (True, -1, -1): Turn.HALF,
    (True, -1, 1): Turn.MIRROR,
    (True, 1, -1): Turn.FLIP,
    (False, 1, -1): Turn.CLOCKWISE,
    (False, -1, 1): Turn.COUNTERCLOCKWISE,
    (False, -1, -1): Turn.CLOCKWISE_FLIP,
    (False, 1, 1): Turn.COUNTERCLOCKWISE_FLIP,
}


def _turn(stream: dict[str, Any]) -> Turn:
    """The right angle (and the mirror) nearest to what the file asks its player for."""
    for datum in stream.get("side_data_list", []):
        rows = _MATRIX_ROW.findall(datum.get("displaymatrix", ""))
        if len(rows) == 2:  # noqa: PLR2004 (the third moves the picture, which nobody does)
            (a, b), (c, d) = ((int(x), int(y)) for x, y in rows)
            straight = abs(a) + abs(d) >= abs(b) + abs(c)
            right, down = (a, d) if straight else (b, c)
            return _TURNS[straight, 1 if right >= 0 else -1, 1 if down >= 0 else -1]
    return Turn.NONE
