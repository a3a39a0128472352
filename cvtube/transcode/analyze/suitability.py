"""What cannot become a clip, one small rule each. Pure.

The limits keep one film from costing what a hundred should: everything here is known before
the first frame is decoded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cvtube.errors import Refused
from cvtube.toolchain.inputs import MAX_PIXELS
from cvtube.transcode.analyze.media import Film

SMALLEST_SIDE = 64  # pixels; nobody is recognisable on less
WIDEST = 4  # times as wide as high (or the other way round): beyond is no camera's picture
FASTEST = 300  # frames per second; phones record slow motion at 240
SHORTEST_S = 1
GRACE_S = 1  # a recorder that stops at the limit stops a little after it


@dataclass(frozen=True)
class SuitabilityLimits:
    """What the operator allows."""

    longest_s: int


Rule = Callable[[Film, SuitabilityLimits], bool]


def check(film: Film, terms: SuitabilityLimits) -> None:
    """Raises Refused with the first rule's code that the film breaks."""
    for code, broken in RULES.items():
        if broken(film, terms):
            raise Refused(code)


def _still(film: Film, _terms: SuitabilityLimits) -> bool:
    return film.picture.span.packets == 1


def _too_short(film: Film, _terms: SuitabilityLimits) -> bool:
    return _longest(film) < SHORTEST_S


def _too_long(film: Film, terms: SuitabilityLimits) -> bool:
    return _longest(film) > terms.longest_s + GRACE_S


def _too_many_pixels(film: Film, _terms: SuitabilityLimits) -> bool:
    return film.picture.width * film.picture.height > MAX_PIXELS


def _too_small(film: Film, _terms: SuitabilityLimits) -> bool:
    return min(film.picture.upright) < SMALLEST_SIDE


def _odd_shape(film: Film, _terms: SuitabilityLimits) -> bool:
    return max(film.picture.upright) > WIDEST * min(film.picture.upright)


def _too_fast(film: Film, _terms: SuitabilityLimits) -> bool:
    span = film.picture.span
    # Also on average: a file may hide a million frames between two usual gaps.
    return span.gap * FASTEST < 1 or span.packets > FASTEST * max(span.end - span.start, 1)


RULES: dict[str, Rule] = {
    "film_still_picture": _still,
    "film_too_short": _too_short,
    "film_too_long": _too_long,
    "film_too_many_pixels": _too_many_pixels,
    "film_too_small": _too_small,
    "film_odd_shape": _odd_shape,
    "film_too_fast": _too_fast,
}


def _longest(film: Film) -> float:
    return max(film.lasts(sound) for sound in (None, *film.sounds))
