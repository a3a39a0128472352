"""Command lines are built, not run: what they must say is tested without ffmpeg."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtube.toolchain.inputs import PICTURE_CODECS, SOUND_DECODERS
from cvtube.transcode.analyze.media import Light, Turn
from cvtube.transcode.ffmpeg import encode, images, inspect
from cvtube.transcode.ffmpeg.images import StillChoice
from cvtube.transcode.package.images import choice as stills_of
from cvtube.transcode.plan import ladder
from tests.transcode.samples import SOUND, SOURCE, SPAN, film, tool


def command(sound=SOUND, gain=3.0, filters=frozenset({"zscale"}), *, av1=False, **changes):
    plan = ladder.plan(film(**changes), sound, gain, av1=av1)
    return encode.encode(tool(filters), SOURCE, plan)


def values(argv, flag):
    return [value for name, value in pairwise(argv) if name == flag]


def value(argv, flag):
    (found,) = values(argv, flag)
    return found


def graph(argv):
    return value(argv, "-filter_complex")


# -- reading -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "argv",
    [
        command(),
        inspect.streams(tool(), SOURCE),
        inspect.packets(tool(), SOURCE),
        inspect.loudness(tool(), SOURCE, film(), SOUND),
    ],
    ids=["encode", "streams", "packets", "loudness"],
)
def test_a_film_is_read_as_one_kind_from_one_file(argv):
    (inputs,) = (i for i, part in enumerate(argv) if part == SOURCE.address)
    before = argv[: inputs + 1]
    assert value(before, "-i") == "file:/scratch/original"
    assert value(before, "-f") == value(before, "-format_whitelist") == "mov"
    assert value(before, "-protocol_whitelist") == "file"
    assert int(value(before, "-max_pixels")) <= 4096 * 2304
    assert int(value(before, "-max_streams")) == 32
    assert value(before, "-codec_whitelist")


def test_few_decoders_are_in_reach():
    allowed = value(command(), "-codec_whitelist").split(",")
    # Those of plain samples are one small decoder with many names.
    assert len([name for name in allowed if not name.startswith("pcm_")]) <= 34
    assert "magicyuv" not in allowed
    assert "libdav1d" in allowed
    assert "av1" not in allowed  # ffmpeg's own needs a graphics card
    assert set(allowed) <= {*PICTURE_CODECS.values(), *SOUND_DECODERS, "libdav1d"}
    # Of all there are, those that have had holes again and again, or are of yesterday.
    assert not set(allowed) & {"magicyuv", "tdsc", "vvc", "png", "ffv1", "exr", "jpeg2000", "dca"}


def test_a_build_with_an_lcevc_decoder_is_told_not_to_use_it():
    plan = ladder.plan(film(), SOUND, 3.0, av1=False)
    able = replace(tool(frozenset({"zscale"})), enhances=True)
    lines = encode.encode(able, SOURCE, plan), inspect.streams(able, SOURCE)
    for argv in lines:
        assert value(argv[: argv.index(SOURCE.address)], "-export_side_data") == "enhancements"
    assert "-export_side_data" not in (*command(), *inspect.streams(tool(), SOURCE))


def test_listening_opens_no_picture_decoder():
    allowed = value(inspect.loudness(tool(), SOURCE, film(), SOUND), "-codec_whitelist").split(",")
    assert set(allowed) == set(SOUND_DECODERS)


# -- encoding ------------------------------------------------------------------------------------


def test_one_process_makes_every_rung_from_one_decode():
    argv = command(av1=True)
    assert argv.count("-i") == 1
    # Down from each size to the next; two encodings of one size share its picture.
    assert graph(argv).count("scale=") == 5
    assert graph(argv).count("split") == 4
    assert value(argv, "-var_stream_map") == (
        "v:0,agroup:sound,name:av1-1080 v:1,agroup:sound,name:h264-720 "
        "v:2,agroup:sound,name:av1-540 v:3,agroup:sound,name:av1-360 "
        "v:4,agroup:sound,name:h264-360 v:5,agroup:sound,name:av1-240 "
        "a:0,agroup:sound,default:yes,name:audio"
    )
    for number, (codec, crf, rate) in enumerate(
        [
            ("libsvtav1", "35", "1250k"), ("libx264", "26", "700k"), ("libsvtav1", "33", "720k"),
            ("libsvtav1", "40", "230k"), ("libx264", "26", "300k"), ("libsvtav1", "40", "95k"),
        ]
    ):  # fmt: skip
        assert value(argv, f"-c:v:{number}") == codec
        assert value(argv, f"-crf:v:{number}") == crf
        assert value(argv, f"-maxrate:v:{number}") == rate
    chosen = value(argv, "-svtav1-params:v:0").split(":")
    assert {"lp=1", "scd=0", "enable-tf=0", "enable-cdef=0", "level=40"} <= set(chosen)
    for number, search in ((1, "subme=0"), (4, "subme=1")):
        chosen = value(argv, f"-x264-params:v:{number}").split(":")
        assert {search, "rc-lookahead=30", "aq-mode=2"} <= set(chosen)
    assert value(argv, "-level:v:1") == "3.1"
    assert values(argv, "-threads:v:0") == []


def test_without_av1_the_largest_picture_is_h264_with_two_threads():
    argv = command()
    assert value(argv, "-var_stream_map").startswith("v:0,agroup:sound,name:h264-1080 v:1")
    assert "libsvtav1" not in argv
    assert [value(argv, f"-threads:v:{number}") for number in range(3)] == ["2", "1", "1"]


def test_key_frames_are_aligned_and_nowhere_else():
    argv = command(av1=True)
    assert [value(argv, f"-g:v:{number}") for number in range(6)] == ["60"] * 6
    for number in (1, 4):
        assert value(argv, f"-keyint_min:v:{number}") == "60"
        assert value(argv, f"-sc_threshold:v:{number}") == "0"
    assert value(argv, "-hls_time") == "4.000000"
    television = command(span=replace(SPAN, gap=1001 / 24000))
    assert value(television, "-hls_time") == "4.004000"


def test_playlists_grow_with_the_work():
    assert value(command(), "-hls_playlist_type") == "event"


def test_nothing_the_file_says_of_itself_goes_on():
    argv = command()
    assert value(argv, "-map_metadata") == value(argv, "-map_chapters") == "-1"
    assert "sidedata=mode=delete" in graph(argv)
    maps = values(argv, "-map")
    assert len(maps) == 4
    assert maps[-1] == "0:1"  # the one sound; no subtitles, no data


def test_the_picture_is_turned_by_us_after_it_was_made_small():
    argv = command(turn=Turn.CLOCKWISE)
    assert "-noautorotate" in argv
    chain = graph(argv)
    assert chain.index("scale=") < chain.index("transpose=clock") < chain.rindex("scale=")
    assert "height=1080:width=1920" in chain  # as large as it is while it lies
    assert "scale=720:1280" in chain  # and then stands
    assert "transpose" not in graph(command())
    assert "hflip" in graph(command(turn=Turn.HALF))


def test_sound_and_picture_end_at_the_same_instant():
    argv = command(span=replace(SPAN, end=9.99))
    assert value(argv, "-t") == "10.000000"
    assert "trim=end=10.000000" in graph(argv)
    assert "atrim=end=10.000000" in value(argv, "-filter:a")
    assert "tpad=stop=-1:stop_mode=clone" in graph(argv)


@given(st.integers(1, 9030), st.sampled_from([24, 25, 30, 15, Fraction(30000, 1001)]))
def test_an_end_is_told_so_that_exactly_that_many_frames_begin_before_it(frames, rate):
    plan = replace(ladder.plan(film(), SOUND, 0.0), frames=frames, rate=Fraction(rate))
    end = Fraction(value(encode.encode(tool(), SOURCE, plan), "-t"))
    assert Fraction(frames - 1) / rate < end <= Fraction(frames) / rate


def test_times_are_counted_from_where_the_clip_begins():
    sound = replace(SOUND, span=replace(SOUND.span, start=1.42, end=11.4))
    argv = command(sound, span=replace(SPAN, start=1.45, end=11.45))
    assert "setpts=PTS-(1.450000)/TB" in graph(argv)
    assert value(argv, "-filter:a").startswith("asetpts=PTS-(1.450000)/TB,aresample=")
    assert "setpts" not in graph(command())
    for command_line in (argv, inspect.loudness(tool(), SOURCE, film(), SOUND)):
        assert "-copyts" in command_line  # else ffmpeg counts from where it thinks fit


def test_a_late_picture_is_preceded_by_its_first_frame_once():
    """By the encoders: a graph would do it again whenever the picture changes its size."""
    argv = command(span=replace(SPAN, start=2.0))
    assert "start_time" not in graph(argv)
    assert value(argv, "-fps_mode:v") == "cfr"


def test_silence_stands_in_for_no_sound():
    argv = command(None, sounds=())
    assert "anullsrc=r=48000:cl=stereo" in argv
    assert "-filter:a" not in argv
    assert value(argv, "-c:a") == "aac"


def test_one_gain_and_a_limiter_even_the_loudness_out():
    sound = value(command(gain=-4.25), "-filter:a")
    assert "volume=-4.25dB,alimiter=limit=0.84:level=false" in sound
    assert "loudnorm" not in sound


def test_interlaced_films_are_put_together_before_frames_are_left_out():
    chain = graph(command(interlaced=True))
    assert chain.index("bwdif") < chain.index("fps=")
    assert "bwdif" not in graph(command())


def test_hdr_is_made_visible_on_every_screen():
    assert "tin=arib-std-b67" in graph(command(light=Light.HLG, matrix="bt2020"))
    pq = graph(command(light=Light.PQ, matrix="bt2020"))
    assert "tin=smpte2084" in pq
    assert "rin=" not in pq  # the frames say which range of numbers they use
    assert "tonemap=mobius" in pq.replace("tonemap=tonemap=", "tonemap=")
    assert "tonemap" not in graph(command(light=Light.WIDE, matrix="bt2020"))
    assert "zscale" not in graph(command())
    for light in (Light.HLG, Light.PQ):
        without = graph(command(light=light, filters=frozenset()))
        assert "curves=all=" in without
        assert "zscale" not in without


def test_colours_of_old_cameras_become_bt709():
    assert "in_color_matrix=bt601:out_color_matrix=bt709" in graph(command(matrix="bt601"))
    assert "color_primaries=bt709" in graph(command())


def test_progress_is_told_every_second():
    argv = command()
    assert value(argv, "-progress") == "pipe:1"
    assert value(argv, "-stats_period") == "1"


# -- pictures ------------------------------------------------------------------------------------


def test_posters_come_from_key_frames_of_our_own_rendition(tmp_path):
    sizes = {"poster-%d.jpg": (1280, 720), "poster-small-%d.jpg": (640, 360)}

    def posters(**changes):
        choice = replace(StillChoice(stills=3, frames=30, every=False, dark=False), **changes)
        return images.posters(tool(), tmp_path / "h264-720.mp4", sizes, choice)

    argv = posters()
    assert argv.count("-i") == 1
    assert value(argv, "-skip_frame") == "nokey"
    assert value(argv, "-codec_whitelist") == "h264"
    assert "blackframe" in graph(argv)
    assert "thumbnail=10[" in graph(argv)
    assert "framestep" not in graph(argv)
    assert values(argv, "-frames:v") == ["3", "3"]
    assert {"poster-%d.jpg", "poster-small-%d.jpg"} <= set(argv)
    assert "thumbnail=4[" in graph(posters(frames=10))
    # No more frames in memory than 60, however long the clip is.
    long = graph(posters(frames=450))
    assert long.index("framestep=3[") < long.index("thumbnail=50[")
    short = posters(every=True, dark=True)
    assert "-skip_frame" not in short
    assert "blackframe" not in graph(short)


@pytest.mark.parametrize(
    ("seconds", "stills", "frames"),
    [(1.5, 1, 6), (4.9, 1, 20), (5, 2, 20), (9.9, 2, 40), (10, 3, 5), (300, 3, 150)],
)
def test_a_longer_clip_has_more_stills(seconds, stills, frames):
    plan = ladder.plan(film(span=replace(SPAN, end=seconds)), None, 0.0)
    chosen = stills_of(plan, dark=False)
    assert (chosen.stills, chosen.frames, chosen.every) == (stills, frames, seconds < 10)
    assert stills_of(plan, dark=True).stills == 1


def test_a_storyboard_has_the_rows_it_needs(tmp_path):
    path = tmp_path / "h264-240.mp4"
    argv = images.storyboard(tool(), path, "storyboard.jpg", tile=(192, 108), columns=6, rows=3)
    assert "tile=layout=6x3" in graph(argv)
    assert value(argv, "-frames:v") == "1"
