"""How loud a clip is, and what is done about it: recruiters do not reach for the volume."""

from __future__ import annotations

from typing import NamedTuple

from cvtube.errors import Refused
from cvtube.sandbox.process import MIB, Budget
from cvtube.toolchain.inputs import Source
from cvtube.toolchain.runner import Runner
from cvtube.transcode.analyze.checks import Checks, SoundAnalysis
from cvtube.transcode.analyze.media import Film, Sound, Stereo
from cvtube.transcode.ffmpeg import inspect

# LUFS. What phones and laptops play well; video platforms settle between -14 and -18.
TARGET = -16.0
# Below this there is no voice, only a room: raising it would give hiss.
SILENCE = -50.0
# The most a quiet voice is raised (dB). More lifts a phone's own noise, usually at -60, to
# where it is heard through every pause.
MOST_GAIN = 18.0
TRACKS_TRIED = 4
SHORTEST_S = 0.4  # one block of EBU R 128: what is shorter has no loudness

# What is played twice instead of once is as much louder (dB).
TWICE = 3.0


class SoundTreatment(NamedTuple):
    """What of a film's sound is heard, and how; as `ladder.plan` takes it."""

    sound: Sound | None
    gain_db: float = 0.0
    stereo: Stereo = Stereo.USUAL
    drifts: bool = False


def gain_db(lufs: float) -> float:
    """What brings a clip as loud as this near the target."""
    return 0.0 if lufs < SILENCE else min(TARGET - lufs, MOST_GAIN)


def choose_sound(
    runner: Runner, source: Source, film: Film, checks: Checks | None = None
) -> SoundTreatment:
    """The track to take (the first on which something is heard), and what is done with it.

    What else is noticed goes into `checks`.

    Raises:
        Refused: there is sound, and none of it can be decoded.
    """
    checks = checks or Checks()
    readable: list[Sound] = []
    for sound in film.sounds[:TRACKS_TRIED]:
        if film.seconds_heard(sound) < SHORTEST_S:
            readable.append(sound)
            continue
        analysis = _measure(runner, source, film, sound, checks)
        if checks.lufs is not None:
            readable.append(sound)
            if checks.lufs >= SILENCE:
                return _mended(sound, checks.lufs, analysis)
    if film.sounds and not readable:
        raise Refused("film_broken")
    return SoundTreatment(readable[0] if readable else None)


def _mended(sound: Sound, lufs: float, analysis: SoundAnalysis) -> SoundTreatment:
    stereo = analysis.stereo
    doubled = stereo in {Stereo.LEFT_ALONE, Stereo.RIGHT_ALONE}
    return SoundTreatment(sound, gain_db(lufs + TWICE * doubled), stereo, analysis.drifts)


def _measure(
    runner: Runner, source: Source, film: Film, sound: Sound, checks: Checks
) -> SoundAnalysis:
    """To what the clip has of the track. The loudness stays None if nothing could be decoded."""
    analysis = SoundAnalysis()
    checks.begin_sound()

    def on_line(line: str) -> bool:
        checks.add_line(line)
        analysis.add_line(line)
        return True

    seconds = int(sound.span.end - sound.span.start) + 1
    budget = Budget(
        cpu_s=30 + seconds,
        wall_s=300 + 4 * seconds,
        silence_s=60 + film.trim[0],  # what is cut off goes by without a word
        memory=2048 * MIB,
        output_bytes=MIB + 16_384 * seconds,  # ten times a second everything it knows
    )
    command = inspect.loudness(runner.tools.ffmpeg, source, film, sound)
    # How it ended does not matter: a track with holes in it is still a track.
    runner.examine(command, source.path, budget, on_line)
    return analysis
