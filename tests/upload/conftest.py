"""Somebody who sends films, and the really started server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from cvtube.settings import Settings
from tests.services import wait_for
from tests.upload.live import LiveServer
from tests.upload.tus import Tus
from tests.upload.wire import Wire


@pytest.fixture
def tus(people) -> Tus:
    """Ada, sending."""
    return Tus(people.client("ada"))


@pytest.fixture(scope="session")
def live_home(tmp_path_factory) -> Path:
    """One home for all tests with a live server: it takes seconds to start."""
    return tmp_path_factory.mktemp("live")


@pytest.fixture(scope="session")
def live_servers() -> Iterator[dict[str, LiveServer]]:
    """Those that were started, by the storage they work with."""
    started: dict[str, LiveServer] = {}
    yield started
    for server in started.values():
        server.kill()


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    if "live" not in request.fixturenames:
        return settings
    home = request.getfixturevalue("live_home")
    return settings.model_copy(update={"home": home, "storage_url": f"file://{home}/storage"})


@pytest.fixture
def live(settings, runtime, clock, live_servers, live_home) -> Iterator[LiveServer]:
    """A server of its own processes, on the test's database and storage, in real time."""
    clock.time = datetime.now(UTC)
    key = settings.storage_url
    if key not in live_servers:
        live_servers[key] = LiveServer(settings, live_home / "gunicorn.log")
    live_servers[key].start()
    yield live_servers[key]
    wait_for(lambda: assert_quiet(runtime))


def assert_quiet(runtime) -> None:
    """No request of the server is at work in the database, which is emptied next."""
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND state <> 'idle' AND pid <> pg_backend_pid()"
    )
    with runtime.reading() as session:
        assert session.scalar(others) == 0


@pytest.fixture
def wire(live) -> Iterator[Wire]:
    """The network between a browser and the live server."""
    made = Wire(live.port)
    yield made
    made.close()
