"""Tasks that come again: each is a job, which the clock enqueues when it is due.

Whether it is due stands in the job's row, not in a process: since when it was begun last. A clock
that was away finds out from the row what came due meanwhile, and several missed times are made up
for by one run. Of two clocks, one enqueues it. A run that fails or dies is tried again, like every
job's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cvtube.i18n import TIME_ZONE
from cvtube.jobs.enqueue import enqueue
from cvtube.jobs.kinds import RECURRING
from cvtube.jobs.models import OPEN, Job, JobState, PeriodicRun
from cvtube.runtime import Runtime
from cvtube.settings import Settings

ZONE = ZoneInfo(TIME_ZONE)
# When its last run began; one that never got done was at least asked for then.
_BEGUN = case(
    (Job.state == JobState.DONE, func.coalesce(Job.started_at, Job.queued_at)),
    else_=Job.queued_at,
)


@dataclass(frozen=True)
class Recurring:
    """A function (by dotted path, called without arguments) that a worker calls again and again.

    Met for the first time, it is due the next time: what was before is nobody's business.
    """

    path: str
    every_s: ClassVar[float] = 60  # how often the clock looks whether it is due

    @property
    def name(self) -> str:
        """The target of its jobs."""
        return self.path.rpartition(".")[2]

    def due_since(self, now: datetime, settings: Settings) -> datetime:
        """It is due unless it was begun at this time or later."""
        raise NotImplementedError

    def look(self, runtime: Runtime) -> None:
        now = runtime.now()
        with runtime.transaction() as session:
            enqueue_due(session, self.name, self.due_since(now, runtime.settings), now)


@dataclass(frozen=True)
class Every(Recurring):
    """At any time of the day: so many minutes after it was begun last, or up to one more."""

    minutes: int

    def due_since(self, now: datetime, settings: Settings) -> datetime:  # noqa: ARG002
        return now - timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Nightly(Recurring):
    """Once a date, after the operator's hour of the night in the site's time zone.

    Neither restarts nor changes of the clocks skip or repeat a night.
    """

    def due_since(self, now: datetime, settings: Settings) -> datetime:
        return latest_night(now, ZONE, settings.night_hour)


def latest_night(now: datetime, zone: ZoneInfo, hour: int) -> datetime:
    """When that hour last began, in UTC: once for each date, whatever clocks are changed.

    An hour that is left out in spring begins when the next one does. Of one that comes twice in
    autumn, the first counts (PEP 495, fold=0).
    """
    today = now.astimezone(zone).date()
    begun = _beginning(datetime.combine(today, time(hour)), zone)
    yesterday = datetime.combine(today - timedelta(days=1), time(hour))
    return begun if begun <= now else _beginning(yesterday, zone)


def _beginning(local: datetime, zone: ZoneInfo) -> datetime:
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def enqueue_due(session: Session, name: str, since: datetime, now: datetime) -> bool:
    """Enqueue the task unless it was begun at `since` or later. False: nothing new."""
    _remember(session, name, now)
    return enqueue(session, RECURRING, name, now, only_if=since > _BEGUN)


def _remember(session: Session, name: str, now: datetime) -> None:
    """Make its row where there is none. A time from before the clock was set back becomes now."""
    postgres = session.get_bind().dialect.name == "postgresql"
    insert = (postgresql if postgres else sqlite).insert(Job)
    first = insert.values(
        kind=RECURRING.name, target_id=name, priority=RECURRING.priority, state=JobState.DONE,
        attempt=0, tries=0, progress=100, queued_at=now, ended_at=now,
    )  # fmt: skip
    session.execute(
        first.on_conflict_do_update(
            index_elements=["target_id", "kind"],
            set_={"queued_at": now, "started_at": now},
            where=and_(Job.state.not_in(OPEN), now < _BEGUN),
        ),
        execution_options={"synchronize_session": False},
    )


def advance(session: Session, path: str, now: datetime) -> datetime:
    """Say that work is done until now; returns until when it had been done before.

    For work that is due moment by moment. Of two that call it at the same time, one gets the whole
    time since, and the other none.
    """
    row = _row(session, path, now)
    before = min(row.done_until, now)  # a clock that was set back must not wait for its old time
    row.done_until = now
    return before


def _row(session: Session, path: str, now: datetime) -> PeriodicRun:
    """The row, locked; made where there is none."""
    known = session.get(PeriodicRun, path, with_for_update=True)
    if known is not None:
        return known
    try:
        with session.begin_nested():
            made = PeriodicRun(path=path, done_until=now)
            session.add(made)
    except IntegrityError:  # another process was quicker
        return session.get_one(PeriodicRun, path, with_for_update=True)
    return made
