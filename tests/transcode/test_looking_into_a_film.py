"""From ffprobe's words to a film: pure, with every refusal that needs no decoder."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtube.errors import PROBLEMS, Refused
from cvtube.transcode.analyze import suitability
from cvtube.transcode.analyze.media import Light, Span, Turn
from cvtube.transcode.analyze.packets import PacketStatistics
from cvtube.transcode.analyze.probe import build_film
from cvtube.transcode.analyze.suitability import SuitabilityLimits, check
from tests.transcode.samples import SOUND, SOURCE, SPAN, film

VIDEO = {
    "index": 0, "codec_type": "video", "codec_name": "h264", "codec_tag_string": "avc1",
    "width": 1280, "height": 720, "sample_aspect_ratio": "1:1", "field_order": "progressive",
    "disposition": {"default": 1, "attached_pic": 0},
}  # fmt: skip
AUDIO = {
    "index": 1, "codec_type": "audio", "codec_name": "aac", "channels": 2,
    "disposition": {"default": 1, "attached_pic": 0},
}  # fmt: skip
SPANS = {0: SPAN, 1: SOUND.span, 2: SOUND.span}


def understood(*streams, spans=SPANS):
    return build_film(SOURCE, {"streams": list(streams)}, spans)


def refusal(*streams, **more):
    with pytest.raises(Refused) as refused:
        understood(*streams, **more)
    return refused.value.code


def test_an_ordinary_film_is_understood():
    found = understood(VIDEO, AUDIO)
    assert (found.picture.width, found.picture.height) == (1280, 720)
    assert [sound.index for sound in found.sounds] == [1]


def test_a_cover_is_no_picture_of_the_film():
    cover = VIDEO | {"index": 2, "disposition": {"default": 0, "attached_pic": 1}}
    assert understood(cover, VIDEO).picture.index == 0
    assert refusal(cover, AUDIO) == "film_no_picture"
    # Nor is one that does not say so, and stands before it.
    small = VIDEO | {"index": 2, "codec_name": "mjpeg"}
    spans = SPANS | {2: replace(SPAN, packets=1)}
    assert understood(small, VIDEO, spans=spans).picture.index == 0
    assert understood(small, spans=spans).picture.index == 2  # refused as a still picture later


def test_the_default_track_is_tried_first():
    second = AUDIO | {"index": 2}
    first = AUDIO | {"disposition": {"default": 0}}
    assert [sound.index for sound in understood(VIDEO, first, second).sounds] == [2, 1]


@pytest.mark.parametrize(
    ("streams", "code"),
    [
        ([], "film_broken"),
        ([AUDIO], "film_no_picture"),
        ([VIDEO | {"codec_name": "vvc"}], "film_format_vvc"),
        ([VIDEO | {"codec_name": "bink"}], "film_unknown_codec"),
        ([VIDEO, AUDIO | {"codec_name": "cook"}], "film_unknown_sound"),
        ([VIDEO, AUDIO | {"channels": 100}], "film_unknown_sound"),
        ([VIDEO, AUDIO | {"channels": 0}], "film_unknown_sound"),
        ([VIDEO | {"side_data_list": [{"dv_bl_signal_compatibility_id": 0}]}], "film_dolby_vision"),
        ([VIDEO | {"codec_tag_string": "drmi"}, AUDIO], "film_protected"),
        ([VIDEO | {"width": 0}, AUDIO], "film_broken"),
        ([VIDEO | {"index": 7}, AUDIO], "film_broken"),  # a stream without a single packet
    ],
)
def test_what_cannot_be_read_is_refused(streams, code):
    assert refusal(*streams) == code
    assert code in PROBLEMS


@pytest.mark.parametrize("second", [{"codec_name": "unknown"}, {"channels": 24}, {"channels": 0}])
def test_a_second_track_that_cannot_be_read_does_no_harm(second):
    """A phone's spatial one, or an editor's with all its microphones."""
    spatial = AUDIO | {"index": 2} | second
    assert [sound.index for sound in understood(VIDEO, spatial, AUDIO).sounds] == [1]


@pytest.mark.parametrize(
    ("rows", "turn"),
    [
        ((1, 0, 0, 1), Turn.NONE),
        ((0, 1, -1, 0), Turn.CLOCKWISE),
        ((-1, 0, 0, -1), Turn.HALF),
        ((0, -1, 1, 0), Turn.COUNTERCLOCKWISE),
        ((-1, 0, 0, 1), Turn.MIRROR),
        ((1, 0, 0, -1), Turn.FLIP),
        ((0, 1, 1, 0), Turn.COUNTERCLOCKWISE_FLIP),
        ((0, -1, -1, 0), Turn.CLOCKWISE_FLIP),
    ],
)
def test_every_way_a_phone_can_be_held_is_known(rows, turn):
    assert turned(*(65536 * number for number in rows)) is turn


@given(st.floats(-math.pi, math.pi))
def test_a_crooked_matrix_is_taken_for_the_nearest_right_angle(angle):
    cos, sin = (round(65536 * f(angle)) for f in (math.cos, math.sin))
    expected = [Turn.NONE, Turn.CLOCKWISE, Turn.HALF, Turn.COUNTERCLOCKWISE]
    quarter = angle / (math.pi / 2)
    if abs(quarter - round(quarter)) < 0.49:
        assert turned(cos, sin, -sin, cos) is expected[round(quarter) % 4]


def turned(a, b, c, d):
    matrix = (
        f"\n00000000: {a:11d} {b:11d} {0:11d}\n00000001: {c:11d} {d:11d} {0:11d}\n"
        f"00000002: {0:11d} {0:11d} {1 << 30:11d}\n"
    )
    side_data = [{"side_data_type": "Display Matrix", "displaymatrix": matrix}]
    return understood(VIDEO | {"side_data_list": side_data}).picture.turn


@pytest.mark.parametrize(
    ("said", "light", "matrix"),
    [
        ({}, Light.SDR, "bt709"),
        ({"height": 576}, Light.SDR, "bt601"),
        ({"color_space": "smpte170m"}, Light.SDR, "bt601"),
        ({"color_space": "bt709", "height": 240}, Light.SDR, "bt709"),
        ({"color_transfer": "arib-std-b67", "color_space": "bt2020nc"}, Light.HLG, "bt2020"),
        ({"color_transfer": "smpte2084", "color_space": "bt2020nc"}, Light.PQ, "bt2020"),
        ({"color_primaries": "bt2020", "color_space": "bt2020nc"}, Light.WIDE, "bt2020"),
    ],
)
def test_colours_are_read_as_they_were_meant(said, light, matrix):
    found = understood(VIDEO | said).picture
    assert (found.light, found.matrix) == (light, matrix)


@pytest.mark.parametrize(
    ("said", "shape"),
    [
        ("64:45", Fraction(64, 45)), ("1:1", 1), ("0:1", 1), ("1:0", 1), ("N/A", 1), ("", 1),
        ("10000:1", 1), ("1:65535", 1),
    ],
)  # fmt: skip
def test_pixels_are_square_unless_they_are_believably_not(said, shape):
    assert understood(VIDEO | {"sample_aspect_ratio": said}).picture.pixel_shape == shape


def test_what_a_file_has_its_players_leave_out_is_left_out():
    clap = {"crop_top": 0, "crop_bottom": 2, "crop_left": 160, "crop_right": 160}
    found = understood(VIDEO | {"side_data_list": [clap]}).picture
    assert (found.width, found.height, found.cropped) == (960, 718, True)
    nonsense = understood(VIDEO | {"side_data_list": [{"crop_left": 5000}]}).picture
    assert (nonsense.width, nonsense.cropped) == (1280, False)


def test_a_last_frame_stands_on_only_where_nothing_is_heard_and_not_for_ever():
    spans = SPANS | {0: replace(SPAN, held=600.0)}
    assert understood(VIDEO, AUDIO, spans=spans).picture.span.end == 10
    assert understood(VIDEO, spans=spans).picture.span.end == 15


# -- packets ------------------------------------------------------------------------------------


def counted(*lines):
    packets_read = PacketStatistics()
    for line in lines:
        assert packets_read.add_line(line)
    return packets_read


def test_a_stream_lasts_from_its_first_packet_to_the_end_of_its_last():
    lines = ("0,0.033,0.0,0.033,K__", "0,0.1,0.066,0.033,___", "0,0.066,0.033,N/A,___")
    assert counted(*lines).spans() == {
        0: Span(0.033, pytest.approx(0.133), 3, pytest.approx(0.0335))
    }


def test_what_a_last_packet_claims_is_believed_within_reason():
    usual = [f"0,{i / 10},{i / 10},0.1,K__" for i in range(10)]
    assert counted(*usual, "0,1.0,1.0,0.05,K__").spans()[0].end == pytest.approx(1.05)
    assert counted(*usual, "0,1.0,1.0,600,K__").spans()[0].end == pytest.approx(1.1)
    assert counted(*usual, "0,1.0,1.0,600,K__").spans()[0].held == pytest.approx(599.9)
    rare = ("0,0.0,0.0,3,K__", "0,3.0,3.0,3,K__", "0,6.0,6.0,0.0,K__")
    assert counted(*rare).spans()[0].end == 7


def test_packets_that_only_warm_up_the_decoder_do_not_count():
    spans = counted("1,-0.021,-0.021,0.021,KD_,Skip Samples", "1,0.0,0.0,0.021,K__").spans()
    assert (spans[1].start, spans[1].packets) == (0.0, 1)


def test_a_packet_without_a_time_to_be_shown_has_one_to_be_decoded():
    assert counted("0,N/A,1.0,0.04,K__", "0,N/A,1.04,0.04,K__").spans()[0].start == 1.0
    assert counted("0,N/A,N/A,N/A,K__").spans() == {}


def test_pauses_and_skipped_frames_do_not_change_the_rate():
    times = [0, 33, 67, 100, 200, 233, 267, 3300, 3333, 3367]  # browsers count milliseconds
    lines = [f"0,{time / 1000},{time / 1000},0.033,K__" for time in times]
    assert counted(*lines).spans()[0].gap == pytest.approx(1 / 30, rel=0.01)


def test_encryption_is_noticed():
    assert not counted("0,0.0,0.0,0.033,K__,Skip Samples").protected
    assert counted("0,0.0,0.0,0.033,K__,Encryption info").protected


@given(st.text())
def test_no_line_upsets_the_census(line):
    assert counted(line).spans().keys() <= {*range(-1, 10), *_numbers(line)}


def _numbers(line):
    try:
        return {int(line.split(",")[0])}
    except ValueError:
        return set()


# -- what is too much ------------------------------------------------------------------------------

TERMS = SuitabilityLimits(longest_s=300)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("film_still_picture", {"span": replace(SPAN, packets=1)}),
        ("film_too_short", {"span": replace(SPAN, end=0.9)}),
        ("film_too_long", {"span": replace(SPAN, end=302)}),
        ("film_too_many_pixels", {"width": 7680, "height": 4320}),
        ("film_too_small", {"width": 62, "height": 100}),
        ("film_odd_shape", {"width": 1920, "height": 400}),
        ("film_too_fast", {"span": replace(SPAN, gap=0.002)}),
        ("film_too_fast", {"span": replace(SPAN, packets=1_000_000)}),
    ],
)
def test_each_limit_has_its_code(code, changes):
    with pytest.raises(Refused) as refused:
        check(film(sounds=(), **changes), TERMS)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "changes",
    [
        {"span": replace(SPAN, end=300.9)},
        {"width": 4096, "height": 2304},
        {"width": 64, "height": 64},
        {"width": 1920, "height": 480},
        {"span": replace(SPAN, gap=1 / 240, packets=2400)},
        {"width": 720, "height": 1280, "turn": Turn.CLOCKWISE},
    ],
)
def test_what_is_just_within_is_taken(changes):
    check(film(sounds=(), **changes), TERMS)


def test_a_long_sound_makes_a_long_film():
    endless = replace(SOUND, span=replace(SOUND.span, end=36_000))
    with pytest.raises(Refused, match="film_too_long"):
        check(film(sounds=(SOUND, endless)), TERMS)


def test_every_rule_has_its_words():
    assert set(suitability.RULES) <= set(PROBLEMS)
