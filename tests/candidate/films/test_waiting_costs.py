"""Asking how long a film waits costs the same, whatever waits beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, insert

from cvtube.candidate.films.progress import progress_of
from cvtube.jobs.enqueue import enqueue
from cvtube.jobs.kinds import TRANSCODE
from cvtube.jobs.models import Job, JobState
from cvtube.videos import lifecycle
from tests import factories


@pytest.fixture
def film(runtime, now):
    with runtime.transaction() as session:
        session.info["cvtube_notifier"] = factories.SilentNotifier()
        ada = factories.make_user(session, now)
        video = factories.make_video(session, ada, now)
        clip = lifecycle.start_clip(session, video.chapters[0], now, actor=ada)
        lifecycle.complete_upload(session, clip.id, 1, now)
        return video.id, ada


def wait(runtime, now, count):
    """So many jobs of others come first; one was done, so that something is measured."""
    with runtime.transaction() as session:
        session.info["cvtube_notifier"] = factories.SilentNotifier()
        enqueue(session, TRANSCODE, "measured", now - timedelta(hours=3))
        rows = [
            {
                "target_id": f"clip-{count}-{number}", "kind": TRANSCODE.name, "priority": 20,
                "owner_id": f"owner-{number % 7}", "state": JobState.WAITING, "attempt": 0,
                "tries": 0, "progress": 0, "queued_at": now - timedelta(hours=1),
            }
            for number in range(count)
        ]  # fmt: skip
        session.execute(insert(Job), rows)


def cost(runtime, film, now):
    """Statements, and rows that come back, of one look."""
    video_id, ada = film
    statements, rows = [], []

    def counted(_connection, cursor, statement, *_more):
        statements.append(statement)
        rows.append(cursor.rowcount)  # PostgreSQL tells it before they are fetched

    event.listen(runtime.engine, "after_cursor_execute", counted)
    with runtime.reading() as session:
        progress = progress_of(session, video_id, ada, now)
    event.remove(runtime.engine, "after_cursor_execute", counted)
    return len(statements), sum(rows), progress


def test_the_pulse_of_a_waiting_film_costs_the_same_for_10_and_for_1000(runtime, film, now):
    wait(runtime, now, 10)
    few = cost(runtime, film, now)
    wait(runtime, now, 990)
    many = cost(runtime, film, now)
    assert few[:2] == many[:2]
    assert many[2].forecast.others_first
