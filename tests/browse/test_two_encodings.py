"""AV1 where the browser has it, H.264 where it has not: asked of a real Chromium."""

from __future__ import annotations

import shutil

import pytest

from tests.browse import media
from tests.browse.media import LANDSCAPE, PORTRAIT
from tests.browser import FILM, play, until

CODECS = f"[...new Set({FILM}.api.levels.map(level => level.videoCodec.slice(0, 4)))]"
CHOSEN = f"{FILM}.api.levels[{FILM}.api.currentLevel]?.videoCodec?.slice(0, 4)"
NO_AV1 = """
const real = MediaSource.isTypeSupported;
MediaSource.isTypeSupported = type => !type.includes("av01") && real.call(MediaSource, type);
"""


@pytest.fixture(scope="session")
def clips(clips, tmp_path_factory):
    """The same clips in both encodings."""
    folder = tmp_path_factory.mktemp("both")
    for name in (LANDSCAPE.name, PORTRAIT.name):
        shutil.copytree(clips[name], folder / name)
        media.add_av1(folder / name)
    return {name: folder / name for name in (LANDSCAPE.name, PORTRAIT.name)}


@pytest.fixture
def watch(open_as, shoot):
    """Two clips from two cameras, opened by a recruiter."""

    def visit(script=""):
        video = shoot(LANDSCAPE, PORTRAIT)
        page = open_as("rae", "/login")
        page.add_init_script(script)
        page.goto(f"/films/{video.id}")
        until(page, f"{FILM}?.readyState >= 1")
        return page

    return visit


def plays_over_the_joint(page, encoding):
    play(page)
    until(page, f"{FILM}.currentTime > 0.5")
    assert page.evaluate(CHOSEN) == encoding
    page.evaluate(f"{FILM}.currentTime = {LANDSCAPE.seconds - 1}")
    until(page, f"{FILM}.currentTime > {LANDSCAPE.seconds + 0.5} && !{FILM}.paused")
    assert page.evaluate(f"{FILM}.videoHeight > {FILM}.videoWidth")
    assert page.evaluate(CHOSEN) == encoding


def test_av1_is_chosen_and_plays_from_one_clip_into_the_next(watch):
    page = watch()
    assert set(page.evaluate(CODECS)) == {"av01"}  # one choice of size, not each size twice
    plays_over_the_joint(page, "av01")


def test_where_av1_is_refused_h264_plays(watch):
    page = watch(NO_AV1)
    assert page.evaluate(CODECS) == ["avc1"]
    plays_over_the_joint(page, "avc1")
