"""Recurring tasks are jobs: due once a date, whenever the clock looks or the time of day jumps."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from cvtube import runtime as runtimes
from cvtube import schedule
from cvtube.jobs import claiming, leases, reconciling, worker
from cvtube.jobs.enqueue import enqueue
from cvtube.jobs.kinds import PURGE_VIDEO, RECURRING, TRANSCODE
from cvtube.jobs.models import Job, JobState
from cvtube.jobs.recurring import Every, Nightly, advance, latest_night
from cvtube.queue.names import WORKER_ROLES, Queue
from cvtube.schedule import LEASE, MOST_TRIES
from tests import factories

pytestmark = pytest.mark.both_databases

PARIS = ZoneInfo("Europe/Paris")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # 2 to 3 o'clock is left out, comes twice
TASK = Nightly(f"{__name__}.tidy_up")
OTHER = Nightly(f"{__name__}.tidy_elsewhere")
OFTEN = Every(f"{__name__}.look_around", minutes=10)
CALLS: list[datetime] = []


def tidy_up():
    CALLS.append(runtimes.current().now())


def tidy_elsewhere():
    CALLS.append(runtimes.current().now())


def look_around():
    CALLS.append(runtimes.current().now())


def utc(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


class Site:
    """A clock and a general worker, each of which acts when told to."""

    def __init__(self, runtime) -> None:
        self.runtime = runtime

    def look(self, task=TASK):
        """The clock looks. Whether the task waits or is being done then."""
        task.look(self.runtime)
        return self.job(task).state in {JobState.WAITING, JobState.RUNNING}

    def work(self):
        worker.run_next(Queue.GENERAL)

    def turn(self, task=TASK):
        if self.look(task):
            self.work()

    def job(self, task=TASK):
        with self.runtime.reading() as session:
            return session.get_one(Job, (task.name, RECURRING.name))

    def claim(self):
        with self.runtime.transaction() as session:
            now = self.runtime.now()
            return claiming.claim_next(session, Queue.GENERAL, now, self.runtime.settings)


@pytest.fixture
def runtime(runtime):
    """At an hour that is left out in spring and comes twice in autumn."""
    nights = runtime.settings.model_copy(update={"night_hour": 2})
    changed = replace(runtime, settings=nights)
    runtimes.install(changed)
    return changed


@pytest.fixture
def site(runtime, clock, monkeypatch):
    """A clock that met the tasks at noon of 2 November."""
    monkeypatch.setattr(schedule, "RECURRING", (TASK, OTHER, OFTEN))
    CALLS.clear()
    clock.time = utc(2, 12)
    made = Site(runtime)
    assert not made.look()
    return made


@pytest.mark.parametrize("around", [SPRING, AUTUMN, date(2026, 7, 1)])
@pytest.mark.parametrize("hour", [0, 1, 2, 3, 23])
def test_each_date_has_one_night_whatever_the_clocks_do(runtime, site, clock, around, hour):
    nights = runtime.settings.model_copy(update={"night_hour": hour})
    site.runtime = replace(runtime, settings=nights)
    clock.time = datetime(around.year, around.month, around.day, 12, tzinfo=UTC) - timedelta(days=2)
    site.turn(OTHER)
    for _ in range(4 * 24 * 4):  # every quarter of an hour of four days, hourly in daytime
        if not 4 <= clock().hour < 21 or clock().minute == 0:
            site.turn(OTHER)
        clock.advance(minutes=15)
    local = [call.astimezone(PARIS) for call in CALLS]
    assert [one.date() for one in local] == sorted({one.date() for one in local})
    assert len(local) == 4
    left_out = around == SPRING and hour == 2
    assert {one.hour for one in local} == ({2, 3} if left_out else {hour})
    assert {one.minute for one in local} == {0}


def test_a_clock_that_was_away_makes_up_for_the_night_once(site, clock):
    clock.time = utc(3, 14)  # nobody looked at 2 o'clock
    site.turn()
    assert not site.look()
    clock.time = utc(9, 14)  # nor for some nights
    site.turn()
    site.turn()
    assert [utc(3, 14), utc(9, 14)] == CALLS


def test_nights_without_a_worker_are_made_up_for_by_one_run(site, clock):
    clock.time = utc(3, 2)
    assert site.look()
    clock.time = utc(5, 9)
    assert site.look()  # it waits, and is not asked for twice
    site.work()
    assert not site.look()
    clock.time = utc(6, 2)
    assert site.look()
    assert [utc(5, 9)] == CALLS


def test_a_run_that_began_before_the_night_is_not_the_nights(site, clock):
    clock.time = utc(3, 2)
    site.look()
    clock.time = utc(4, 0, 59)
    held = site.claim()
    clock.time = utc(4, 2)
    assert site.look()  # still at it
    with site.runtime.transaction() as session:
        leases.end(session, held, JobState.DONE, clock())
    assert site.look()
    site.work()
    assert not site.look()
    assert [utc(4, 2)] == CALLS


def test_a_restart_does_not_repeat_the_night(site, clock, runtime):
    clock.time = utc(3, 2)
    site.turn()
    for minutes in (1, 30, 600):
        clock.advance(minutes=minutes)
        Site(replace(runtime)).turn()  # another process
    assert [utc(3, 2)] == CALLS


def test_of_two_clocks_at_once_one_enqueues_it(site, clock):
    clock.time = utc(3, 2)
    start = threading.Barrier(2)

    def look():
        start.wait()
        TASK.look(site.runtime)

    clocks = [threading.Thread(target=look) for _ in range(2)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()
    assert site.runtime.notifier.waiting(Queue.GENERAL) == 1
    site.work()
    site.work()
    assert [utc(3, 2)] == CALLS


def test_while_one_worker_is_at_it_no_other_is(site, clock):
    clock.time = utc(3, 2)
    site.look()
    assert site.claim().target_id == TASK.name
    site.turn()
    assert CALLS == []


def test_what_a_killed_worker_had_begun_is_done_by_the_next_one(site, clock):
    clock.time = utc(3, 2)
    site.look()
    site.claim()
    reconciling.reconcile()
    site.work()
    assert CALLS == []  # it might still be at it
    clock.time += LEASE
    reconciling.reconcile()
    clock.advance(minutes=1)
    site.work()
    assert [utc(3, 2, 11)] == CALLS


def test_a_run_that_failed_is_tried_again(site, clock, monkeypatch):
    def fail():
        raise LookupError

    clock.time = utc(3, 2)
    site.look()
    with monkeypatch.context() as broken:
        broken.setattr(f"{__name__}.tidy_up", fail)
        with pytest.raises(LookupError):
            site.work()
    clock.time += LEASE
    reconciling.reconcile()
    clock.advance(minutes=1)
    site.work()
    assert len(CALLS) == 1
    assert not site.look()


def test_a_night_that_was_given_up_is_followed_by_the_next_one(site, clock):
    clock.time = utc(3, 2)
    site.look()
    with site.runtime.transaction() as session:
        session.get_one(Job, (TASK.name, RECURRING.name)).tries = MOST_TRIES - 1
    site.claim()
    clock.time = utc(4, 1)
    reconciling.reconcile()
    assert site.job().state is JobState.FAILED
    assert site.look()
    assert site.job().tries == 0


def test_a_clock_that_was_set_ahead_and_back_misses_nothing(site, clock):
    clock.time = utc(20, 2)
    site.turn()
    clock.time = utc(3, 12)
    site.turn()
    clock.time = utc(4, 2)
    site.turn()
    assert [utc(20, 2), utc(4, 2)] == CALLS


def test_two_tasks_have_nights_of_their_own(site, clock):
    clock.time = utc(3, 2)
    site.turn()
    assert not site.look(OTHER)  # met for the first time: its night was none
    clock.time = utc(4, 2)
    site.turn(OTHER)
    assert [utc(3, 2), utc(4, 2)] == CALLS


def test_what_comes_every_so_often_comes_that_long_after_it_was_begun(site, clock):
    site.turn(OFTEN)
    for _ in range(60):
        clock.advance(minutes=1)
        site.turn(OFTEN)
    first = CALLS[0]
    assert first - utc(2, 12) == timedelta(minutes=10, seconds=60)
    assert {later - before for before, later in pairwise(CALLS)} == {timedelta(minutes=11)}


def test_a_task_of_another_version_is_left_to_its_workers(site, clock, monkeypatch):
    clock.time = utc(3, 2)
    site.look()
    with monkeypatch.context() as older:
        older.setattr(schedule, "RECURRING", (OTHER,))
        site.work()
    assert site.job().state is JobState.WAITING
    assert site.job().tries == 0
    clock.advance(minutes=1)
    site.work()
    assert [utc(3, 2, 1)] == CALLS


def test_neither_films_nor_deletions_hold_it_up(site, clock, runtime):
    clock.time = utc(3, 2)
    with runtime.transaction() as session:
        ada = factories.make_user(session, clock())
        for kind in (TRANSCODE, PURGE_VIDEO):
            for number in range(20):
                enqueue(session, kind, f"{kind.name}{number}", clock(), owner_id=ada.id)
    clock.advance(seconds=1)
    site.look()
    assert site.claim().target_id == TASK.name


def test_tasks_leave_the_other_workers_to_the_mails(site, clock):
    clock.time = utc(3, 2)
    site.look()
    site.look(OFTEN)
    clock.advance(minutes=11)
    site.look(OFTEN)
    assert site.claim() is not None
    assert site.claim() is None


def test_a_run_that_goes_on_keeps_its_lease():
    """Nothing is told while a task runs, and its queue ends it before its lease does."""
    assert timedelta(seconds=WORKER_ROLES["general"].job_timeout_s) < LEASE / 1.5


def test_what_is_due_is_handed_out_once(runtime, clock):
    with runtime.transaction() as session:
        assert advance(session, TASK.path, clock()) == clock()
    start, later = clock(), clock.advance(minutes=7)
    with runtime.transaction() as session:
        assert advance(session, TASK.path, later) == start
        assert advance(session, TASK.path, later) == later
        assert advance(session, TASK.path, start) == start  # set back


def test_a_night_is_never_later_than_now():
    for minutes in range(0, 48 * 60, 7):
        now = datetime(2026, 3, 28, 12, tzinfo=UTC) + timedelta(minutes=minutes)
        for hour in range(24):
            begun = latest_night(now, PARIS, hour)
            assert begun <= now < begun + timedelta(hours=25)
