"""Looks into a file: which streams are the film, and how they are to be read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from cvtube.errors import Refused
from cvtube.sandbox.process import Ended, into
from cvtube.toolchain.inputs import MOST_CHANNELS, PICTURE_CODECS, SOUND_CODECS, Source
from cvtube.toolchain.runner import Runner
from cvtube.transcode.analyze import packets, remux, suitability
from cvtube.transcode.analyze.media import Film, Light, Picture, Sound, Span, Turn
from cvtube.transcode.analyze.packets import PacketStatistics, Times
from cvtube.transcode.analyze.remux import EXAMINATION
from cvtube.transcode.ffmpeg import inspect
from cvtube.videos.containers import ENOUGH, Container, film_start

# Words of ffmpeg's, the same from 5.1 to 9.
NOT_ALLOWED = "not on whitelist"
TOO_MANY_PIXELS = "exceeds specified max pixel count"
TOO_MANY_STREAMS = "exceeds max_streams"

PROTECTED = frozenset({"drmi", "drms"})  # bought films
INTERLACED = frozenset({"tt", "bb", "tb", "bt"})
MATRICES = {
    "bt709": "bt709", "bt470bg": "bt601", "smpte170m": "bt601", "fcc": "fcc",
    "smpte240m": "smpte240m", "bt2020nc": "bt2020", "bt2020c": "bt2020",
}  # fmt: skip
LONGEST_HOLD = 5.0  # seconds that a last frame stands at most where nothing is heard
HD = 720  # from this height on, what says nothing of its colours means BT.709
SHAPES = (Fraction(1, 4), Fraction(4))  # of pixels; anything beyond is a broken header

_MATRIX_ROW = re.compile(r"^0000000[01]:\s+(-?\d+)\s+(-?\d+)", re.MULTILINE)


def examine(runner: Runner, path: Path) -> Film:
    """What the file is made of.

    Raises:
        Refused: it is no film that we can read; the code says why.
    """
    with path.open("rb") as file:
        first = film_start(file.read(ENOUGH))
    if first is None:
        raise Refused("film_unknown_format")
    source = remux.put_together(runner, path, first)
    facts = _streams(runner, source)
    if _unfinished(facts, source.container):
        source = replace(source, deep=True)
        facts = _streams(runner, source)
    packets_read = _counted(runner, source)
    film = build_film(source, facts, packets_read.spans())
    if _run_on(runner, source, film, packets_read.times()):
        packets_read = _counted(runner, source)
        film = build_film(source, _streams(runner, source), packets_read.spans())
    return replace(film, packets=packets_read.packets(film.picture.index), deep=source.deep)


def _streams(runner: Runner, source: Source) -> dict[str, Any]:
    """What ffprobe says of the streams."""
    ended, said = _asked(runner, source)
    if TOO_MANY_STREAMS in ended.errors:  # what is read of those within may be anything
        raise Refused("film_too_many_tracks")
    if NOT_ALLOWED in ended.errors:
        remux.keep_readable(runner, source)
        ended, said = _asked(runner, source)
    if TOO_MANY_PIXELS in ended.errors:
        raise Refused("film_too_many_pixels")
    if not ended.well:
        raise Refused("film_unknown_codec" if NOT_ALLOWED in ended.errors else "film_broken")
    facts: dict[str, Any] = json.loads("".join(said))
    return facts


def _asked(runner: Runner, source: Source) -> tuple[Ended, list[str]]:
    said: list[str] = []
    ended = runner.examine(
        inspect.streams(runner.tools.ffprobe, source), source.path, EXAMINATION, into(said)
    )
    return ended, said


def _unfinished(facts: dict[str, Any], container: Container) -> bool:
    """Whether a sound or picture was announced, and nothing of it came where it was looked for."""
    return container is Container.MPEGTS and any(
        (stream.get("codec_type") == "audio" and not stream.get("channels"))
        or (stream.get("codec_type") == "video" and not stream.get("width"))
        for stream in facts.get("streams", [])
    )


def _counted(runner: Runner, source: Source) -> PacketStatistics:
    packets_read = PacketStatistics()
    runner.examine(
        inspect.packets(runner.tools.ffprobe, source),
        source.path,
        EXAMINATION,
        packets_read.add_line,
    )
    if packets_read.protected:
        raise Refused("film_protected")
    return packets_read


def _run_on(runner: Runner, source: Source, film: Film, times: Mapping[int, Times]) -> bool:
    """Have the film's clock run on where it jumps. False: it does not, or not to be mended."""
    picture, sounds = film.picture.index, [sound.index for sound in film.sounds]
    # A second sound may begin or end with another recording than the picture.
    for streams in ((picture, *sounds), *((picture, sound) for sound in sounds)):
        offsets = packets.timestamp_offsets({index: times[index] for index in streams})
        if offsets is not None:
            break
    if not offsets or source.container is Container.AVI:  # which knows no times
        return False
    remux.retime(runner, source, sorted(streams), offsets)
    return True


