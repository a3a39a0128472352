"""The command line that makes everything of a clip."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby
from typing import Any

import ffmpeg

from cvtube.toolchain.inputs import (
    ANONYMOUS,
    NO_NOTES,
    SOUND_DECODERS,
    Source,
    as_coded,
    compiled,
    picture_decoders,
    seconds_text,
)
from cvtube.toolchain.selection import Tool
from cvtube.transcode.analyze import checks
from cvtube.transcode.analyze.media import Light, Picture, Turn
from cvtube.transcode.ffmpeg import audio
from cvtube.transcode.ffmpeg.tone_mapping import relit
from cvtube.transcode.plan.ladder import GOP_S, H264_TOP, SEGMENT_S, Encoding, Plan, Rendition, Rung

# Of x264, beside its preset (docs/decisions/0132-bits-for-edges-not-for-noise.md). With a coarse
# search for movement (`subme`) the first three save half of its CPU, and that is hardly seen. The
# others earn a quarter of the bits and two points: looking ahead a second tells what stays in the
# picture, and even places, whose only detail is the sensor's noise, get less.
X264 = "bframes=2:b-adapt=0:partitions=i8x8,i4x4:rc-lookahead=30:aq-mode=2:aq-strength=0.8"
RGB = ("gbr", "rgb", "bgr", "argb", "abgr", "0rgb", "0bgr", "pal8", "gray", "mono")
WIDE = {Light.WIDE: "bt2020-10", Light.HLG: "arib-std-b67", Light.PQ: "smpte2084"}
SMALL = 360  # lines, up to which half a pixel is far: there movement is searched for between them


def encode(tool: Tool, source: Source, plan: Plan, *, sound: bool = True) -> list[str]:
    """Make all renditions (and the sound, unless it is there) in one process from one decode."""
    film = _opened(tool, source)
    pictures = _cascade(_upright(film[str(plan.film.picture.index)], plan, tool), plan)
    heard, hearing = audio.encoded(film, plan) if sound else (None, {})
    options = {
        **_picture_options(plan),
        **hearing,
        **_package_options(plan, [r.name for r in plan.renditions], sound=sound),
        "fps_mode:v": "cfr",  # one frame for each tick, also where the graph had to restart
    }
    return _packaged(tool, [*pictures, *([heard] if sound else [])], options)


def copy(tool: Tool, source: Source, plan: Plan, name: str) -> list[str]:
    """Make a rendition of the picture's own packets, and encode the sound."""
    film = _opened(tool, source)
    heard, hearing = audio.encoded(film, plan)
    begins = plan.film.begins(plan.sound)
    options = {
        "c:v": "copy",
        # Each frame on its tick, and ticks as the clock: cameras are off by a fraction.
        "bsf:v": f"{NO_NOTES},{_setts(begins, plan.rate)}",
        **hearing,
        **_package_options(plan, [name], sound=True),
        "t": seconds_text(plan.seconds + Fraction(begins)),  # by the film's own clock
    }
    return _packaged(tool, [film[str(plan.film.picture.index)], heard], options)


def _setts(begins: float, rate: Fraction) -> str:
    per_second = f"{rate.numerator}/{rate.denominator}"
    times = (
        f"{name.lower()}=round(({name}*TB-{begins:.6f})*{per_second})/({per_second}*TB)"
        for name in ("PTS", "DTS")
    )
    return f"setts={':'.join(times)}"


def _opened(tool: Tool, source: Source) -> Any:
    return ffmpeg.input(
        source.address,
        **source.options((*picture_decoders(tool), *SOUND_DECODERS)),
        **as_coded(tool),
        threads=2,  # decoding: one thread keeps up with anything but 4K
        noautorotate=None,  # we turn by the matrix ourselves, flips included
    )


def _packaged(tool: Tool, streams: list[Any], options: dict[str, Any]) -> list[str]:
    made = ffmpeg.output(*streams, "%v.m3u8", **options, **ANONYMOUS)
    # The film's own clock, by which its packets were counted: ffmpeg's would begin with the
    # earliest stream, by the kind of file of all streams or of those that are read.
    # One filter thread: the encoders already keep the cores busy.
    more = ("-copyts", "-filter_threads", "1", "-filter_complex_threads", "1")
    progress = ("-progress", "pipe:1", "-stats_period", "1")
    return compiled(tool, made, *more, *progress)


