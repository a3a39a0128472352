"""What is done with a clip's sound, whatever it was: two ears, one loudness, from zero on."""

from __future__ import annotations

from typing import Any

import ffmpeg

from cvtube.toolchain.inputs import seconds_text
from cvtube.transcode.analyze.media import Sound, Stereo
from cvtube.transcode.plan.ladder import SAMPLE_RATE, SOUND_KBPS, Plan

AAC_FRAME = 1024  # samples
PEAK = 0.84  # -1.5 dB full scale: AAC overshoots what it was given by about that much
# The limiter looks 5 ms ahead, and gives out what it heard that much later (but for one sample).
LIMITER_DELAY = SAMPLE_RATE * 5 // 1000 - 1
# Samples a second by which a sound whose clock is wrong is stretched or squeezed, at most.
MOST_STRETCH = 4000

# The arrangements whose channels the mixer knows a place for. For any other it gives up the film.
_PLACED = frozenset(
    [
        "mono",
        "stereo",
        "downmix",
        "2.1",
        "3.0",
        "3.0(back)",
        "4.0",
        "quad",
        "quad(side)",
        "3.1",
        "5.0",
        "5.0(side)",
        "4.1",
        "5.1",
        "5.1(side)",
        "6.0",
        "6.0(front)",
        "hexagonal",
        "6.1",
        "6.1(back)",
        "6.1(front)",
        "7.0",
        "7.0(front)",
        "7.1",
        "7.1(wide)",
        "7.1(wide-side)",
        "octagonal",
    ]
)


Filter = tuple[str, dict[str, str]]


def _pan(left: str, right: str) -> Filter:
    # Each part as loud as it is: what is silent takes nothing from the others. Samples that are
    # fractions may go beyond full scale on the way; the gain and the limiter come after.
    return "pan", {"args": f"stereo|c0={left}|c1={right}"}


_MENDED = {
    Stereo.LEFT_ALONE: _pan("c0", "c0"),
    Stereo.RIGHT_ALONE: _pan("c1", "c1"),
    Stereo.OPPOSITE: _pan("c0", "-1*c1"),
}


def placed(sound: Sound) -> list[Filter]:
    """The filters that give each channel one of two ears, where the mixer cannot."""
    n = sound.channels
    if not n or sound.layout in _PLACED:
        return []
    if n <= 2:  # noqa: PLR2004 (one for each ear, or one for both)
        return [("channelmap", {"map": f"0|{n - 1}", "channel_layout": "stereo"})]
    # By number alone from here on: the mixer needs no names that it might not know.
    fractions = ("aformat", {"sample_fmts": "fltp"})
    numbers = "|".join(str(number) for number in range(n))
    numbered = ("channelmap", {"map": numbers, "channel_layout": f"{n}C"})
    if sound.layout.startswith("ambisonic"):
        # Everything, and how far to the left (ACN 0 and 1, RFC 8486): two crossed microphones.
        return [fractions, numbered, _pan("c0+c1", "c0-c1")]
    everything = "+".join(f"c{number}" for number in range(n))
    return [fractions, numbered, _pan(everything, everything)]


def evened(plan: Plan, sound: Sound) -> list[str]:
    """The filters for the sound that is heard, from its packets' own times to the clip's."""
    end = seconds_text(plan.seconds)
    # Holes are filled, overlaps cut, and the beginning padded to zero. A clock that runs wrong all
    # the time is followed by stretching, not by a jump whenever it is off too far.
    follow = MOST_STRETCH if plan.drifts else 1
    return [
        f"asetpts=PTS-({plan.film.begins(sound):.6f})/TB",
        *(["atrim=start=0"] if plan.film.trim[0] else []),
        *map(filter_text, placed(sound)),
        f"aresample={SAMPLE_RATE}:async={follow}:first_pts=0",
        "aformat=sample_fmts=fltp:channel_layouts=stereo",
        *([filter_text(_MENDED[plan.stereo])] if plan.stereo in _MENDED else []),
        f"volume={plan.gain_db:.2f}dB",
        f"alimiter=limit={PEAK}:level=false",  # level: it would raise the volume by itself
        f"atrim=start_sample={LIMITER_DELAY}",
        "asetpts=N/SR/TB",
        "apad",  # silence until the picture ends
        f"atrim=end={end}",
        # AAC's own frames: a graph that is made anew must not leave half of one.
        f"asetnsamples={AAC_FRAME}:pad=0",
    ]


def filter_text(a_filter: Filter) -> str:
    name, arguments = a_filter
    return f"{name}={':'.join(f'{key}={value}' for key, value in arguments.items())}"


def encoded(film: Any, plan: Plan) -> tuple[Any, dict[str, Any]]:
    """The sound of an opened film, and how it is encoded."""
    encoder = {
        "c:a": "aac",
        "b:a": f"{SOUND_KBPS}k",
        "flags:a": "+bitexact",  # else its first packet names the encoder
        # AAC begins with one packet of warming up, before zero. Without it the sound starts at
        # zero like the picture, and no player has to know what an edit list is. A sound that
        # changes its kind on the way begins at zero again: what was heard before then is dropped
        # too (`ld(0)` is the end of what was kept).
        "bsf:a": r"noise=drop=if(lt(pts\,ld(0))\,1\,0*st(0\,pts+1))",
    }
    if plan.sound is None:
        silence = ffmpeg.input(f"anullsrc=r={SAMPLE_RATE}:cl=stereo", f="lavfi")
        return silence.filter("atrim", end=seconds_text(plan.seconds)), encoder
    # A graph of its own: where the picture's must restart, the sound's must not.
    chain = ",".join(evened(plan, plan.sound))
    return film[str(plan.sound.index)], {**encoder, "filter:a": chain}
