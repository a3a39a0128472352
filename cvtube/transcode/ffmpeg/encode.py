"""The command line that makes everything of a clip."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby
from typing import Any

import ffmpeg

from cvtube.transcode import checks
from cvtube.transcode.ffmpeg.light import relit
from cvtube.transcode.ffmpeg.source import (
    ANONYMOUS,
    SOUND_DECODERS,
    Source,
    as_coded,
    compiled,
    picture_decoders,
)
from cvtube.transcode.ladder import (
    GOP_S,
    H264_TOP,
    SAMPLE_RATE,
    SEGMENT_S,
    SOUND_KBPS,
    Encoding,
    Plan,
    Rendition,
    Rung,
)
from cvtube.transcode.media import Light, Picture, Turn
from cvtube.transcode.tools import Tool

# Of x264, beside its preset (docs/decisions/0132-bits-for-edges-not-for-noise.md). With a coarse
# search for movement (`subme`) the first three save half of its CPU, and that is hardly seen. The
# others earn a quarter of the bits and two points: looking ahead a second tells what stays in the
# picture, and even places, whose only detail is the sensor's noise, get less.
X264 = "bframes=2:b-adapt=0:partitions=i8x8,i4x4:rc-lookahead=30:aq-mode=2:aq-strength=0.8"
SMALL = 360  # lines, up to which half a pixel is far: there movement is searched for between them
AAC_FRAME = 1024  # samples
PEAK = 0.84  # -1.5 dB full scale: AAC overshoots what it was given by about that much


def encode(tool: Tool, source: Source, plan: Plan, *, sound: bool = True) -> list[str]:
    """Make all renditions (and the sound, unless it is there) in one process from one decode."""
    film = _opened(tool, source)
    pictures = _cascade(_upright(film[str(plan.film.picture.index)], plan, tool), plan)
    heard, hearing = _heard(film, plan) if sound else (None, {})
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
    heard, hearing = _heard(film, plan)
    begins, rate = plan.film.begins(plan.sound) - plan.film.zero, plan.rate
    options = {
        "c:v": "copy",
        # No notes of the camera's (units of type 6, SEI): they may hold its number, or the place.
        # Each frame on its tick, and ticks as the clock: cameras are off by a fraction.
        "bsf:v": f"filter_units=remove_types=6,{_setts(begins, rate)}",
        **hearing,
        **_package_options(plan, [name], sound=True),
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
    # One filter thread: the encoders already keep the cores busy.
    more = ("-filter_threads", "1", "-filter_complex_threads", "1")
    progress = ("-progress", "pipe:1", "-stats_period", "1")
    return compiled(tool, made, *more, *progress)


def _upright(stream: Any, plan: Plan, tool: Tool) -> Any:
    """The picture as the largest rendition shows it: upright, square pixels, BT.709, in time."""
    picture, largest = plan.film.picture, plan.renditions[0]
    shift = plan.film.begins(plan.sound) - plan.film.zero
    if shift:
        stream = stream.filter("setpts", f"PTS-({shift:.6f})/TB")
    if plan.film.trim[0]:
        stream = stream.filter("trim", start=0)  # what its owner has cut off is before zero now
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
    return stream.filter("trim", end=_seconds(plan.seconds))


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
    options: dict[str, Any] = {}
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


def _heard(film: Any, plan: Plan) -> tuple[Any, dict[str, Any]]:
    """The sound, and what is done with it."""
    encoder = {
        "c:a": "aac",
        "b:a": f"{SOUND_KBPS}k",
        # AAC begins with one packet of warming up, before zero. Without it the sound starts at
        # zero like the picture, and no player has to know what an edit list is. A sound that
        # changes its kind on the way begins at zero again: what was heard before then is dropped
        # too (`ld(0)` is the end of what was kept).
        "bsf:a": r"noise=drop=if(lt(pts\,ld(0))\,1\,0*st(0\,pts+1))",
    }
    end = _seconds(plan.seconds)
    if plan.sound is None:
        silence = ffmpeg.input(f"anullsrc=r={SAMPLE_RATE}:cl=stereo", f="lavfi")
        return silence.filter("atrim", end=end), encoder
    shift = plan.film.begins(plan.sound) - plan.film.zero
    chain = [
        *([f"asetpts=PTS-({shift:.6f})/TB"] if shift else []),
        *(["atrim=start=0"] if plan.film.trim[0] else []),
        # Holes are filled, overlaps cut, and the beginning padded to zero.
        f"aresample={SAMPLE_RATE}:async=1:first_pts=0",
        "aformat=sample_fmts=fltp:channel_layouts=stereo",
        f"volume={plan.gain_db:.2f}dB",
        f"alimiter=limit={PEAK}:level=false",  # level: it would raise the volume by itself
        "apad",  # silence until the picture ends
        f"atrim=end={end}",
        # AAC's own frames: a graph that is made anew must not leave half of one.
        f"asetnsamples={AAC_FRAME}:pad=0",
    ]
    # A graph of its own: where the picture's must restart, the sound's must not.
    return film[str(plan.sound.index)], {**encoder, "filter:a": ",".join(chain)}


def _package_options(plan: Plan, names: list[str], *, sound: bool) -> dict[str, Any]:
    """HLS in fragmented MP4, one file for each rendition: 7 objects instead of 112 a minute."""
    group = "agroup:sound," if sound else ""
    streams = [f"v:{number},{group}name:{name}" for number, name in enumerate(names)]
    if sound:
        streams.append(f"a:0,{group}default:yes,name:audio")
    return {
        "t": _seconds(plan.seconds),  # both end here, to the frame and to the sample
        "max_muxing_queue_size": 4096,  # sound may begin long after the picture
        "f": "hls",
        # Two groups of pictures to the microsecond: television's rates make them 4.004 s long,
        # and the sound must be cut where the picture is.
        "hls_time": _seconds(SEGMENT_S // GOP_S * plan.gop / plan.rate),
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


def _seconds(seconds: Fraction) -> str:
    """To the microsecond, rounded down: a frame that begins there is the next one."""
    return f"{int(seconds * 1_000_000) / 1_000_000:.6f}"


def test_film(tool: Tool, name: str) -> list[str]:
    """A second of test picture and tone, to find out whether the tools work at all."""
    picture = ffmpeg.input("testsrc2=size=128x96:rate=10:duration=1", f="lavfi")
    tone = ffmpeg.input("sine=duration=1", f="lavfi")
    film = ffmpeg.output(picture, tone, name, **{"c:v": "libx264", "c:a": "aac", "f": "mp4"})
    return compiled(tool, film)
