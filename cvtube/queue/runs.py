"""Periodic work that neither skips nor repeats: how far it is stands in a row, not in a process.

A clock that was away finds out from the row what came due meanwhile. Two clocks claim it first.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cvtube.queue.models import PeriodicRun

# After this, whoever claimed a run has died, or the run has failed: it is tried again.
CLAIM = timedelta(minutes=10)


@dataclass(frozen=True)
class Nights:
    """Runs tasks once a night, after an hour of the day in the site's time zone."""

    transaction: Callable[[], AbstractContextManager[Session]]
    now: Callable[[], datetime]
    zone: ZoneInfo
    hour: int

    def run(self, path: str, task: Callable[[], object]) -> bool:
        """Call the task if this night's run is due, not done and nobody's; else do nothing.

        A night that was missed is made up for as soon as a clock is back, several by one run.
        Whatever the task raises is raised; it is called again when the claim is over.
        """
        now = self.now()
        due = latest_night(now, self.zone, self.hour)
        with self.transaction() as session:
            mine = _claim(session, path, due, now)
        if mine:
            task()
            with self.transaction() as session:
                _finish(session, path, due)
        return mine


def latest_night(now: datetime, zone: ZoneInfo, hour: int) -> datetime:
    """When that hour last began, in UTC: once for each date, whatever clocks are changed.

    An hour that is left out in spring begins when the next one does. Of one that comes twice in
    autumn, the first counts (PEP 495, fold=0).
    """
    today = now.astimezone(zone).date()
    begun = _beginning(datetime.combine(today, time(hour)), zone)
    yesterday = datetime.combine(today - timedelta(days=1), time(hour))
    return begun if begun <= now else _beginning(yesterday, zone)


def advance(session: Session, path: str, now: datetime) -> datetime:
    """Say that the task's work is done until now; returns until when it had been done before.

    Of two that call it at the same time, one gets the whole time since, and the other none.
    """
    row = _row(session, path, now)
    before = min(row.done_until, now)  # a clock that was set back must not wait for its old time
    row.done_until = now
    return before


def _beginning(local: datetime, zone: ZoneInfo) -> datetime:
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def _claim(session: Session, path: str, due: datetime, now: datetime) -> bool:
    row = _row(session, path, now)
    row.done_until = min(row.done_until, now)
    taken = row.claimed_until is not None and now < row.claimed_until <= now + CLAIM
    if row.done_until >= due or taken:
        return False
    row.claimed_until = now + CLAIM
    return True


def _finish(session: Session, path: str, due: datetime) -> None:
    row = session.get_one(PeriodicRun, path, with_for_update=True)
    row.done_until, row.claimed_until = due, None


def _row(session: Session, path: str, now: datetime) -> PeriodicRun:
    """The task's row, locked; made where there is none."""
    known = session.get(PeriodicRun, path, with_for_update=True)
    if known is not None:
        return known
    try:
        with session.begin_nested():
            made = PeriodicRun(path=path, done_until=now)
            session.add(made)
    except IntegrityError:  # another clock was quicker
        return session.get_one(PeriodicRun, path, with_for_update=True)
    return made
