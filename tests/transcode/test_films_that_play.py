"""Films as cameras, phones and browsers make them become clips: whole, upright, anonymous."""

from __future__ import annotations

import subprocess
from fractions import Fraction
from typing import NamedTuple

import pytest

from cvtube.videos.models import AssetKind, Stage
from tests.transcode.conftest import spawned
from tests.transcode.fragments import boxes, names, timeline
from tests.transcode.hostile_files import CANARY
from tests.transcode.media_factory import AUTHOR, CORNERS, MAKE, PLACE

SAMPLE_RATE = 48_000
CODECS = {
    "h264-360": "avc1.64001e", "h264-720": "avc1.64001f", "av1-240": "av01.0.00M.08",
    "av1-360": "av01.0.01M.08", "av1-432": "av01.0.04M.08", "av1-540": "av01.0.04M.08",
    "av1-1080": "av01.0.08M.08", "audio": "mp4a.40.2",
}  # fmt: skip


class Expected(NamedTuple):
    size: tuple[int, int]  # of the largest rendition
    rate: Fraction
    frames: int  # or one more: containers differ on how long the last one lasts
    names: tuple[str, ...] = ("av1-240", "av1-360", "h264-360")


SMALL = ("av1-240", "h264-360")
LARGE = ("av1-240", "av1-360", "av1-540", "h264-360", "h264-720")
WEBCAM = ("av1-240", "av1-432", "av1-1080", "h264-360", "h264-720")
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
    "camcorder.mts": Expected((1024, 576), Fraction(25), 37, WEBCAM),
    "avchd.mts": Expected((1920, 1080), Fraction(25), 25, (*LARGE, "av1-1080")),
    "slow-motion.mp4": Expected((320, 240), Fraction(30), 36, SMALL),
    "full-hd-50.mp4": Expected((1920, 1080), Fraction(25), 25, (*LARGE, "av1-1080")),
    # It stands still: 360 lines are as light as 240 may be.
    "four-k-60.mp4": Expected((1920, 1080), Fraction(30), 30, (*LARGE[1:], "av1-1080")),
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
    "one-frame-a-second.mp4": Expected((640, 360), Fraction(10), 30, ("av1-360", "h264-360")),
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
SIGNATURES = ("x264 - core", "x265 (build", "Lavc", "Lavf", "libx264", "SVT-AV1")
SECRETS = [word.encode() for word in (PLACE, MAKE, AUTHOR, CANARY, *SIGNATURES)]


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
    it_decodes_without_a_word(sent, tools, tmp_path, upright=name not in WITHOUT_CORNERS)
    for more in (*HEARD.get(name, ()), *SEEN.get(name, ())):
        more(sent, tools, tmp_path)
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
    assert kinds.count(AssetKind.POSTER) == 2 * stills
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


def it_decodes_without_a_word(sent, tools, folder, *, upright):
    """And stands upright in its own colours."""
    stills = [sent.asset("poster"), sent.asset("poster-small")]
    for asset in (*sent.renditions(), *(stills if upright else ())):
        found = corners(tools, sent.save(asset.name, folder), asset.width, asset.height)
        if upright:
            assert found == list(CORNERS), asset.name


