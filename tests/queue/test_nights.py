"""Nightly work runs once a date: whenever the clock looks, stops, or the time of day jumps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cvtube.queue.runs import CLAIM, advance, latest_night

pytestmark = pytest.mark.both_databases

PARIS = ZoneInfo("Europe/Paris")
TASK = "cvtube.example.jobs.tidy_up"
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # 2 to 3 o'clock is left out, comes twice


def utc(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


class Task:
    """Remembers when it was called."""

    def __init__(self, clock):
        self._clock = clock
        self.calls = []

    def __call__(self):
        self.calls.append(self._clock())


@pytest.fixture
def task(clock, nights):
    """A task that the clock met at noon of 2 November."""
    clock.time = utc(2, 12)
    task = Task(clock)
    nights.run(TASK, task)
    assert task.calls == []
    return task


@pytest.mark.parametrize("around", [SPRING, AUTUMN, date(2026, 7, 1)])
@pytest.mark.parametrize("hour", [0, 1, 2, 3, 23])
def test_each_date_has_one_night_whatever_the_clocks_do(clock, nights, around, hour):
    nights = replace(nights, hour=hour)
    clock.time = datetime(around.year, around.month, around.day, 12, tzinfo=UTC) - timedelta(days=2)
    task = Task(clock)
    for _ in range(4 * 24 * 4):  # every quarter of an hour of four days
        nights.run(TASK, task)
        clock.advance(minutes=15)
    local = [call.astimezone(PARIS) for call in task.calls]
    assert [one.date() for one in local] == sorted({one.date() for one in local})
    assert len(local) == 4
    left_out = around == SPRING and hour == 2
    assert {one.hour for one in local} == ({2, 3} if left_out else {hour})
    assert {one.minute for one in local} == {0}


def test_a_clock_that_was_away_makes_up_for_the_night_once(clock, nights, task):
    clock.time = utc(3, 14)  # nobody looked at 2 o'clock
    assert nights.run(TASK, task)
    assert not nights.run(TASK, task)
    clock.time = utc(9, 14)  # nor for some nights
    nights.run(TASK, task)
    nights.run(TASK, task)
    assert task.calls == [utc(3, 14), utc(9, 14)]


def test_a_restart_does_not_repeat_the_night(clock, nights, task):
    clock.time = utc(3, 2)
    nights.run(TASK, task)
    for minutes in (1, 30, 600):
        clock.advance(minutes=minutes)
        replace(nights).run(TASK, task)  # another process
    assert task.calls == [utc(3, 2)]


def test_of_two_clocks_one_does_it(clock, nights, task):
    clock.time = utc(3, 2)
    meanwhile = []

    def slowly():
        task()
        meanwhile.append(replace(nights).run(TASK, task))

    nights.run(TASK, slowly)
    assert (len(task.calls), meanwhile) == (1, [False])


def test_what_a_killed_clock_had_begun_is_done_by_the_next_one(clock, nights, task):
    clock.time = utc(3, 2)

    def killed():
        raise SystemExit

    with pytest.raises(SystemExit):
        nights.run(TASK, killed)
    assert not nights.run(TASK, task)  # it might still be at it
    clock.time += CLAIM
    assert nights.run(TASK, task)


def test_a_clock_that_was_set_ahead_and_back_misses_nothing(clock, nights, task):
    clock.time = utc(20, 2)
    nights.run(TASK, task)
    clock.time = utc(3, 12)
    nights.run(TASK, task)
    clock.time = utc(4, 2)
    nights.run(TASK, task)
    assert task.calls == [utc(20, 2), utc(4, 2)]


def test_two_tasks_have_nights_of_their_own(clock, nights, task):
    clock.time = utc(3, 2)
    assert nights.run(TASK, task)
    assert not nights.run("another.task", task)  # met for the first time: its night was none
    clock.time = utc(4, 2)
    assert nights.run("another.task", task)


def test_what_is_due_is_handed_out_once(runtime, clock):
    with runtime.transaction() as session:
        assert advance(session, TASK, clock()) == clock()
    start, later = clock(), clock.advance(minutes=7)
    with runtime.transaction() as session:
        assert advance(session, TASK, later) == start
        assert advance(session, TASK, later) == later
        assert advance(session, TASK, start) == start  # set back


def test_a_night_is_never_later_than_now():
    for minutes in range(0, 48 * 60, 7):
        now = datetime(2026, 3, 28, 12, tzinfo=UTC) + timedelta(minutes=minutes)
        for hour in range(24):
            begun = latest_night(now, PARIS, hour)
            assert begun <= now < begun + timedelta(hours=25)
