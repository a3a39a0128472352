"""One town for all stories of a process, and films to send in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cvtube.settings import load
from cvtube.toolchain import selection
from tests.journeys.town import Town, Visitors
from tests.transcode.kitchen import AAC, X264, Kitchen, scene, tone


@pytest.fixture(scope="session")
def town(chromium, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    made = Town(tmp_path_factory.mktemp("town") / "home", chromium)
    yield made
    made.stop()


@pytest.fixture
def visitors(town: Town) -> Iterator[Visitors]:
    with town.visitors() as found:
        yield found


@pytest.fixture(scope="session")
def kitchen(tmp_path_factory: pytest.TempPathFactory) -> Kitchen:
    found = selection.find(load(home=tmp_path_factory.mktemp("no-home")))
    return Kitchen(tmp_path_factory.mktemp("kitchen"), found.ffmpeg.path)


@pytest.fixture(scope="session")
def long_film(kitchen: Kitchen, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Long enough to be interrupted in the middle of its encoding."""
    path = tmp_path_factory.mktemp("films") / "long.mp4"
    kitchen.ff(*scene(1280, 720, seconds=8), *tone(8), *X264, *AAC, path)
    return path


@pytest.fixture(scope="session")
def heavy_film(kitchen: Kitchen, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some megabytes, and not many seconds."""
    path = tmp_path_factory.mktemp("films") / "heavy.mp4"
    noise = ("-vf", "noise=alls=60:allf=t", "-crf", "14")
    kitchen.ff(*scene(seconds=2), *tone(2), *X264, *noise, *AAC, path)
    return path
