"""What is wrong with a film as a film is noticed on the way, and nothing else."""

from __future__ import annotations

import pytest

from cvtube.transcode.analyze.checks import Checks


def heard(*lines):
    checks = Checks()
    for line in lines:
        checks.add_line(line)
    return checks


def test_spans_are_kept_and_what_goes_on_at_the_end_ends_there():
    checks = heard(
        "frame:0    pts:0       pts_time:0", "lavfi.r128.I=-23.50", "out_time_us=5",
        "lavfi.black_start=1.5", "lavfi.black_end=4.25", "lavfi.silence_start=2",
        "lavfi.freezedetect.freeze_start=-0.01", "lavfi.freezedetect.freeze_duration=5",
        "lavfi.freezedetect.freeze_end=5", "lavfi.r128.I=-24.1",
    )  # fmt: skip
    assert checks.facts(10.0) == {
        "lufs": -24.1, "black": [[1.5, 4.25]], "silent": [[2, 10.0]], "still": [[0.0, 5.0]],
    }  # fmt: skip


def test_a_film_that_is_well_has_its_loudness_alone():
    assert heard("lavfi.r128.I=-16").facts(3.0) == {"lufs": -16}


@pytest.mark.parametrize("line", ["lavfi.r128.I=nan", "lavfi.r128.I=", "lavfi.black_start=x", "="])
def test_rubbish_is_passed_over(line):
    assert heard(line).facts(1.0) == {"lufs": None}


def test_another_track_is_listened_to_from_the_beginning():
    checks = heard("lavfi.r128.I=-70", "lavfi.silence_start=0", "lavfi.silence_end=5")
    checks.begin_sound()
    assert checks.facts(9.0) == {"lufs": None}


def test_a_real_film_tells_where_it_is_silent_and_black(films, cut):
    """By its own clock: its owner has cut the first three seconds off."""
    checks = cut(films("what-is-wrong.mp4"), 3000).asset("audio").facts["checks"]
    assert checks["lufs"] == pytest.approx(-21, abs=4)
    for kind in ("silent", "black"):
        ((start, end),) = checks[kind]
        assert (start, end) == (pytest.approx(2, abs=0.2), pytest.approx(7, abs=0.1)), kind
    assert set(checks) <= {"lufs", "silent", "black", "still"}
