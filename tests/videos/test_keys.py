"""Where a film's objects live."""

from __future__ import annotations

from cvtube.videos import keys


def test_an_object_tells_which_attempt_made_it():
    assert keys.attempt_of(keys.output("film", "clip", 12, "audio.mp4")) == 12
    assert keys.attempt_of(keys.chunk("film", "clip", 0)) is None


def test_what_an_attempt_makes_lies_below_its_own_prefix():
    assert keys.output("film", "clip", 1, "a.mp4").startswith(keys.outputs("film", "clip", 1))
    assert not keys.output("film", "clip", 12, "a.mp4").startswith(keys.outputs("film", "clip", 1))
