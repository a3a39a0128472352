"""From a film to what is made of it: sizes, rates and the numbers of each encoder. Pure.

A rung is named by its encoding and the short side of its picture, so that portrait and
landscape are equals. Its name is the same for all clips of a film, and with it codec, profile
and level: players switch between clips without a new decoder. A clip has a rung only where it
adds something over the one below, and never more pixels than were sent.

H.264 is for every player, AV1 for those that can: the same picture in half the bits. A player
keeps to one of the two, so each is a whole ladder.

The numbers come from measurements on talking heads (VMAF against bits and CPU seconds,
docs/decisions/0041-av1-beside-h264.md, 0042-what-the-encoders-leave-out.md,
0132-bits-for-edges-not-for-noise.md, 0133-one-step-less-for-webcams.md).
"""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cvtube.transcode.analyze.media import Film, Picture, Sound, Stereo

GOP_S = 2  # a seek lands at most this far off; one storyboard tile each. Costs 5 % of the bits
SEGMENT_S = 4

FASTEST = 30.5  # above it half of the frames (or two thirds, …) is left out
SLOWEST = 10  # below it frames are repeated, which costs next to nothing
USUAL_RATES = (12, 15, 20, 24, 25, 30)
NEARLY = 0.015  # browsers round times to milliseconds, phones swing around what they promise
# Television's rates are a thousandth slower; only files that mean them say so that exactly.
TELEVISION_RATES = (Fraction(24000, 1001), Fraction(30000, 1001))
EXACTLY = 0.0002

WORTH_A_RUNG = 1.2  # times the side of the rung below
WIDEST = Fraction(16, 9)  # wider pictures keep their shape and fit into the rung's width

SAMPLE_RATE = 48_000
SOUND_KBPS = 64  # one voice: beside small pictures, every kilobit counts


class Encoding(enum.StrEnum):
    """How a picture is written down; part of a rung's name."""

    H264 = "h264"
    AV1 = "av1"


@dataclass(frozen=True)
class Rung:
    """One step of the ladder, and what the encoder is told for it."""

    encoding: Encoding
    side: int  # short side, pixels
    crf: int  # on the encoding's own scale
    max_kbps: int
    level: str  # the encoding's smallest that holds 16:9 at 30 frames a second
    preset: str

    @property
    def box(self) -> tuple[int, int]:
        """Long and short side of the largest picture on this rung."""
        return _even(self.side * WIDEST), self.side


# One more with each change that is worth making films again for (`cvtube transcode again`).
VERSION = 6

H264 = (
    Rung(Encoding.H264, 360, crf=26, max_kbps=300, level="3.0", preset="veryfast"),
    Rung(Encoding.H264, 720, crf=26, max_kbps=700, level="3.1", preset="veryfast"),
)
# Only where no AV1 can be made: there 1080 lines cost less than this, for a third of the bits.
H264_TOP = Rung(Encoding.H264, 1080, crf=24, max_kbps=5000, level="4.0", preset="veryfast")
AV1 = (
    Rung(Encoding.AV1, 240, crf=40, max_kbps=95, level="2.0", preset="11"),
    Rung(Encoding.AV1, 360, crf=40, max_kbps=230, level="2.1", preset="11"),
    Rung(Encoding.AV1, 540, crf=33, max_kbps=720, level="3.0", preset="11"),
    Rung(Encoding.AV1, 1080, crf=35, max_kbps=1250, level="4.0", preset="9"),
)
# A picture of 720 lines is shown as large as one of 1080: its fewer pixels are written finer, by
# the next quicker preset. From there down to 240 lines one step in the middle is enough
# (docs/decisions/0133-one-step-less-for-webcams.md).
AV1_FOR_720 = (
    AV1[0],
    Rung(Encoding.AV1, 432, crf=35, max_kbps=285, level="3.0", preset="11"),
    replace(AV1[-1], crf=27, max_kbps=1000, preset="10"),
)
ABOUT_720 = (0.5, 0.8)  # how long their sides are, as a part of the largest rung's


@dataclass(frozen=True)
class Rendition:
    """One picture stream to make."""

    rung: Rung
    width: int
    height: int

    @property
    def name(self) -> str:
        return f"{self.rung.encoding}-{self.rung.side}"

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height


