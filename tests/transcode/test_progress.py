"""What ffmpeg says while it encodes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cvtube.toolchain.progress import EncodingProgress


def test_only_a_clip_that_gets_longer_is_progress():
    told: list[float] = []
    progress = EncodingProgress(10, told.append)
    lines = [
        "frame=0", "out_time_us=N/A", "out_time_us=2500000", "out_time_us=2500000", "speed=1x",
        "progress=continue", "frame=75", "out_time_us=20000000", "progress=end",
    ]  # fmt: skip
    heard = [progress.add_line(line) for line in lines]
    assert heard == [False, False, True, False, False, False, False, True, True]
    assert told == [0.25, 1.0]
    assert progress.frames == 75


@given(st.lists(st.text()))
def test_whatever_it_says_the_told_share_only_grows_and_stays_a_share(lines):
    told: list[float] = []
    progress = EncodingProgress(1, told.append)
    for line in [*lines, "out_time_us=500000", *lines, "out_time_us=-5", "frame=x"]:
        progress.add_line(line)
    assert told == sorted(told)
    assert all(0 <= share <= 1 for share in told)
