"""A candidate with a film, a real server, and a real Chromium whose camera is a test picture."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext

from cvtube.videos import lifecycle
from tests.browse.conftest import clips  # noqa: F401 (fixture)
from tests.browser import PHONE, log_in, open_context
from tests.candidate.record.filming import Filming
from tests.upload.conftest import (  # noqa: F401 (fixtures)
    live,
    live_home,
    live_servers,
    settings,
    wire,
)


@pytest.fixture
def chapter(people, runtime, now):
    """Ada's film has one chapter."""
    with runtime.transaction() as session:
        ada = session.merge(people.ada)
        video = lifecycle.start_video(session, ada, now, chapter_titles=["Bonjour"])
        return video.chapters[0]


@pytest.fixture
def ada_context(chromium, live, people, wire) -> Iterator[BrowserContext]:  # noqa: F811
    context = open_context(chromium, viewport=PHONE, permissions=["camera", "microphone"])
    log_in(context, people, "ada", wire.url)
    yield context
    context.close()


@pytest.fixture
def filming(ada_context, runtime, wire, chapter) -> Filming:  # noqa: F811
    return Filming(ada_context, runtime, wire, chapter)
