"""Whatever a microphone made of a voice, it is heard in both ears, on a phone, and in time."""

from __future__ import annotations

import itertools
import subprocess
from array import array

import pytest

from cvtube.transcode.analyze.checks import SoundAnalysis
from cvtube.transcode.analyze.media import Sound, Stereo
from cvtube.transcode.ffmpeg import audio
from cvtube.transcode.plan import ladder
from cvtube.videos.models import Stage
from tests.transcode.samples import SOUND, SPAN, film
from tests.transcode.test_films_that_play import loudness, volumes

RATE = 48_000


def samples(tools, path, *, mono=False):
    """What is heard, channel by channel (or both together)."""
    command = [tools.ffmpeg.path, "-v", "error", "-i", path, "-ac", "1" if mono else "2"]
    made = subprocess.run([*command, "-f", "f32le", "-"], capture_output=True, check=True).stdout
    heard = array("f", made)
    return heard if mono else (heard[::2], heard[1::2])


def onsets(heard):
    """Seconds at which a sound begins after a silence."""
    found, last = [], -RATE
    for number, height in enumerate(heard):
        if abs(height) > 0.05:
            if number - last > RATE / 5:
                found.append(number / RATE)
            last = number
    return found


EARS = (
    "left-ear.mp4", "right-ear.mp4", "opposite-ears.mp4", "ambisonic.mkv", "sixteen-channels.mov",
    "sixteen-alike.mov", "centre-in-whole-numbers.mov",
)  # fmt: skip


@pytest.mark.parametrize("name", EARS)
def test_a_voice_reaches_both_ears_and_a_single_loudspeaker(
    name, films, transcode, tools, tmp_path
):
    sent = transcode(films(name))
    assert (sent.row().stage, sent.row().error_code) == (Stage.READY, None)
    audio_file = sent.save("audio", tmp_path)
    left, right = volumes(tools, audio_file, 0.2, 1.2)
    assert left == pytest.approx(right, abs=2)
    assert loudness(tools, audio_file) == pytest.approx(-16, abs=1)
    together = samples(tools, audio_file, mono=True)[RATE // 2 : RATE]
    assert max(together) > 0.1


LAYOUTS = {
    "FL+LFE": 2, "BL+BR": 2, "USR0+USR1": 2, "USR0": 1, "FL+FR+TC": 3, "BL+BR+LFE": 3, "3C": 3,
    "4C": 4, "ambisonic 1": 4, "5C": 5, "ambisonic 1+stereo": 6, "7C": 7, "cube": 8,
    "ambisonic 2": 9, "10C": 10, "7.1.4": 12, "15C": 15, "hexadecagonal": 16,
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_arrangement_of_channels_is_too_odd(layout, tools, tmp_path):
    """Every channel says the same: then so do both ears."""
    n = LAYOUTS[layout]
    sound = Sound(1, "pcm_s16le", n, SPAN, layout)
    channels = "|".join("0" * n)
    made = [f"channelmap=map={channels}:channel_layout={layout}"]
    made += [audio.filter_text(a_filter) for a_filter in audio.placed(sound)]
    path = tmp_path / "heard.wav"
    graph = ",".join([*made, "aformat=channel_layouts=stereo"])
    tone = ("-f", "lavfi", "-i", "sine=d=0.3,aformat=channel_layouts=mono")
    command = [tools.ffmpeg.path, "-v", "error", *tone, "-af", graph, path]
    subprocess.run([str(part) for part in command], check=True)
    left, right = samples(tools, path)
    assert max(right) > 0.02 or layout.startswith("ambisonic")  # there, all of it comes from left
    assert max(left) > 0.02


def test_channels_that_have_their_places_are_left_to_the_mixer():
    for layout in ("mono", "stereo", "5.1", "5.1(side)", "7.1"):
        assert audio.placed(Sound(1, "aac", 6, SPAN, layout)) == []
    assert audio.placed(Sound(1, "mp3", 0, SPAN, "")) == []  # nobody knows yet how many there are


def test_a_sound_of_a_slow_clock_keeps_in_time_without_a_jump(films, transcode, tools, tmp_path):
    sent = transcode(films("sound-of-a-slow-clock.mkv"))
    heard = samples(tools, sent.save("audio", tmp_path), mono=True)
    begun = onsets(heard)
    assert [round(second) for second in begun] == list(range(6))
    assert max(abs(second - round(second)) for second in begun) < 0.03
    beep = heard[int(4.02 * RATE) : int(4.06 * RATE)]
    zeros = sum(a < 0 <= b for a, b in itertools.pairwise(beep))
    assert zeros == pytest.approx(40, abs=1)  # 1000 Hz, with no piece cut out or left empty


def test_the_limiter_makes_no_sound_late(films, transcode, tools, tmp_path):
    sent = transcode(films("beeps.mp4"))
    begun = onsets(samples(tools, sent.save("audio", tmp_path), mono=True))
    assert begun[1:] == pytest.approx([1, 2], abs=0.002)


def test_a_track_that_nobody_hears_does_not_move_the_others(films, transcode, tools, tmp_path):
    sent = transcode(films("unused-track-earlier.ts"))
    assert sent.row().stage is Stage.READY
    assert abs(sent.row().duration_ms - 3000) <= 100
    begun = onsets(samples(tools, sent.save("audio", tmp_path), mono=True))
    assert begun[1:] == pytest.approx([1, 2], abs=0.03)


# -- what is heard of it, line by line ------------------------------------------------------------


def heard(*levels, ahead=()):
    hearing = SoundAnalysis()
    for number, level in enumerate(levels, start=1):
        hearing.add_line(f"lavfi.astats.{number}.RMS_level={level}")
    for number, second in enumerate(ahead):
        hearing.add_line(f"frame:{number:<4} pts:{number}       pts_time:{second}")
    return hearing


@pytest.mark.parametrize(
    ("levels", "stereo"),
    [
        (("-20", "-20", "-20", "-inf"), Stereo.USUAL),
        (("-20", "-30", "-24", "-25"), Stereo.USUAL),  # somebody sits to the left
        (("-20", "-21", "-24", "-21"), Stereo.USUAL),  # two microphones far apart
        (("-20", "-inf", "-26", "-26"), Stereo.LEFT_ALONE),
        (("-60", "-20", "-26", "-26"), Stereo.RIGHT_ALONE),
        (("-20", "-20", "-inf", "-20"), Stereo.OPPOSITE),
        (("-inf", "-inf", "-inf", "-inf"), Stereo.USUAL),
        (("nan", "nan", "nan", "nan"), Stereo.USUAL),
    ],
)
def test_ears_are_told_apart(levels, stereo):
    assert heard(*levels).stereo is stereo


def test_a_clock_is_told_from_a_hole():
    tenths = [number / 10 for number in range(60)]
    assert not heard(ahead=tenths).drifts
    assert heard(ahead=[1.02 * second for second in tenths]).drifts
    assert heard(ahead=[0.995 * second for second in tenths]).drifts
    assert not heard(ahead=[second + 2 * (second > 3) for second in tenths]).drifts
    assert not heard(ahead=[second + 0.005 * (i % 3) for i, second in enumerate(tenths)]).drifts
    assert not heard().drifts


def test_what_is_usual_changes_nothing():
    assert "pan=" not in ",".join(audio.evened(ladder.plan(film(), SOUND, 0.0), SOUND))