def _upright(stream: Any, plan: Plan, tool: Tool) -> Any:
    """The picture as the largest rendition shows it: upright, square pixels, BT.709, in time."""
    picture, largest = plan.film.picture, plan.renditions[0]
    begins = plan.film.begins(plan.sound)
    if begins:
        stream = stream.filter("setpts", f"PTS-({begins:.6f})/TB")
    if plan.film.trim[0]:
        stream = stream.filter("trim", start=0)  # what its owner has cut off is before zero now
    if not picture.pixels.startswith(RGB):
        # Said anew: a flag that does not fit the pixels (YCgCo, ICtCp on 4:2:0) ends the scaler.
        stream = stream.filter("setparams", **_meant(picture))
    if picture.interlaced:
        # Only frames that say they are; one frame for each two fields.
        stream = stream.filter("bwdif", mode="send_frame", deint="interlaced")
    # Before scaling: what is left out costs nothing. A first frame that comes late is repeated
    # from zero on by the encoders' `cfr`, not here: a graph that is made anew would begin at zero
    # again, and the film would be said to stand still.
    stream = stream.filter("fps", f"{plan.rate.numerator}/{plan.rate.denominator}")
    for name, arguments in _shaped(picture, largest):
        stream = stream.filter(name, **arguments)
    stream = relit(stream, picture.light, tool)
    # Side data can hold closed captions, HDR curves and camera notes, and says "turn me".
    stream = stream.filter("format", "yuv420p").filter("sidedata", mode="delete")
    for name, how in _turned(picture.turn):
        stream = stream.filter(name, *how)
    stream = stream.filter("setsar", 1)
    stream = stream.filter(
        "setparams",
        range="tv", color_primaries="bt709", color_trc="bt709", colorspace="bt709",
    )  # fmt: skip
    # A picture that ends before the sound stands still until the end.
    stream = stream.filter("tpad", stop=-1, stop_mode="clone")
    return stream.filter("trim", end=seconds_text(plan.seconds))


def _meant(picture: Picture) -> dict[str, str]:
    """What the numbers in the picture mean, as `setparams` says it; their range they say best."""
    if picture.light in WIDE:
        return {
            "colorspace": "bt2020nc",
            "color_primaries": "bt2020",
            "color_trc": WIDE[picture.light],
        }
    matrix = {"bt601": "smpte170m", "bt2020": "bt2020nc"}.get(picture.matrix, picture.matrix)
    return {"colorspace": matrix, "color_primaries": "bt709", "color_trc": "bt709"}


def _shaped(picture: Picture, largest: Rendition) -> list[tuple[str, dict[str, Any]]]:
    """Scale to the largest rendition, still lying as it was coded.

    A browser changes the size in mid-recording when the phone is turned; the graph is then
    made anew. The same words must fit both: what has another shape gets black bars.
    """
    width, height = largest.width, largest.height
    if picture.turn.swaps_sides:
        width, height = height, width
    other = f"gt(abs(dar*{height}/{width}-1),0.03)"
    colours = {} if picture.light is not Light.SDR else {
        "in_color_matrix": picture.matrix, "out_color_matrix": "bt709", "out_range": "tv",
    }  # fmt: skip
    shape = picture.pixel_shape
    return [
        # The pixels' shape as probed, since nonsense in it was thrown away there.
        ("setsar", {"ratio": f"{shape.numerator}/{shape.denominator}", "max": 1000}),
        (
            "scale",
            {
                "w": f"if({other},2*trunc(min({width},{height}*dar)/2),{width})",
                "h": f"if({other},2*trunc(min({height},{width}/dar)/2),{height})",
                "flags": "lanczos",  # sharper small rungs (VMAF +4) for 1 % of the CPU
                **colours,
            },
        ),
        ("pad", {"width": width, "height": height, "x": -1, "y": -1}),
    ]


def _turned(turn: Turn) -> list[tuple[str, tuple[Any, ...]]]:
    if turn.swaps_sides:
        return [("transpose", (turn.value,))]
    flips = {Turn.HALF: ("hflip", "vflip"), Turn.MIRROR: ("hflip",), Turn.FLIP: ("vflip",)}
    return [(name, ()) for name in flips.get(turn, ())]


def _cascade(stream: Any, plan: Plan) -> list[Any]:
    """Each size scaled from the next larger one: half the cost, and no worse to look at."""
    pictures: list[Any] = []
    sizes = [len(list(same)) for _size, same in groupby(plan.renditions, lambda r: r.size)]
    for number, encodings in enumerate(sizes):
        last = number == len(sizes) - 1
        if last:
            stream = _checked(stream)
        if encodings + (not last) == 1:
            return [*pictures, stream]
        fork = stream.filter_multi_output("split", encodings + (not last))
        pictures += [fork[i] for i in range(encodings)]
        if not last:
            smaller = plan.renditions[len(pictures)]
            stream = (
                fork[encodings]
                .filter("scale", smaller.width, smaller.height, flags="lanczos")
                .filter("setsar", 1)
            )
    return pictures


