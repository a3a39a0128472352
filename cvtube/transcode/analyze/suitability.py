"""What cannot become a clip, one small rule each, and in which formats a film cannot be read. Pure.

The limits keep one film from costing what a hundred should: everything here is known before
the first frame is decoded. Only decoders that cameras and phones of today give work to are ever
opened (`toolchain.inputs`): each code below names a format, and what to do instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cvtube.errors import Refused
from cvtube.toolchain.inputs import MAX_PIXELS
from cvtube.transcode.analyze.media import Film

_NAMED = {
    "film_format_vvc": ("vvc",),
    "film_format_apv": ("apv",),
    "film_format_prores_raw": ("prores_raw",),
    "film_format_dnxhd": ("dnxhd",),
    "film_format_cineform": ("cfhd",),
    "film_format_windows_media": (
        "wmv1", "wmv2", "wmv3", "wmv3image", "vc1", "vc1image", "msmpeg4v1",
    ),
    "film_format_realvideo": ("rv10", "rv20", "rv30", "rv40", "rv60"),
    "film_format_flash": ("flv1", "flashsv", "flashsv2", "vp6", "vp6a", "vp6f"),
    "film_format_sorenson": ("svq1", "svq3"),
    "film_format_indeo": ("indeo2", "indeo3", "indeo4", "indeo5"),
    "film_format_cinepak": ("cinepak",),
    "film_format_animation": ("qtrle", "rpza", "smc", "8bps"),
    "film_format_png": ("png", "apng"),
    "film_format_gif": ("gif",),
    "film_format_jpeg2000": ("jpeg2000",),
    "film_format_screen": (
        "tscc", "tscc2", "zmbv", "mss1", "mss2", "g2m", "tdsc", "scpr", "mscc", "rscc",
        "screenpresso",
    ),
    "film_format_uncompressed": (
        "rawvideo", "v210", "v210x", "v308", "v408", "v410", "r210", "r10k", "yuv4", "ayuv",
        "wrapped_avframe",
    ),
    "film_format_lossless": (
        "ffv1", "huffyuv", "ffvhuff", "hymt", "utvideo", "magicyuv", "lagarith", "sheervideo",
        "ljpeg", "jpegls", "asv1", "asv2", "snow",
    ),
}  # fmt: skip
_CODES = {codec: code for code, codecs in _NAMED.items() for codec in codecs}


def unreadable_code(codec: str) -> str:
    """The code for a picture in this format, by ffmpeg's name of it."""
    return _CODES.get(codec, "film_unknown_codec")


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
