"""Films as cameras, phones and browsers make them become clips: whole, upright, anonymous."""

from __future__ import annotations

import subprocess
from fractions import Fraction
from typing import NamedTuple

import pytest

from cvtube.videos.models import AssetKind, Stage
from tests.transcode.conftest import spawned
from tests.transcode.fragments import boxes, names, timeline
from tests.transcode.kitchen import AUTHOR, CORNERS, MAKE, PLACE
from tests.transcode.villains import CANARY

SAMPLE_RATE = 48_000
CODECS = {
    "h264-360": "avc1.64001e", "h264-720": "avc1.64001f", "av1-240": "av01.0.00M.08",
    "av1-360": "av01.0.01M.08", "av1-540": "av01.0.04M.08", "av1-1080": "av01.0.08M.08",
    "audio": "mp4a.40.2",
}  # fmt: skip


class Expected(NamedTuple):
    size: tuple[int, int]  # of the largest rendition
    rate: Fraction
    frames: int  # or one more: containers differ on how long the last one lasts
    names: tuple[str, ...] = ("av1-240", "av1-360", "h264-360")


SMALL = ("av1-240", "h264-360")
LARGE = ("av1-240", "av1-360", "av1-540", "h264-360", "h264-720")
LANDSCAPE = Expected((640, 360), Fraction(30), 45)
FILMS = {
    "iphone.mov": Expected((360, 640), Fraction(30), 45),
    "hlg.mov": LANDSCAPE,
    "pq.mp4": LANDSCAPE,
    "android.mp4": LANDSCAPE,
    "selfie.mp4": Expected((360, 640), Fraction(30), 45),
    "old-phone.3gp": Expected((176, 144), Fraction(15), 23, SMALL),
    "camera.avi": LANDSCAPE,
    "compact.avi": Expected((320, 240), Fraction(15), 23, SMALL),
    "camcorder.mts": Expected((1024, 576), Fraction(25), 37, LARGE),
    "slow-motion.mp4": Expected((320, 240), Fraction(30), 36, SMALL),
    "full-hd-50.mp4": Expected((1920, 1080), Fraction(25), 25, (*LARGE, "av1-1080")),
    "four-k-60.mp4": Expected((1920, 1080), Fraction(30), 30, (*LARGE, "av1-1080")),
    "chrome-vp8.webm": LANDSCAPE,
    "chrome-vp9.webm": LANDSCAPE,
    "chrome-h264.mkv": LANDSCAPE,
    "chrome-av1.webm": LANDSCAPE,
    "safari.mp4": LANDSCAPE,
    "turned-while-recording.webm": Expected((640, 360), Fraction(30), 60),
    "plain.mp4": LANDSCAPE,
    "square.mp4": Expected((480, 480), Fraction(30), 45, LARGE),
    "odd-size.mp4": LANDSCAPE,
    "no-sound.mp4": LANDSCAPE,
    "silence.mp4": LANDSCAPE,
    "whisper.mp4": LANDSCAPE,
    "surround.mp4": LANDSCAPE,
    "second-track-speaks.mp4": LANDSCAPE,
    "one-frame-a-second.mp4": Expected((640, 360), Fraction(10), 30),
    "television.mp4": Expected((320, 240), Fraction(24000, 1001), 120, SMALL),
    "late-picture.webm": Expected((640, 360), Fraction(30), 69),
    "late-sound.webm": Expected((640, 360), Fraction(30), 69),
    "cover-and-subtitles.mp4": LANDSCAPE,
    "black-start.mp4": Expected((640, 360), Fraction(30), 75),
    "lying-size.mp4": LANDSCAPE,
    "lying-duration.mp4": LANDSCAPE,
    "zip-behind.mp4": LANDSCAPE,
    "attachment.mkv": LANDSCAPE,
    "bit-errors.mp4": LANDSCAPE,
    "frames-far-apart.webm": Expected((64, 64), Fraction(10), 3000, SMALL),
}
MUXER = "\xa9too"  # older ones write their own name, and nothing else
WITHOUT_CORNERS = {
    "four-k-60.mp4",
    "turned-while-recording.webm",
    "frames-far-apart.webm",
    "bit-errors.mp4",
}
BLACK = {"frames-far-apart.webm"}  # from beginning to end
SECRETS = [word.encode() for word in (PLACE, MAKE, AUTHOR, CANARY)]


