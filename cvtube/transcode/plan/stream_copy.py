"""When what was sent may be shown as it is: no better picture costs less than none made.

Proved by its packets, without decoding any: each rule names one way in which a copy looks right
in a file and plays wrong in a browser. A film that breaks one is encoded like any other.

What is safe to play is its owner's first look. It stays as a rendition of the clip if it also
fits: as large as the rung, cut where the others are cut, and not much heavier.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from cvtube.transcode.analyze.media import Light, Packets, Turn
from cvtube.transcode.package.hls import Track
from cvtube.transcode.package.verify import SAME_INSTANT
from cvtube.transcode.plan.ladder import GOP_S, H264_TOP, SEGMENT_S, Plan, Rendition
from cvtube.videos.containers import Container

PROFILES = frozenset({"Constrained Baseline", "Main", "High"})
LONGEST_WAIT_S = 10  # from one key frame to the next; seeking waits for one
STRAYS = 0.3  # frames that a frame may lie beside its tick: phones swing around what they promise
HEAVIER = 1.5  # times the rung's highest bit rate; more is not worth the encoding saved

_COMPLAINT = re.compile(r"\bh264 @")  # as in "[h264 @ 0x55] error while decoding MB 3 7"

Rule = Callable[[Plan, Packets], bool]


def safe(plan: Plan) -> bool:
    """Whether browsers play the picture's packets as they are."""
    packets = plan.film.packets
    return packets is not None and not any(broken(plan, packets) for broken in HAZARDS.values())


def as_rendition(plan: Plan) -> Rendition:
    """What was sent, as a step of the ladder: the rung it stands on, or one of its own."""
    picture = plan.film.picture
    for rendition in plan.plain:
        if rendition.size == (picture.width, picture.height):
            return rendition
    rung = replace(H264_TOP, side=min(picture.width, picture.height))
    return Rendition(rung, picture.width, picture.height)


def fits(plan: Plan, copied: Rendition, made: Track) -> bool:
    """Whether the copy may stay, as a rendition among the others."""
    packets = plan.film.packets
    segment = SEGMENT_S // GOP_S * plan.gop / plan.rate
    return (
        packets is not None
        and copied in plan.renditions
        and plan.film.picture.level <= int(copied.rung.level.replace(".", ""))
        and made.size * 8 <= HEAVIER * copied.rung.max_kbps * 1000 * plan.seconds
        # Others have key frames here, and players change over at them. Here alone: each is a tile
        # of the storyboard.
        and set(range(0, plan.frames, plan.gop)) == _key_positions(plan, packets)
        and all(abs(cut - segment) < SAME_INSTANT for cut, _offset, _size in made.segments[:-1])
    )


def is_damaged(errors: str) -> bool:
    """Whether its decoder complained: the encoders smooth over what a browser stops at."""
    return _COMPLAINT.search(errors) is not None


# -- hazards: whether the film has them ---------------------------------------------------------


def _another_codec(plan: Plan, _packets: Packets) -> bool:
    film = plan.film
    return film.picture.codec != "h264" or film.container is not Container.MP4


def _trimmed(plan: Plan, _packets: Packets) -> bool:
    return plan.film.trim != (0.0, None)  # a cut can lie anywhere, a copy begins at key frames


def _another_profile(plan: Plan, _packets: Packets) -> bool:
    return plan.film.picture.profile not in PROFILES


def _many_bits_a_pixel(plan: Plan, _packets: Packets) -> bool:
    return plan.film.picture.pixels != "yuv420p"  # 10 bit, full range, 4:2:2


def _another_light(plan: Plan, _packets: Packets) -> bool:
    picture = plan.film.picture
    return picture.light is not Light.SDR or picture.matrix != "bt709"


def _interlaced(plan: Plan, _packets: Packets) -> bool:
    return not plan.film.picture.progressive


def _not_upright(plan: Plan, _packets: Packets) -> bool:
    return plan.film.picture.turn is not Turn.NONE


def _no_square_pixels(plan: Plan, _packets: Packets) -> bool:
    return plan.film.picture.pixel_shape != 1


def _cropped(plan: Plan, _packets: Packets) -> bool:
    return plan.film.picture.cropped  # in our file nothing would say so


def _too_large(plan: Plan, _packets: Packets) -> bool:
    long, short = H264_TOP.box
    sides = plan.film.picture.width, plan.film.picture.height
    return max(sides) > long or min(sides) > short or any(side % 2 for side in sides)


def _changes_on_the_way(_plan: Plan, packets: Packets) -> bool:
    return packets.new_parameters


def _begins_elsewhere(plan: Plan, packets: Packets) -> bool:
    """An edit list hides what is before its beginning; the sound begins before the picture."""
    return packets.hidden or plan.film.begins(plan.sound) != plan.film.picture.span.start


def _uneven(plan: Plan, packets: Packets) -> bool:
    """Each tick has exactly one frame, and none lies far beside it."""
    ticks = [_ticks(plan, start) for start in packets.starts]
    positions = sorted(round(tick) for tick in ticks)
    near = all(abs(tick - round(tick)) <= STRAYS for tick in ticks)
    return not near or positions != list(range(plan.frames))


def _no_key_for_long(plan: Plan, packets: Packets) -> bool:
    keys = sorted(_key_positions(plan, packets))
    ends = [*keys[1:], plan.frames]
    return keys[:1] != [0] or any(
        end - key > LONGEST_WAIT_S * plan.rate for key, end in zip(keys, ends, strict=True)
    )


def _open(_plan: Plan, packets: Packets) -> bool:
    """A frame that comes after a key frame and is shown before it leans on what was before."""
    latest_key = -1.0
    for start, key in zip(packets.starts, packets.keys, strict=True):
        if start < latest_key:
            return True
        latest_key = start if key else latest_key
    return False


HAZARDS: dict[str, Rule] = {
    "codec": _another_codec,
    "trimmed": _trimmed,
    "profile": _another_profile,
    "pixels": _many_bits_a_pixel,
    "light": _another_light,
    "interlaced": _interlaced,
    "turned": _not_upright,
    "pixel shape": _no_square_pixels,
    "cropped": _cropped,
    "size": _too_large,
    "new parameters": _changes_on_the_way,
    "beginning": _begins_elsewhere,
    "rate": _uneven,
    "key frames": _no_key_for_long,
    "open groups": _open,
}


def _ticks(plan: Plan, start: float) -> float:
    return float((start - plan.film.picture.span.start) * plan.rate)


def _key_positions(plan: Plan, packets: Packets) -> set[int]:
    pairs = zip(packets.starts, packets.keys, strict=True)
    return {round(_ticks(plan, start)) for start, key in pairs if key}