def build_film(source: Source, facts: dict[str, Any], spans: dict[int, Span]) -> Film:
    """From ffprobe's words and the packets' times to a film. Pure."""
    streams: list[dict[str, Any]] = facts.get("streams", [])
    if not streams:
        raise Refused("film_broken")
    if any(stream.get("codec_tag_string") in PROTECTED for stream in streams):
        raise Refused("film_protected")
    # The default stream first, then in the file's order.
    streams = sorted(streams, key=lambda s: -int(s.get("disposition", {}).get("default", 0)))
    picture, sounds = _picture(streams, spans), _sounds(streams, spans)
    return Film(source.container, picture if sounds else _held(picture), sounds)


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
        raise Refused(suitability.unreadable_code(moving[0].get("codec_name", "")))
    there = [s for s in known if s["index"] in spans and s.get("width") and s.get("height")]
    if not there:
        raise Refused("film_broken")
    # Some cameras put a small picture before the film, in a stream of its own.
    stream = next((s for s in there if spans[s["index"]].packets > 1), there[0])
    if _side_data(stream, "dv_bl_signal_compatibility_id") == 0:
        raise Refused("film_dolby_vision")  # its numbers mean nothing to any other decoder
    across, down = _cropped(stream)
    return Picture(
        index=stream["index"],
        codec=stream["codec_name"],
        width=stream["width"] - across,
        height=stream["height"] - down,
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
        cropped=bool(across or down),
    )


def _held(picture: Picture) -> Picture:
    """Where nothing is heard a last frame may stand for as long as it says, within reason."""
    span = picture.span
    return replace(picture, span=replace(span, end=span.end + min(span.held, LONGEST_HOLD)))


def _sounds(streams: list[dict[str, Any]], spans: dict[int, Span]) -> tuple[Sound, ...]:
    heard = [s for s in streams if s.get("codec_type") == "audio" and s["index"] in spans]
    # A second track may be beyond us (a phone's spatial one) as long as there is another.
    known = [stream for stream in heard if _is_readable(stream)]
    if heard and not known:
        raise Refused("film_unknown_sound")
    return tuple(
        Sound(
            s["index"],
            s["codec_name"],
            int(s["channels"]),
            spans[s["index"]],
            s.get("channel_layout", ""),
        )
        for s in known
    )


def _is_readable(sound: dict[str, Any]) -> bool:
    channels = int(sound.get("channels") or 0)
    return sound.get("codec_name") in SOUND_CODECS and 1 <= channels <= MOST_CHANNELS


def _side_data(stream: dict[str, Any], name: str) -> Any:
    found = (datum[name] for datum in stream.get("side_data_list", []) if name in datum)
    return next(found, None)


def _cropped(stream: dict[str, Any]) -> tuple[int, int]:
    """Columns and rows that the file has its players leave out, as ffmpeg's decoders do."""
    across, down = (
        sum(int(_side_data(stream, f"crop_{side}") or 0) for side in sides)
        for sides in (("left", "right"), ("top", "bottom"))
    )
    inside = 0 <= across < stream["width"] and 0 <= down < stream["height"]
    return (across, down) if inside else (0, 0)


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