@pytest.mark.parametrize("name", FILMS)
def test_it_becomes_a_whole_clip_that_stands_upright(name, films, transcode, tmp_path, tools):
    expected = FILMS[name]
    sent = transcode(films(name))
    clip = sent.row()
    assert (clip.stage, clip.error_code, clip.progress) == (Stage.READY, None, 100)
    assert (clip.width, clip.height) == expected.size
    frames = round(clip.duration_ms * expected.rate / 1000)
    assert frames - expected.frames in {0, 1}

    assert sorted(a.name for a in sent.renditions()) == sorted(expected.names)
    stills = 1 if name in BLACK else min(3, 1 + clip.duration_ms // 5000)
    everything_is_stored_and_nothing_else(sent, clip, stills)
    every_track_runs_from_zero_to_the_same_end(sent, frames, expected.rate)
    nothing_private_is_left(sent, clip)
    for asset in sent.renditions():
        decodes_without_a_word(tools, sent.save(asset.name, tmp_path))
    decodes_without_a_word(tools, sent.save("hover", tmp_path))
    if name not in WITHOUT_CORNERS:
        it_stands_upright_in_its_own_colours(sent, tools, tmp_path)
    assert sent.left_in_scratch() == []
    assert spawned() == []
    (run,) = sent.runs()
    assert run.outcome == "ready"
    assert run.bytes_out == sum(asset.size for asset in clip.assets)
    assert 0 < run.cpu_s < 60


def everything_is_stored_and_nothing_else(sent, clip, stills):
    assert sent.made_keys() == {asset.key for asset in clip.assets}
    for asset in clip.assets:
        assert sent.runtime.storage.head(asset.key).size == asset.size
    kinds = [asset.kind for asset in clip.assets]
    assert kinds.count(AssetKind.AUDIO) == kinds.count(AssetKind.STORYBOARD) == 1
    assert (kinds.count(AssetKind.POSTER), kinds.count(AssetKind.HOVER)) == (2 * stills, 1)
    assert AssetKind.EARLY not in kinds


def every_track_runs_from_zero_to_the_same_end(sent, frames, rate):
    cuts = []
    for asset in (*sent.renditions(), sent.asset("audio")):
        content = sent.read(asset.name)
        line = timeline(content)
        assert (line.decoded_from, line.shown_from) == (0, 0), asset.name
        assert abs(line.ends - frames / rate) <= Fraction(1, SAMPLE_RATE), asset.name
        facts = asset.facts
        assert facts["codecs"] == CODECS[asset.name]
        assert sum(length for _s, _o, length in facts["segments"]) + sum(facts["init"]) == len(
            content
        )
        assert facts["bandwidth"] >= facts["average_bandwidth"] * 0.9
        if asset.kind is AssetKind.RENDITION:
            assert line.samples == frames
            assert facts["frame_rate"] == pytest.approx(float(rate), abs=0.001)
            cuts.append([duration for duration, _offset, _size in facts["segments"]])
        else:
            assert len(facts["segments"]) == len(cuts[0])
    assert all(cut == cuts[0] for cut in cuts)


def nothing_private_is_left(sent, clip):
    for asset in clip.assets:
        content = sent.read(asset.name)
        assert not [word for word in SECRETS if word in content], asset.name
        meta = b"".join(boxes(content, "moov", "udta", "meta"))
        told = {name for tags in boxes(meta[4:], "ilst") for name in names(tags)}
        assert told <= {MUXER}, asset.name


def decodes_without_a_word(tools, path):
    command = [tools.ffmpeg.path, "-v", "warning", "-xerror", "-i", path, "-f", "null", "-"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, ""), path.name


def it_stands_upright_in_its_own_colours(sent, tools, folder):
    for asset in (*sent.renditions(), sent.asset("poster"), sent.asset("poster-small")):
        found = corners(tools, sent.save(asset.name, folder), asset.width, asset.height)
        assert found == list(CORNERS), asset.name


def corners(tools, path, width, height):
    """The names of the four corners' colours, on the last picture of a film (or the only one)."""
    w, h = width // 8, height // 8
    places = [(w // 2, h // 2), (width - w * 3 // 2, h // 2)]
    places += [(x, height - h * 3 // 2) for x, _y in places]
    return [colour(pixel(tools, path, x, y, w, h)) for x, y in places]


def pixel(tools, path, x, y, w, h):
    crop = f"crop={w}:{h}:{x}:{y},scale=1:1:flags=area,format=rgb24"
    command = [tools.ffmpeg.path, "-v", "error", "-i", path, "-vf", crop, "-f", "rawvideo", "-"]
    return tuple(subprocess.run(command, capture_output=True, check=True).stdout[-3:])


def colour(rgb):
    named = {
        "black": (0, 0, 0),
        "red": (254, 0, 0),
        "lime": (0, 255, 0),
        "blue": (0, 0, 254),
        "white": (255,) * 3,
        "yellow": (254, 254, 0),
    }
    return min(
        named, key=lambda name: sum((a - b) ** 2 for a, b in zip(named[name], rgb, strict=True))
    )


# -- what is heard ----------------------------------------------------------------------------


def loudness(tools, path):
    """Integrated loudness (LUFS), as the player's own ears would measure it."""
    command = [tools.ffmpeg.path, "-i", path, "-af", "ebur128", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    return float(said.rpartition("I:")[2].split()[0])


def volumes(tools, path, start, end):
    """The mean volume of each channel (dB) between two instants."""
    part = f"atrim={start}:{end},astats=metadata=0"
    command = [tools.ffmpeg.path, "-i", path, "-af", part, "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    levels = [line.rpartition(":")[2].strip() for line in said.splitlines() if "RMS level" in line]
    return [float(level) for level in levels[:2]]


@pytest.mark.parametrize(
    "name", ["plain.mp4", "whisper.mp4", "surround.mp4", "second-track-speaks.mp4", "compact.avi"]
)
def test_every_voice_is_about_as_loud_as_the_others(name, films, transcode, tmp_path, tools):
    sent = transcode(films(name))
    assert loudness(tools, sent.save("audio", tmp_path)) == pytest.approx(-16, abs=1.5)


def test_silence_stays_silent(films, transcode, tmp_path, tools):
    for name in ("silence.mp4", "no-sound.mp4"):
        sent = transcode(films(name))
        assert loudness(tools, sent.save("audio", tmp_path)) < -60


def test_a_centre_voice_is_heard_on_both_sides(films, transcode, tmp_path, tools):
    left, right = volumes(tools, transcode(films("surround.mp4")).save("audio", tmp_path), 0, 1)
    assert left == pytest.approx(right, abs=0.5)
    assert left > -30


def test_a_late_sound_begins_late(films, transcode, tmp_path, tools):
    audio = transcode(films("late-sound.webm")).save("audio", tmp_path)
    assert max(volumes(tools, audio, 0, 0.6)) < -60
    assert min(volumes(tools, audio, 1.0, 2.0)) > -40


def test_nothing_said_before_a_late_picture_is_lost(films, transcode, tmp_path, tools):
    audio = transcode(films("late-picture.webm")).save("audio", tmp_path)
    assert min(volumes(tools, audio, 0.1, 1.2)) > -40
    assert max(volumes(tools, audio, 1.8, 2.2)) < -60


# -- pictures of the clip ---------------------------------------------------------------------


def test_a_storyboard_has_one_tile_for_each_two_seconds(films, transcode, tmp_path, tools):
    sent = transcode(films("television.mp4"))  # five seconds
    board = sent.asset("storyboard")
    assert board.facts == {"columns": 6, "rows": 1, "tiles": 3, "interval_ms": 2002}
    path = sent.save("storyboard", tmp_path)
    tile = board.width // 6
    assert (board.width, board.height) == (6 * 192, 144)
    for number in range(6):
        place = (number * tile + tile // 16, board.height // 16, tile // 8, board.height // 8)
        seen = pixel(tools, path, *place)
        assert (colour(seen) == "red") is (number < 3), number  # the rest of the row stays empty


def test_a_portrait_clip_has_portrait_pictures(films, transcode):
    sent = transcode(films("iphone.mov"))
    posters = [asset for asset in sent.row().assets if asset.kind is AssetKind.POSTER]
    assert {(a.name, a.width, a.height) for a in posters} == {
        ("poster", 360, 640),
        ("poster-small", 360, 640),
    }
    board = sent.asset("storyboard")
    assert (board.width // 6, board.height) == (108, 192)


def test_each_third_of_a_clip_gives_a_still(films, transcode, tmp_path, tools):
    sent = transcode(films("red-green-yellow.mp4"))
    for number, (name, expected) in enumerate(
        [("poster", "red"), ("poster-2", "lime"), ("poster-3", "yellow")]
    ):
        for size in (name, name.replace("poster", "poster-small")):
            still = sent.asset(size)
            assert still.facts == {"still": number}
            seen = pixel(tools, sent.save(size, tmp_path), 0, 0, still.width, still.height)
            assert colour(seen) == expected, size


def test_no_still_is_black_where_another_frame_is_not(films, transcode, tmp_path, tools):
    sent = transcode(films("black-in-the-middle.mp4"))
    stills = {a.name: a for a in sent.row().assets if a.kind is AssetKind.POSTER}
    assert stills.keys() == {"poster", "poster-small", "poster-2", "poster-small-2"}
    for name, expected in (("poster", "red"), ("poster-2", "yellow")):
        seen = pixel(tools, sent.save(name, tmp_path), 0, 0, 160, 90)
        assert colour(seen) == expected
    dark = transcode(films("black.mp4"))
    names = {a.name for a in dark.row().assets if a.kind is AssetKind.POSTER}
    assert names == {"poster", "poster-small"}


def test_a_picture_that_is_turned_in_mid_recording_gets_bars_instead_of_a_squeeze(
    films, transcode, tmp_path, tools
):
    path = transcode(films("turned-while-recording.webm")).save("h264-360", tmp_path)
    last = ["-v", "error", "-sseof", "-0.2", "-i", path, "-update", "1"]
    still = tmp_path / "last.png"
    subprocess.run([tools.ffmpeg.path, *last, still], check=True)
    assert sum(pixel(tools, still, 4, 100, 80, 100)) < 60  # a black bar on the left
    # 360 pixels high, the portrait is 202 wide in the middle of 640.
    assert colour(pixel(tools, still, 222, 4, 36, 60)) == "red"
    assert colour(pixel(tools, still, 380, 290, 36, 60)) == "white"
