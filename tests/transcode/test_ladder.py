"""Which renditions a clip gets, at which size and rate."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtube.transcode.analyze.media import Turn
from cvtube.transcode.plan import ladder
from tests.transcode.samples import SOUND, SPAN, film, picture


def sizes(width, height, **changes):
    made = ladder.renditions(picture(width=width, height=height, **changes))
    return {rendition.rung.side: (rendition.width, rendition.height) for rendition in made}


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((3840, 2160), {1080: (1920, 1080), 720: (1280, 720), 360: (640, 360)}),
        ((1920, 1080), {1080: (1920, 1080), 720: (1280, 720), 360: (640, 360)}),
        ((1080, 1920), {1080: (1080, 1920), 720: (720, 1280), 360: (360, 640)}),
        ((1280, 720), {720: (1280, 720), 360: (640, 360)}),
        # Between two rungs: the next one, but no larger than what was sent …
        ((640, 480), {720: (640, 480), 360: (480, 360)}),
        ((480, 480), {720: (480, 480), 360: (360, 360)}),
        # … and only where that is worth it.
        ((704, 396), {360: (640, 360)}),
        ((640, 360), {360: (640, 360)}),
        # Smaller than the smallest: itself.
        ((176, 144), {360: (176, 144)}),
        # Very wide: the rung's width bounds it, since the level of H.264 does.
        ((2560, 1080), {1080: (1920, 810), 720: (1280, 540), 360: (640, 270)}),
    ],
)
def test_each_rung_goes_up_to_what_was_sent(size, expected):
    assert sizes(*size) == expected


def test_where_av1_can_be_made_the_largest_pictures_are_its_alone():
    both = ladder.renditions(picture(), av1=True)
    assert [r.name for r in both] == [
        "av1-1080", "h264-720", "av1-540", "av1-360", "h264-360", "av1-240",
    ]  # fmt: skip


@pytest.mark.parametrize(("kbps", "needless"), [(96, None), (95, "av1-240")])
def test_the_smallest_goes_where_the_next_one_is_as_light_as_it_may_be(kbps, needless):
    made = ladder.renditions(picture(), av1=True)
    assert ladder.needless(made, {r.name: kbps for r in made}) == needless
    small = ladder.renditions(picture(width=176, height=144), av1=True)
    assert ladder.needless(small, {r.name: kbps for r in small}) is None


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (1024, 576), (1536, 864)])
def test_webcams_pictures_are_written_finer_on_one_step_less(size):
    made = [
        r
        for r in ladder.renditions(picture(width=size[0], height=size[1]), av1=True)
        if r.name.startswith("av1")
    ]
    largest = made[0]
    assert [r.name for r in made] == ["av1-1080", "av1-432", "av1-240"]
    assert (largest.size, largest.rung.preset, largest.rung.crf) == (size, "10", 27)
    # In one film with phones, under the same name: a player must not need another decoder.
    assert largest.rung.level == ladder.AV1[-1].level


@pytest.mark.parametrize("size", [(1920, 1080), (1920, 810), (1440, 900), (960, 540), (640, 480)])
def test_larger_and_smaller_pictures_are_written_as_phones(size):
    made = [r.rung for r in ladder.renditions(picture(width=size[0], height=size[1]), av1=True)]
    ours = [rung for rung in made if rung.encoding is ladder.Encoding.AV1][::-1]
    assert ours == list(ladder.AV1[: len(ours)])


@pytest.mark.parametrize("size", [(64, 64), (176, 144), (640, 360), (1080, 1920), (3840, 2160)])
def test_every_clip_has_a_rung_of_each_encoding(size):
    """One clip without AV1 would keep it from the whole film."""
    made = ladder.renditions(picture(width=size[0], height=size[1]), av1=True)
    assert {r.rung.encoding for r in made} == set(ladder.Encoding)


def test_the_largest_rendition_comes_first():
    widths = [r.width for r in ladder.renditions(picture(), av1=True)]
    assert widths == sorted(widths, reverse=True)


def test_sizes_are_those_of_the_upright_picture_in_square_pixels():
    assert sizes(1920, 1080, turn=Turn.CLOCKWISE)[360] == (360, 640)
    assert sizes(1920, 1080, turn=Turn.HALF)[360] == (640, 360)
    assert sizes(720, 576, pixel_shape=Fraction(64, 45))[720] == (1024, 576)


SIDES = st.integers(64, 4096)


# What a level allows: H.264's macroblocks a frame and a second (ITU-T H.264, table A-1), AV1's
# pixels a frame and a second (AV1 bitstream specification, annex A.3).
LEVELS = {
    "h264-3.0": (1620, 40_500), "h264-3.1": (3600, 108_000), "h264-4.0": (8192, 245_760),
    "av1-2.0": (147_456, 4_423_680), "av1-2.1": (278_784, 8_363_520),
    "av1-3.0": (665_856, 19_975_680), "av1-4.0": (2_359_296, 70_778_880),
}  # fmt: skip


@given(SIDES, SIDES, st.booleans())
def test_whatever_was_sent_the_renditions_keep_the_rules(width, height, av1):
    if max(width, height) > 4 * min(width, height):
        return  # refused before
    made = ladder.renditions(picture(width=width, height=height), av1=av1)
    assert made[-1].rung.side == (240 if av1 else 360)
    for rendition in made:
        long, short = (f(rendition.width, rendition.height) for f in (max, min))
        assert long % 2 == short % 2 == 0
        assert long <= rendition.rung.box[0]
        assert short <= rendition.rung.side
        assert rendition.width <= width
        assert rendition.height <= height
        # The shape stays, but for what evenness costs on each side.
        assert (
            abs(rendition.width / rendition.height - width / height) <= 2 * width / height / short
        )
        # Its level holds it.
        rung = rendition.rung
        block = 16 if rung.encoding is ladder.Encoding.H264 else 1
        blocks = -(-rendition.width // block) * -(-rendition.height // block)
        frame, second = LEVELS[f"{rung.encoding}-{rung.level}"]
        assert blocks <= frame
        assert blocks * 30 <= second
    for larger, smaller in pairwise(made):
        if larger.rung.encoding is smaller.rung.encoding:
            assert larger.width * larger.height > smaller.width * smaller.height
        else:
            assert larger.width * larger.height >= smaller.width * smaller.height


def test_portrait_and_landscape_are_equals():
    lying = sizes(1920, 1080)
    standing = sizes(1080, 1920)
    assert {side: size[::-1] for side, size in lying.items()} == standing


# -- rates ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "made"),
    [
        (24, 24), (25, 25), (30, 30), (50, 25), (60, 30), (120, 30), (240, 30), (48, 24), (15, 15),
        (12.5, 12), (1, 10), (7.5, 10), (29.9, 30), (30.3, 30), (22.2, 22), (90, 30), (100, 25),
        (144, 29), (30000 / 1001, Fraction(30000, 1001)), (24000 / 1001, Fraction(24000, 1001)),
        (60000 / 1001, Fraction(30000, 1001)),
    ],
)  # fmt: skip
def test_frame_rates_are_kept_sane(said, made):
    assert ladder.frame_rate(1 / said) == made


@given(st.floats(1 / 300, 100))
def test_every_rate_is_between_ten_and_thirty(gap):
    rate = ladder.frame_rate(gap)
    assert 10 <= rate <= 30


# -- how long -----------------------------------------------------------------------------------


def planned(sound=SOUND, **changes):
    return ladder.plan(film(**changes), sound, 0.0)


def test_a_clip_ends_with_its_picture():
    assert planned().frames == 300
    assert planned(span=replace(SPAN, end=10.008)).frames == 300  # rounding
    assert planned(span=replace(SPAN, end=10.02)).frames == 301


def test_or_with_its_sound_if_that_goes_on():
    longer = replace(SOUND, span=replace(SOUND.span, end=11.0))
    assert planned(longer).seconds == 11
    padding = replace(SOUND, span=replace(SOUND.span, end=10.021))
    assert planned(padding).seconds == 10


def test_a_picture_that_begins_a_moment_late_is_the_beginning():
    late = replace(SPAN, start=0.06, end=10.06)
    assert planned(span=late).seconds == 10
    assert film(span=late).begins(SOUND) == 0.06


def test_one_that_begins_much_later_is_waited_for():
    late = replace(SPAN, start=1.0, end=11.0)
    assert planned(span=late).seconds == 11
    assert film(span=late).begins(SOUND) == 0.0
    assert film(span=late).begins(None) == 1.0


@given(st.floats(1, 300), st.floats(1 / 240, 1))
def test_a_clip_is_a_whole_number_of_frames_and_cuts_nothing_off(seconds, gap):
    plan = planned(None, span=replace(SPAN, end=seconds, gap=gap))
    assert plan.seconds * plan.rate == plan.frames
    assert -0.25 / plan.rate <= plan.seconds - Fraction(seconds) <= 1 / plan.rate


@given(st.floats(1 / 240, 1))
def test_key_frames_are_never_closer_than_two_seconds(gap):
    """A segment is two groups of pictures: shorter ones would be cut a group later."""
    plan = planned(None, span=replace(SPAN, gap=gap))
    assert 2 <= plan.gop / plan.rate < 2.01
