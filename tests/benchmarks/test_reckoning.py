"""The arithmetic behind what is claimed, on figures that can be checked in the head."""

from __future__ import annotations

import pytest

from benchmarks import plot, reckoning, report
from benchmarks.reckoning import Round, Step

OURS = [
    Step("av1-240", "av1", kbps=150, picture_kbps=86, vmaf=60),
    Step("av1-540", "av1", kbps=390, picture_kbps=326, vmaf=80),
    Step("h264-360", "h264", kbps=260, picture_kbps=196, vmaf=70),
]
THEIRS = [
    Step("h264-240", "h264", kbps=220, picture_kbps=92, vmaf=50),
    Step("h264-480", "h264", kbps=400, picture_kbps=272, vmaf=75),
]
STEPS = {"cvtube": OURS, "peertube-like": THEIRS, "mediacms-like": THEIRS}


def test_the_best_rung_that_fits_is_taken():
    assert reckoning.best(THEIRS, 399) == 50
    assert reckoning.best(THEIRS, 400) == 75
    assert reckoning.best(THEIRS, 9000) == 75


def test_where_nothing_fits_nothing_is_seen():
    assert reckoning.best(THEIRS, 200) == 0


def test_sound_is_left_out_for_everybody_or_for_nobody():
    assert reckoning.best(THEIRS, 272, sound=False) == 75
    leads = reckoning.leads(STEPS, sound=False)
    assert leads["peertube-like"]["200"] == 60 - 50


def test_a_player_keeps_to_one_codec():
    """At 300 kb/s the H.264 rung is better, but who plays AV1 does not change over to it."""
    assert reckoning.best(reckoning.family(OURS), 300) == 60
    assert reckoning.best(reckoning.family(OURS, ("h264",)), 300) == 70
    assert reckoning.family(THEIRS) == THEIRS


def test_leads_are_points_above_each_rival():
    leads = reckoning.leads(STEPS)
    assert leads["peertube-like"] == {"200": 60, "400": 5, "800": 5, "1600": 5}
    assert leads["mediacms-like"] == leads["peertube-like"]


def test_the_ratio_is_the_middle_one_of_the_rounds_and_not_of_the_means():
    """In the second round the machine was busy with something else, for both."""
    assert reckoning.ratio([10, 40, 12], [20, 80, 30]) == 0.5


def test_two_runs_on_both_sides_of_the_floor_count_as_one():
    one, other = Round(10, 8, 2), Round(14, 6, 4)
    assert reckoning.halfway(one, other) == Round(12, 7, 3)
    assert reckoning.halfway(one, Round(14, 6, None)).first_playable_s is None


def test_a_missed_goal_is_said_and_a_met_one_is_not():
    ratios = {
        "cpu/peertube-like": 0.51,
        "cpu/mediacms-like": 0.27,
        "cpu/floor": 1.0,
        "bytes/peertube-like": 0.6,
    }
    leads = {"peertube-like": {"200": 3.0, "400": 2.9}}
    assert reckoning.missed(ratios, leads) == [
        "CPU against peertube-like is 0.51, not 0.50",
        "at 400 kb/s VMAF is +2.9 against peertube-like, not +3.0",
    ]


@pytest.mark.parametrize(("kbps", "x"), [(64, 0), (512, plot.WIDTH / 2), (4096, plot.WIDTH)])
def test_the_plot_is_logarithmic_from_left_to_right(kbps, x):
    assert plot._x(kbps) == pytest.approx(x)


def test_the_plot_is_higher_where_the_picture_is_better():
    assert plot._y(100) == 0
    assert plot._y(20) == plot.HEIGHT


def test_a_page_without_misses_says_none(figures):
    lines = list(report.page(figures))
    assert lines[lines.index("## Goals that are missed") + 2] == "None."
