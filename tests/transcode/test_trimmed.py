"""What its owner has cut off a recording is not in the clip, and nothing else is missing."""

from __future__ import annotations

import subprocess

import pytest
from sqlalchemy import update

from cvtube.transcode import jobs
from cvtube.videos.models import Clip, Stage
from tests.transcode.fragments import timeline


@pytest.fixture
def cut(send, runtime):
    """Somebody sends a film, of which they want a part."""

    def send_and_cut(path, start_ms, end_ms=None):
        sent = send(path)
        with runtime.transaction() as session:
            session.execute(update(Clip).values(trim_start_ms=start_ms, trim_end_ms=end_ms))
        jobs.transcode_clip(sent.clip_id)
        return sent

    return send_and_cut


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
