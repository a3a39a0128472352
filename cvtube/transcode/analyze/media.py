"""What a film is made of, as far as encoding it well needs to know."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from cvtube.videos.containers import Container

# A picture that begins this much after the sound (seconds) begins the clip; nobody misses
# the sound. A later one is preceded by its own first frame, so that nothing said is lost.
LATE_PICTURE = 0.1
# A sound that outlasts the picture by less than this is the padding of its last packet.
LONG_SOUND = 0.05


class Light(enum.StrEnum):
    """How numbers in the picture stand for light."""

    SDR = "sdr"
    WIDE = "wide"  # standard range in BT.2020 colours
    HLG = "hlg"  # most phones' HDR
    PQ = "pq"  # HDR10, HDR10+


class Turn(enum.StrEnum):
    """What makes the picture upright: the eight ways to lay a rectangle onto itself."""

    NONE = "none"
    HALF = "half"
    MIRROR = "mirror"  # left and right change places, as in a front camera's picture
    FLIP = "flip"  # top and bottom do
    CLOCKWISE = "clock"
    COUNTERCLOCKWISE = "cclock"
    CLOCKWISE_FLIP = "clock_flip"
    COUNTERCLOCKWISE_FLIP = "cclock_flip"

    @property
    def swaps_sides(self) -> bool:
        """Whether width and height change places."""
        return self not in {Turn.NONE, Turn.HALF, Turn.MIRROR, Turn.FLIP}


class Stereo(enum.StrEnum):
    """What the two channels of a sound have to do with each other."""

    USUAL = "usual"
    LEFT_ALONE = "left"  # nothing to speak of is on the other one
    RIGHT_ALONE = "right"
    OPPOSITE = "opposite"  # one is the other turned over: together, as on a phone, they are silent


@dataclass(frozen=True)
class Span:
    """When a stream really begins and ends (seconds), by its packets, not by its header."""

    start: float
    end: float
    packets: int
    gap: float  # the usual distance between two neighbours in time
    held: float = 0.0  # how much longer its last packet claims to last


@dataclass(frozen=True)
class Packets:
    """A stream's packets in the order in which they are decoded."""

    starts: Sequence[float]  # when each is shown (seconds)
    keys: Sequence[int]  # 1: decoding can begin here
    hidden: bool  # some are never shown
    new_parameters: bool  # the decoder is set up anew on the way


@dataclass(frozen=True)
class Picture:
    """The stream that is looked at."""

    index: int
    codec: str
    width: int  # as coded: before `turn`, in pixels that may not be square
    height: int
    pixel_shape: Fraction  # width of a pixel to its height
    turn: Turn
    light: Light
    matrix: str  # how colours were made into luma and chroma, in the scaler's words
    interlaced: bool
    span: Span
    profile: str = ""
    level: int = 0  # of H.264, times ten
    pixels: str = ""  # ffmpeg's name of the pixel format
    progressive: bool = False  # said, not guessed
    cropped: bool = False  # the file has its players leave out something of what is coded

    @property
    def upright(self) -> tuple[float, float]:
        """Width and height as they are meant to be seen, in square pixels."""
        width, height = float(self.width * self.pixel_shape), float(self.height)
        return (height, width) if self.turn.swaps_sides else (width, height)


@dataclass(frozen=True)
class Sound:
    """A stream that may be heard."""

    index: int
    codec: str
    channels: int
    span: Span
    layout: str = ""  # ffmpeg's name for where the channels are heard


@dataclass(frozen=True)
class Film:
    """A file somebody sent, looked into."""

    container: Container
    picture: Picture
    sounds: tuple[Sound, ...]  # the default one first
    packets: Packets | None = None  # the picture's
    deep: bool = False  # a stream of it begins so late that it must be looked for longer
    # What its owner wants of it, in seconds from where it would begin; None: up to its end.
    trim: tuple[float, float | None] = (0.0, None)

    def begins(self, sound: Sound | None) -> float:
        """The instant at which the clip begins, if this is what is heard."""
        return self._opens(sound) + self.trim[0]

    def _opens(self, sound: Sound | None) -> float:
        picture = self.picture.span.start
        if sound is None or picture - sound.span.start <= LATE_PICTURE:
            return picture
        return sound.span.start

    def seconds_heard(self, sound: Sound) -> float:
        """Seconds of this sound that are in the clip."""
        begins = self.begins(sound)
        end = min(sound.span.end, begins + self.lasts(sound))
        return max(0.0, end - max(sound.span.start, begins))

    def lasts(self, sound: Sound | None) -> float:
        """Seconds from there to the last thing that is seen or heard."""
        end = self.picture.span.end
        if sound is not None and sound.span.end - end > LONG_SOUND:
            end = sound.span.end
        if self.trim[1] is not None:
            end = min(end, self._opens(sound) + self.trim[1])
        return end - self.begins(sound)