@dataclass(frozen=True)
class Plan:
    """Everything to make of one clip."""

    film: Film
    renditions: tuple[Rendition, ...]  # largest first: each is scaled from the one before
    rate: Fraction  # frames per second
    frames: int
    sound: Sound | None  # None: silence, since all clips of a film need a sound track
    gain_db: float
    stereo: Stereo = Stereo.USUAL
    drifts: bool = False  # the sound's clock runs too fast, or too slowly

    @property
    def plain(self) -> list[Rendition]:
        """Those every player and every tool can read, largest first."""
        return [r for r in self.renditions if r.rung.encoding is Encoding.H264]

    @property
    def seconds(self) -> Fraction:
        """How long picture and sound both are: a whole number of frames."""
        return self.frames / self.rate

    @property
    def gop(self) -> int:
        """Frames from one key frame to the next."""
        return round(GOP_S * self.rate)

    @property
    def key_frames(self) -> int:
        return math.ceil(self.frames / self.gop)


def plan(
    film: Film,
    sound: Sound | None,
    gain_db: float,
    stereo: Stereo = Stereo.USUAL,
    drifts: bool = False,
    *,
    av1: bool = False,
) -> Plan:
    """What to make of the film when this is what is heard, with or without AV1."""
    rate = frame_rate(film.picture.span.gap)
    # The sound's last packet mostly ends a little after the last frame. What reaches less than
    # a quarter into one more frame (8 ms) is rounding, what reaches further gets its frame.
    frames = max(1, math.ceil(film.lasts(sound) * rate - 0.25))
    return Plan(
        film, renditions(film.picture, av1=av1), rate, frames, sound, gain_db, stereo, drifts
    )


def frame_rate(gap: float) -> Fraction:
    """A constant rate for frames that usually come this many seconds after each other."""
    rate = 1 / gap
    rate = max(rate / math.ceil(rate / FASTEST), SLOWEST)
    for known in TELEVISION_RATES:
        if abs(rate / known - 1) <= EXACTLY:
            return known
    nearest = min(USUAL_RATES, key=lambda known: abs(known - rate))
    return Fraction(nearest if abs(rate / nearest - 1) <= NEARLY else round(rate))


def renditions(picture: Picture, *, av1: bool = False) -> tuple[Rendition, ...]:
    """The rungs that are worth it for this picture, largest first."""
    chosen = _worth_it(picture, H264 if av1 else (*H264, H264_TOP))
    if av1:
        least, most = ABOUT_720
        about_720 = least < _fills(picture, AV1[-1]) <= most
        chosen += _worth_it(picture, AV1_FOR_720 if about_720 else AV1)
    # Of two encodings of one size the cheaper for the network comes first.
    return tuple(sorted(chosen, key=lambda r: (-r.width * r.height, -r.rung.side, r.rung.encoding)))


def needless(renditions: Sequence[Rendition], peaks: Mapping[str, float]) -> str | None:
    """The one that turned out to add nothing, by all renditions' peak bit rates in kb/s.

    Of a calm picture the second smallest AV1 rendition can be as light as the smallest may be:
    whoever can take the smallest takes that one, and sees more. Larger ones do not go, since small
    decoders have to keep up; nor do H.264's, which the smallest are for.
    """
    av1 = [r for r in renditions if r.rung.encoding is Encoding.AV1]  # largest first
    if len(av1) > 1 and peaks[av1[-2].name] <= av1[-1].rung.max_kbps:
        return av1[-1].name
    return None


def _fills(picture: Picture, rung: Rung) -> float:
    """How much of the rung's box the picture takes; above 1 it must be made smaller."""
    return max(max(picture.upright) / rung.box[0], min(picture.upright) / rung.box[1])


def _worth_it(picture: Picture, ladder: tuple[Rung, ...]) -> list[Rendition]:
    width, height = picture.upright
    chosen: list[Rendition] = []
    last = 0.0
    for rung in ladder:
        scale = min(1.0, 1 / _fills(picture, rung))
        if not last or scale >= last * WORTH_A_RUNG:
            chosen.append(Rendition(rung, _scaled(width, scale), _scaled(height, scale)))
            last = scale
    return chosen


def _scaled(side: float, scale: float) -> int:
    """An even number, since chroma is stored for two by two pixels; never more than was sent."""
    return max(2, min(_even(side * scale), int(side) // 2 * 2))


def _even(side: float | Fraction) -> int:
    return 2 * round(side / 2)