def _checked(stream: Any) -> Any:
    """Looks on at the smallest size, where it is cheapest; prints what it notices."""
    return (
        stream.filter("metadata", mode="delete")  # what the film itself may say
        .filter("blackdetect", d=checks.BLACK_S)
        .filter("freezedetect", n=f"{checks.STILL_DB}dB", d=checks.STILL_S)
        .filter("metadata", mode="print", file="pipe:1", direct=1)
    )


def _picture_options(plan: Plan) -> dict[str, Any]:
    encoders = {Encoding.H264: _x264, Encoding.AV1: _svt_av1}
    options: dict[str, Any] = {"flags:v": "+bitexact", "metadata:s:v": "encoder= "}  # no signature
    for number, rendition in enumerate(plan.renditions):
        rung = rendition.rung
        numbers = {
            "crf": rung.crf,
            "preset": rung.preset,
            "maxrate": f"{rung.max_kbps}k",  # a waving tree must not outrun the network
            "bufsize": f"{2 * rung.max_kbps}k",
            # Key frames at the same instants in all renditions, and nowhere else: players
            # switch there.
            "g": plan.gop,
            **encoders[rung.encoding](rung, plan),
        }
        options |= {f"{name}:v:{number}": value for name, value in numbers.items()}
    return options


def _x264(rung: Rung, plan: Plan) -> dict[str, Any]:
    search = 1 if rung.side <= SMALL else 0
    return {
        "c": "libx264",
        "bsf": NO_NOTES,
        "x264-params": f"subme={search}:{X264}",
        "keyint_min": plan.gop,
        "sc_threshold": 0,
        "profile": "high",
        "level": rung.level,  # said, not guessed, so that all clips say the same
        # All encoders run side by side. Where no AV1 is among them, a second thread for the
        # largest evens them out.
        "threads": 2 if rung == H264_TOP else 1,
    }


def _svt_av1(rung: Rung, _plan: Plan) -> dict[str, Any]:
    level = rung.level.replace(".", "")
    # One thread each; no key frames where the scene changes; neither blending of frames over time
    # nor smoothing after the fact (CDEF), which rub out skin, nor a look out for screens.
    choices = "lp=1:scd=0:scm=0:enable-tf=0:enable-cdef=0"
    return {"c": "libsvtav1", "svtav1-params": f"{choices}:level={level}"}


def _package_options(plan: Plan, names: list[str], *, sound: bool) -> dict[str, Any]:
    """HLS in fragmented MP4, one file for each rendition: 7 objects instead of 112 a minute."""
    group = "agroup:sound," if sound else ""
    streams = [f"v:{number},{group}name:{name}" for number, name in enumerate(names)]
    if sound:
        streams.append(f"a:0,{group}default:yes,name:audio")
    return {
        "t": seconds_text(plan.seconds),  # both end here, to the frame and to the sample
        "max_muxing_queue_size": 4096,  # sound may begin long after the picture
        "f": "hls",
        # Two groups of pictures to the microsecond: television's rates make them 4.004 s long,
        # and the sound must be cut where the picture is.
        "hls_time": seconds_text(SEGMENT_S // GOP_S * plan.gop / plan.rate),
        "hls_playlist_type": "event",  # written anew with each segment: see `early`
        "hls_segment_type": "fmp4",
        "hls_flags": "single_file+independent_segments",
        "hls_list_size": 0,  # keep all segments in the playlist
        # The first frame is shown at zero although it is decoded two frames earlier: without
        # these two every clip of a film would begin with a hole of 67 ms.
        "hls_segment_options": "movflags=+negative_cts_offsets",
        "avoid_negative_ts": "disabled",
        "hls_segment_filename": "%v.mp4",
        "var_stream_map": " ".join(streams),
    }


def test_film(tool: Tool, name: str) -> list[str]:
    """A second of test picture and tone, to find out whether the tools work at all."""
    picture = ffmpeg.input("testsrc2=size=128x96:rate=10:duration=1", f="lavfi")
    tone = ffmpeg.input("sine=duration=1", f="lavfi")
    film = ffmpeg.output(picture, tone, name, **{"c:v": "libx264", "c:a": "aac", "f": "mp4"})
    return compiled(tool, film)


def decode(tool: Tool, source: Source, plan: Plan) -> list[str]:
    """Only decode what an encoding would, to find out whose fault it was that it failed."""
    film = _opened(tool, source)
    streams = [film[str(plan.film.picture.index)]]
    streams += [film[str(plan.sound.index)]] if plan.sound else []
    nowhere = ffmpeg.output(*streams, "-", f="null", fps_mode="passthrough")
    return compiled(tool, nowhere, "-copyts", "-progress", "pipe:1", "-stats_period", "1")
