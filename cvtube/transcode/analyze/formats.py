"""The formats in which a film cannot be read here, so that its owner is told which it is.

Only decoders that cameras and phones of today give work to are ever opened (`ffmpeg.source`).
Each code here names a format, and what to do instead; for the rest there is one sentence.
"""

from __future__ import annotations

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


def refusal(codec: str) -> str:
    """The code for a picture in this format, by ffmpeg's name of it."""
    return _CODES.get(codec, "film_unknown_codec")
