"""What cannot become a clip is refused with the right code, quickly, leaving nothing behind."""

from __future__ import annotations

import time

import pytest

from cvtube.errors import PROBLEMS
from cvtube.videos.models import Stage
from tests.transcode.conftest import spawned

UNKNOWN = (
    "empty.mp4", "text.mp4", "cv.pdf", "noise.mp4", "playlist.mp4", "concat.mp4", "manifest.mp4",
    "drawing.svg", "page.html", "session.sdp", "zeros.gz", "picture.png", "animated.gif",
)  # fmt: skip
BROKEN = (
    "playlist-in-a-box.mp4", "only-a-brand.mp4", "giant-atom.mp4", "nested-atoms.mp4",
    "matroska-of-nothing.webm", "packets-of-text.mts", "list-of-nothing.avi", "ogg-of-nothing.ogv",
    "packs-of-nothing.mpg",
    "no-index.mp4", "no-frame-inside.mp4",
)  # fmt: skip
MANY = ("forty-pictures.mkv", "forty-pictures.mp4", "forty-pictures.ts")
UNLIKE = (
    "two-kinds-joined.mp4", "matroska-behind-boxes.mp4", "boxes-behind-matroska.webm",
    "boxes-behind-packets.ts", "list-behind-boxes.mp4", "packs-behind-boxes.mp4",
    "joined-aac.avi",
)  # fmt: skip
REFUSED = {
    **dict.fromkeys(UNKNOWN, "film_unknown_format"),
    **dict.fromkeys(BROKEN, "film_broken"),
    "sound-only.mp4": "film_no_picture",
    "sound-with-cover.mp4": "film_no_picture",
    "one-frame.mp4": "film_still_picture",
    "blink.mp4": "film_too_short",
    "ten-hours.mp4": "film_too_long",
    "huge.avi": "film_too_many_pixels",
    "tiny.mp4": "film_too_small",
    "ribbon.mp4": "film_odd_shape",
    "thousand-frames-a-second.mp4": "film_too_fast",
    "ffv1.mkv": "film_format_lossless",
    "magicyuv.avi": "film_format_lossless",
    "animation.mov": "film_format_animation",
    "rare-sound.mkv": "film_unknown_sound",
    "aac-beside-cinemas.avi": "film_unknown_sound",
    "dolby-vision-5.mp4": "film_dolby_vision",
    **dict.fromkeys(UNLIKE, "film_joined"),
    **dict.fromkeys(MANY, "film_too_many_tracks"),
    "protected.mp4": "film_protected",
}
PATIENCE_S = 20  # with other tests beside it; alone each takes less than one


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_its_code(name, films, transcode):
    path = films(name)
    started = time.monotonic()
    sent = transcode(path)
    clip = sent.row()
    assert (clip.stage, clip.error_code) == (Stage.FAILED, REFUSED[name])
    assert time.monotonic() - started < PATIENCE_S
    assert sent.made_keys() == set()
    assert sent.left_in_scratch() == []
    assert spawned() == []
    (run,) = sent.runs()
    assert run.outcome == REFUSED[name]


def test_rubbish_behind_a_perfect_index_is_refused(films, transcode):
    """As damaged, or as of no codec we know: versions of ffmpeg see different things in it."""
    clip = transcode(films("rubbish-inside.mp4")).row()
    assert clip.stage is Stage.FAILED
    assert clip.error_code in {"film_broken", "film_unknown_codec", "film_unknown_sound"}


def test_every_code_has_words():
    assert set(REFUSED.values()) <= set(PROBLEMS)
