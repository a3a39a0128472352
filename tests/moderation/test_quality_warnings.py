"""Plain words about a film's file."""

from __future__ import annotations

import pytest

from cvtube.moderation.quality_warnings import QualityNote, notes_on


@pytest.mark.parametrize(
    ("checks", "notes"),
    [
        ({}, []),  # made before anybody looked
        ({"lufs": -18.0}, []),
        ({"lufs": -40.0}, [QualityNote("The sound is low")]),
        ({"lufs": None}, [QualityNote("There is no sound")]),
        ({"lufs": -70.0, "silent": [[0, 9]]}, [QualityNote("There is no sound")]),
        (
            {"lufs": -18.0, "silent": [[20, 26]], "black": [[0, 1.5]], "still": [[1, 7]]},
            [
                QualityNote("Silent from %(start)s to %(end)s", 20_000, 26_000),
                QualityNote("Black picture from %(start)s to %(end)s", 0, 1500),
                QualityNote("The picture is frozen from %(start)s to %(end)s", 1000, 7000),
            ],
        ),
    ],
)
def test_each_finding_has_its_words(checks, notes):
    assert notes_on(checks) == notes


def test_a_film_of_many_pauses_is_not_told_pause_by_pause():
    pauses = [[second, second + 4] for second in range(0, 60, 5)]
    assert len(notes_on({"lufs": -18.0, "silent": pauses})) == 3
