"""`cvtube reindex`."""

from __future__ import annotations

from datetime import UTC, datetime

from click.testing import CliRunner
from sqlalchemy import func, select

from cvtube import runtime as runtimes
from cvtube.browse.search.models import SearchEntry
from cvtube.cli import commands
from cvtube.videos import lifecycle
from tests import factories


def test_every_listed_film_gets_its_entry_anew(people, runtime, clock, monkeypatch):
    now = clock.time = datetime.now(UTC)  # the command has a clock of its own, and films expire
    with runtime.transaction() as session:
        video = factories.make_video(session, people.ada, now)
        factories.make_ready_clip(session, video.chapters[0], now, owner=people.ada)
        lifecycle.publish(session, video, now, actor=people.ada)
        lifecycle.approve(session, video, now, actor=people.ben)
    monkeypatch.delenv("CVTUBE_CONFIG", raising=False)
    for name in ("home", "database_url", "redis_url", "secret_key"):
        monkeypatch.setenv(f"CVTUBE_{name.upper()}", str(getattr(runtime.settings, name)))

    done = CliRunner().invoke(commands, ["reindex"])

    runtimes.install(runtime)
    assert done.exit_code == 0, done.output
    assert done.output.startswith("1 videos read")
    with runtime.reading() as session:
        assert session.scalar(select(func.count()).select_from(SearchEntry)) == 1