def corners(tools, path, width, height):
    """The names of the four corners' colours, on the last picture of a film (or the only one)."""
    w, h = width // 8, height // 8
    places = [(w // 2, h // 2), (width - w * 3 // 2, h // 2)]
    places += [(x, height - h * 3 // 2) for x, _y in places]
    return [colour(seen) for seen in pixels(tools, path, *((x, y, w, h) for x, y in places))]


def pixels(tools, path, *places):
    """The mean colour of each place (x, y, width, height), after a film is decoded to its end."""
    marks = [f"[{number}]" for number in range(len(places))]
    crops = [
        f"{mark}crop={w}:{h}:{x}:{y}:exact=1,scale=1:1:flags=area,setsar=1,format=rgba{mark}"
        for mark, (x, y, w, h) in zip(marks, places, strict=True)
    ]
    beside = f"hstack={len(places)}" if len(places) > 1 else "null"
    graph = f"split={len(places)}{''.join(marks)};{';'.join(crops)};{''.join(marks)}{beside}"
    words = "warning" if path.suffix == ".mp4" else "error"  # a JPEG's own colours are warned of
    command = [tools.ffmpeg.path, "-v", words, "-xerror", "-i", path, "-vf", graph]
    done = subprocess.run(
        [*command, "-b:v", "1M", "-f", "rawvideo", "-"],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b""), path.name
    last = done.stdout[-4 * len(places) :]
    return [tuple(last[i : i + 3]) for i in range(0, len(last), 4)]


def pixel(tools, path, x, y, w, h):
    return pixels(tools, path, (x, y, w, h))[0]


NAMED = {
    "black": (0, 0, 0),
    "red": (254, 0, 0),
    "lime": (0, 255, 0),
    "blue": (0, 0, 254),
    "white": (255,) * 3,
    "yellow": (254, 254, 0),
}


def colour(rgb):
    return min(
        NAMED, key=lambda name: sum((a - b) ** 2 for a, b in zip(NAMED[name], rgb, strict=True))
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


def its_voice_is_as_loud_as_any(sent, tools, folder):
    assert loudness(tools, sent.save("audio", folder)) == pytest.approx(-16, abs=1.5)


def it_stays_silent(sent, tools, folder):
    assert loudness(tools, sent.save("audio", folder)) < -60


def a_centre_voice_is_heard_on_both_sides(sent, tools, folder):
    left, right = volumes(tools, sent.save("audio", folder), 0, 1)
    assert left == pytest.approx(right, abs=0.5)
    assert left > -30


def a_late_sound_begins_late(sent, tools, folder):
    audio = sent.save("audio", folder)
    assert max(volumes(tools, audio, 0, 0.6)) < -60
    assert min(volumes(tools, audio, 1.0, 2.0)) > -40


def nothing_said_before_a_late_picture_is_lost(sent, tools, folder):
    audio = sent.save("audio", folder)
    assert min(volumes(tools, audio, 0.1, 1.2)) > -40
    assert max(volumes(tools, audio, 1.8, 2.2)) < -60


def its_sound_goes_on_after_a_change(sent, tools, folder):
    audio = sent.save("audio", folder)
    for start, end in ((0.1, 0.6), (0.8, 1.4)):
        assert min(volumes(tools, audio, start, end)) > -30


HEARD = {
    "camcorder.mts": [its_sound_goes_on_after_a_change],
    "plain.mp4": [its_voice_is_as_loud_as_any],
    "whisper.mp4": [its_voice_is_as_loud_as_any],
    "surround.mp4": [its_voice_is_as_loud_as_any, a_centre_voice_is_heard_on_both_sides],
    "second-track-speaks.mp4": [its_voice_is_as_loud_as_any],
    "compact.avi": [its_voice_is_as_loud_as_any],
    "silence.mp4": [it_stays_silent],
    "no-sound.mp4": [it_stays_silent],
    "late-sound.webm": [a_late_sound_begins_late],
    "late-picture.webm": [nothing_said_before_a_late_picture_is_lost],
}


# -- pictures of the clip ---------------------------------------------------------------------


def its_storyboard_has_one_tile_for_each_two_seconds(sent, tools, folder):
    board = sent.asset("storyboard")  # of five seconds
    assert board.facts == {"columns": 6, "rows": 1, "tiles": 3, "interval_ms": 2002}
    path = sent.save("storyboard", folder)
    tile = board.width // 6
    assert (board.width, board.height) == (6 * 192, 144)
    w, h = tile // 8, board.height // 8
    places = ((number * tile + w // 2, h // 2, w, h) for number in range(6))
    red = [colour(seen) == "red" for seen in pixels(tools, path, *places)]
    assert red == [True] * 3 + [False] * 3  # the rest of the row stays empty


def its_pictures_are_portrait_too(sent, _tools, _folder):
    posters = [asset for asset in sent.row().assets if asset.kind is AssetKind.POSTER]
    assert {(a.name, a.width, a.height) for a in posters} == {
        ("poster", 360, 640),
        ("poster-small", 360, 640),
    }
    board = sent.asset("storyboard")
    assert (board.width // 6, board.height) == (108, 192)


def it_gets_bars_instead_of_a_squeeze(sent, tools, folder):
    path = sent.save("h264-360", folder)
    # 360 pixels high, the portrait is 202 wide in the middle of 640.
    bar, left, right = pixels(tools, path, (4, 100, 80, 100), (222, 4, 36, 60), (380, 290, 36, 60))
    assert sum(bar) < 60
    assert (colour(left), colour(right)) == ("red", "white")


SEEN = {
    "television.mp4": [its_storyboard_has_one_tile_for_each_two_seconds],
    "iphone.mov": [its_pictures_are_portrait_too],
    "turned-while-recording.webm": [it_gets_bars_instead_of_a_squeeze],
}


def test_each_third_of_a_clip_gives_a_still(films, transcode, tmp_path, tools):
    sent = transcode(films("red-green-yellow.mp4"))
    for number, (name, expected) in enumerate(
        [("poster", "red"), ("poster-2", "lime"), ("poster-3", "yellow")]
    ):
        for size in (name, name.replace("poster", "poster-small")):
            still = sent.asset(size)
            assert still.facts == {"still": number}
            seen = pixel(tools, sent.save(size, tmp_path), 0, 0, still.width, still.height)
            assert seen == pytest.approx(NAMED[expected], abs=8), size


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
