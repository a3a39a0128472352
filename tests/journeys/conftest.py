"""One site for all stories of a process, and films to send in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cvtube.settings import load
from cvtube.toolchain import selection
from tests.journeys.site_under_test import SiteUnderTest, Visitors
from tests.transcode.media_factory import AAC, X264, MediaFactory, scene, tone


@pytest.fixture(scope="session")
def site_under_test(chromium, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteUnderTest]:
    made = SiteUnderTest(tmp_path_factory.mktemp("site") / "home", chromium)
    yield made
    made.stop()


@pytest.fixture
def visitors(site_under_test: SiteUnderTest) -> Iterator[Visitors]:
    with site_under_test.visitors() as found:
        yield found


@pytest.fixture(scope="session")
def media_factory(tmp_path_factory: pytest.TempPathFactory) -> MediaFactory:
    found = selection.select_tools(load(home=tmp_path_factory.mktemp("no-home")))
    return MediaFactory(tmp_path_factory.mktemp("media_factory"), found.ffmpeg.path)


@pytest.fixture(scope="session")
def long_film(media_factory: MediaFactory, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Long enough to be interrupted in the middle of its encoding."""
    path = tmp_path_factory.mktemp("films") / "long.mp4"
    media_factory.ff(*scene(1280, 720, seconds=8), *tone(8), *X264, *AAC, path)
    return path


@pytest.fixture(scope="session")
def heavy_film(media_factory: MediaFactory, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some megabytes, and not many seconds."""
    path = tmp_path_factory.mktemp("films") / "heavy.mp4"
    noise = ("-vf", "noise=alls=60:allf=t", "-crf", "14")
    media_factory.ff(*scene(seconds=2), *tone(2), *X264, *noise, *AAC, path)
    return path
