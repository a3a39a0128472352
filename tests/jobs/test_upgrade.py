"""From leases in five tables to one table of jobs, half-way through everything, and back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.util import CommandError
from sqlalchemy import column, exists, inspect, make_url, select, update
from sqlalchemy import table as sql_table

from cvtube.cli.database import alembic_config, upgrade_schema
from cvtube.db.session import open_engine
from cvtube.jobs import claiming, reconciling
from cvtube.jobs.kinds import DRAFT_CAPTIONS, EXPORT, REENCODE, SEND_MAIL, TRANSCODE
from cvtube.jobs.kinds import RECURRING as RECURRING_KIND
from cvtube.jobs.models import OPEN, Job, JobState
from cvtube.jobs.recurring import ZONE, advance, latest_night
from cvtube.jobs.worker import run_next
from cvtube.queue.names import Queue
from cvtube.schedule import RECURRING
from cvtube.videos import exports, lifecycle
from cvtube.videos.models import Clip, OriginalChunk, Stage
from tests import factories
from tests.jobs import schema_0021

SECOND = timedelta(seconds=1)


@pytest.fixture
def before(empty_database, clock):
    """The old database, in use."""
    url = make_url(empty_database)
    if url.get_backend_name() == "sqlite":
        Path(url.database).parent.mkdir(exist_ok=True)
    command.upgrade(alembic_config(empty_database), "0021")
    engine = open_engine(empty_database)
    with engine.begin() as connection:
        schema_0021.fill(connection, clock())
    engine.dispose()
    return empty_database


@pytest.fixture
def engine(before):
    """The same, upgraded; the rest of the product works with it."""
    upgrade_schema(before)
    engine = open_engine(before)
    yield engine
    engine.dispose()


def jobs(runtime, kind):
    with runtime.reading() as session:
        found = session.scalars(select(Job).where(Job.kind == kind.name))
        return {job.target_id: job for job in found}


def test_every_clip_keeps_its_place_its_lease_and_its_number(runtime, clock):
    found = jobs(runtime, TRANSCODE)
    states = {name: job.state for name, job in found.items() if name in schema_0021.STAGES}
    assert states == {
        "uploaded": JobState.WAITING, "waits": JobState.WAITING,
        "transcoding": JobState.RUNNING, "dead": JobState.RUNNING,
        "ready": JobState.DONE, "failed": JobState.FAILED,
    }  # fmt: skip
    held = found["transcoding"]
    assert (held.attempt, held.tries, held.progress, held.worker) == (3, 1, 42, "mill:7")
    assert held.lease_until == clock() + 7 * SECOND
    assert found["waits"].not_before == clock() + 60 * SECOND
    assert found["failed"].error_code == "film_broken"
    assert {job.owner_id for job in found.values()} == {"ada"}
    assert {job.queued_at for job in found.values()} == {clock() - timedelta(hours=1)}


def test_orders_drafts_and_mails_go_on(runtime, clock):
    again, files = jobs(runtime, REENCODE), jobs(runtime, EXPORT)
    stored = {"waiting": JobState.WAITING, "working": JobState.RUNNING}
    for state, order in schema_0021.ORDERS.items():
        for job in (again[f"again-{state}"], files[f"export-{state}"]):
            assert job.state is stored.get(state, JobState(state) if state in OTHERS else None)
            assert (job.attempt, job.tries) == (order["attempt"], order["tries"])
    (draft,) = jobs(runtime, DRAFT_CAPTIONS).values()
    assert (draft.target_id, draft.state, draft.attempt) == ("captions-drafting", "running", 2)
    mails = {name: job.state for name, job in jobs(runtime, SEND_MAIL).items()}
    assert mails == {
        "mail-new": JobState.WAITING, "mail-tried": JobState.WAITING,
        "mail-given-up": JobState.FAILED,
    }  # fmt: skip


OTHERS = {"done", "failed"}


def test_who_holds_a_lease_keeps_it_and_whoever_is_dead_loses_it(runtime, clock):
    reconciling.reconcile()
    found = jobs(runtime, TRANSCODE)
    assert found["transcoding"].state is JobState.RUNNING
    assert found["dead"].state is JobState.WAITING
    with runtime.transaction() as session:
        held = claiming.claim(
            session, TRANSCODE, "dead", clock(), lease=factories.LEASE, max_tries=4
        )
        assert (held.attempt, held.tries) == (2, 2)
        assert session.get_one(Clip, "dead").attempt == 2


def test_a_worker_finishes_everything(runtime, clock):
    """One that makes nothing of bytes: what was made is there at once."""
    with runtime.transaction() as session:
        for clip_id in session.scalars(select(Clip.id)):
            session.add(OriginalChunk(key=f"k{clip_id}", clip_id=clip_id, start=0, size=1))
    clock.advance(minutes=2)
    reconciling.reconcile()
    clock.advance(minutes=2)
    done = []
    many = runtime.settings.model_copy(update={"reencodes_at_once": 9})
    while True:
        with runtime.transaction() as session:
            held = claiming.claim_next(session, Queue.TRANSCODE, clock(), many)
            if held is None:
                break
            assert _finish(session, held, clock())
            done.append((held.kind.name, held.target_id))
    assert sorted(done) == [
        ("export", "export-waiting"), ("export", "export-working"),
        ("reencode", "again-waiting"), ("reencode", "again-working"),
        ("transcode", "dead"), ("transcode", "transcoding"), ("transcode", "uploaded"),
        ("transcode", "waits"),
    ]  # fmt: skip
    for _ in range(3):
        run_next(Queue.GENERAL)
    clock.advance(minutes=10)
    reconciling.reconcile()
    with runtime.reading() as session:
        left = session.scalars(select(Job).where(Job.state.in_(OPEN))).all()
        assert [job.kind for job in left] == ["draft_captions"]  # its film's owner never agreed
        stages = {clip.id: clip.stage for clip in session.scalars(select(Clip))}
    assert {name for name, stage in stages.items() if stage is not Stage.READY} == {
        "uploading", "kept", "failed",
    }  # fmt: skip


def _finish(session, held, now):
    if held.kind is EXPORT:
        return exports.finish_export(session, held, 4, now)
    made = lifecycle.Made(1000, 640, 360, factories.make_assets(held, 1000))
    if held.kind is TRANSCODE:
        return lifecycle.finish_transcode(session, held, made, now)
    return lifecycle.finish_reencode(session, held, made, now, grace=SECOND)


WAS = ("clip", "reencode", "film_file", "caption_track", "mail", "periodic_run")
# Not worth keeping: whoever had claimed a night begins it anew.
LOST = "claimed_until"


def rows(url):
    engine = open_engine(url)
    with engine.connect() as connection:
        columns = {
            table: sorted({one["name"] for one in inspect(connection).get_columns(table)} - {LOST})
            for table in WAS
        }
        found = {
            table: sorted(
                map(
                    str,
                    connection.execute(select(*map(column, names)).select_from(sql_table(table))),
                )
            )
            for table, names in columns.items()
        }
    engine.dispose()
    return found


def test_going_back_at_once_gives_back_every_row_as_it_was(before):
    stored = rows(before)
    upgrade_schema(before)
    command.downgrade(alembic_config(before), "0021")
    assert rows(before) == stored


def test_going_back_refuses_to_lose_work_that_the_older_version_does_not_know(before):
    upgrade_schema(before)
    engine = open_engine(before)
    with engine.begin() as connection:
        connection.execute(
            update(Job).where(Job.target_id == "uploaded").values(kind="of_a_newer_version")
        )
    with pytest.raises(CommandError, match="1 jobs of the kind of_a_newer_version would be lost"):
        command.downgrade(alembic_config(before), "0021")
    with engine.connect() as connection:
        assert "job" in inspect(connection).get_table_names()
    engine.dispose()


NIGHT = next(task for task in RECURRING if task.path == schema_0021.NIGHTLY)


@pytest.mark.parametrize(("ago", "due"), [(timedelta(days=2), True), (timedelta(hours=1), False)])
def test_a_night_that_a_clock_had_claimed_is_done_and_one_that_was_done_is_not(
    before, request, clock, ago, due
):
    engine = open_engine(before)
    with engine.begin() as connection:
        schema_0021.set_night(connection, clock() - ago)
    engine.dispose()
    runtime = request.getfixturevalue("runtime")
    NIGHT.look(runtime)
    (job,) = jobs(runtime, RECURRING_KIND).values()
    assert (job.target_id, job.state) == (NIGHT.name, "waiting" if due else "done")
    if due:
        for _ in range(3):  # after both mails
            run_next(Queue.GENERAL)
        (job,) = jobs(runtime, RECURRING_KIND).values()
        assert job.state is JobState.DONE


def test_the_walk_through_the_storage_goes_on_where_it_was(runtime, clock):
    with runtime.transaction() as session:
        assert advance(session, schema_0021.SWEEP, clock()) == clock() - timedelta(hours=1)


def test_who_goes_back_while_a_night_waits_has_it_done_by_the_older_version(
    runtime, engine, before, clock
):
    for task in RECURRING:
        task.look(runtime)
    command.downgrade(alembic_config(before), "0023")
    with engine.connect() as connection:
        assert schema_0021.night(connection) < latest_night(clock(), ZONE, 3)
        assert not connection.scalar(select(exists().where(Job.kind == RECURRING_KIND.name)))
