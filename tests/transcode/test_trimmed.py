"""What its owner has cut off a recording is not in the clip, and nothing else is missing."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from cvtube.transcode.analyze.media import Span
from cvtube.transcode.attempt import budget
from cvtube.transcode.plan import ladder
from cvtube.videos.models import Stage
from tests.transcode.fragments import timeline
from tests.transcode.samples import film


def picture_at(tools, path, second):
    """A frame in 64 by 36 grey pixels."""
    command = [tools.ffmpeg.path, "-v", "error", "-i", path, "-ss", str(second), "-frames:v", "1"]
    command += ["-vf", "scale=64:36,format=gray", "-f", "rawvideo", "-"]
    return subprocess.run([str(p) for p in command], capture_output=True, check=True).stdout


def unlike(one, other):
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)


@pytest.mark.parametrize(
    ("name", "whole_ms"),
    [("plain.mp4", 1500), ("chrome-vp9.webm", 1500), ("late-sound.webm", 2300)],
)
@pytest.mark.parametrize(("start_ms", "end_ms"), [(400, None), (300, 1300)])
def test_the_clip_is_what_was_kept(name, whole_ms, start_ms, end_ms, films, cut):
    clip = cut(films(name), start_ms, end_ms).row()
    assert clip.stage is Stage.READY
    assert abs(clip.duration_ms - ((end_ms or whole_ms) - start_ms)) <= 34


def test_it_begins_with_the_picture_and_the_sound_of_that_moment(
    films, cut, transcode, tools, tmp_path
):
    whole = transcode(films("plain.mp4")).save("h264-360", tmp_path)
    longer = tmp_path / "longer.mp4"  # another file, of the same film
    longer.write_bytes(films("plain.mp4").read_bytes() + b"\0\0\0\x08free")
    (tmp_path / "part").mkdir()
    sent = cut(longer, 500)
    part = sent.save("h264-360", tmp_path / "part")
    first = picture_at(tools, part, 0)
    assert unlike(first, picture_at(tools, whole, 0.5)) < 2
    assert unlike(first, picture_at(tools, whole, 0)) > 4
    for track in ("h264-360", "audio"):
        assert timeline(sent.read(track)).shown_from == 0


def test_nothing_left_is_told_like_any_film_that_is_too_short(films, cut):
    clip = cut(films("plain.mp4"), 1400).row()
    assert (clip.stage, clip.error_code) == (Stage.FAILED, "film_too_short")


def test_what_was_cut_off_may_take_its_time_too():
    whole = film((), span=Span(0.0, 300.0, 9000, 1 / 30))
    plans = [ladder.plan(replace(whole, trim=trim), None, 0.0) for trim in ((0, None), (290, None))]
    (much, little) = (budget(plan) for plan in plans)
    assert much.cpu_s == little.cpu_s
    assert (much.silence_s, little.silence_s > 300) == (60, True)
