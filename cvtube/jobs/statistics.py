"""What waits, what is under way, and what it costs: for people and for Prometheus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from cvtube.jobs import scheduling
from cvtube.jobs.kinds import KINDS, TRANSCODE, Kind, of_queue
from cvtube.jobs.leases import running
from cvtube.jobs.models import Job, JobState, TranscodeDay, TranscodeRun
from cvtube.queue.names import Queue

MEASURED = 50  # runs
SHOWN = 20  # lines of each table
DAYS = 14


@dataclass(frozen=True)
class Depth:
    """How much of one kind waits."""

    kind: Kind
    waiting: int
    under_way: int
    since: datetime | None  # the oldest


@dataclass(frozen=True)
class UnderWay:
    """One job somebody works on."""

    kind: Kind
    target_id: str
    attempt: int
    progress: int
    worker: str
    started_at: datetime


@dataclass(frozen=True)
class Day:
    """What one day has cost."""

    day: date
    runs: int
    ready: int
    cpu_s: float
    film_s: float
    bytes_in: int
    bytes_out: int


def depths(session: Session, now: datetime) -> list[Depth]:
    """Every kind of job, by queue and urgency. What is not due yet waits too."""
    waits = Job.state == JobState.WAITING
    rows = session.execute(
        select(
            Job.kind,
            func.count().filter(waits),
            func.count().filter(running(now)),
            func.min(Job.queued_at).filter(waits),
        )
        .where(or_(waits, running(now)))
        .group_by(Job.kind)
    )
    found = {name: (waiting, at_it, since) for name, waiting, at_it, since in rows}
    return [Depth(kind, *found.get(kind.name, (0, 0, None))) for kind in KINDS.values()]


def under_way(session: Session, now: datetime) -> list[UnderWay]:
    """What is being worked on, longest first."""
    rows = session.execute(
        select(Job.kind, Job.target_id, Job.attempt, Job.progress, Job.worker, Job.started_at)
        .where(running(now), Job.kind.in_(KINDS))
        .order_by(Job.started_at)
    )
    return [
        UnderWay(KINDS[name], target_id, attempt, progress, worker or "", started_at or now)
        for name, target_id, attempt, progress, worker, started_at in rows
    ]


def wait_s(session: Session, now: datetime) -> float | None:
    """How long a film that came now would wait, in seconds; None: nothing measured yet."""
    took = scheduling.took_lately(session, TRANSCODE)
    if not took:
        return None
    hands = scheduling.at_work(session, of_queue(Queue.TRANSCODE), now)
    return scheduling.seconds_at(scheduling.how_many_wait(session, TRANSCODE, now), took, hands)


def speed(session: Session) -> float | None:
    """Seconds of film one worker makes in a second, by the last runs; None: there were none."""
    runs = session.execute(
        select(TranscodeRun.film_s, TranscodeRun.wall_s)
        .where(TranscodeRun.outcome == "ready", TranscodeRun.wall_s > 0)
        .order_by(TranscodeRun.started_at.desc())
        .limit(MEASURED)
    ).all()
    wall_s = sum(run.wall_s or 0 for run in runs)
    return sum(run.film_s or 0 for run in runs) / wall_s if wall_s else None


def last_runs(session: Session, *, failed: bool) -> Sequence[TranscodeRun]:
    """The last attempts that ended well, or otherwise."""
    how = TranscodeRun.outcome != "ready" if failed else TranscodeRun.outcome == "ready"
    return session.scalars(
        select(TranscodeRun).where(how).order_by(TranscodeRun.started_at.desc()).limit(SHOWN)
    ).all()


def hosts_of(session: Session, outcome: str, now: datetime) -> Sequence[str]:
    """Machines on which an attempt within the last hour ended so."""
    lately = TranscodeRun.started_at > now - timedelta(hours=1)
    return session.scalars(
        select(TranscodeRun.host)
        .where(TranscodeRun.outcome == outcome, lately)
        .distinct()
        .order_by(TranscodeRun.host)
    ).all()


def days(session: Session, now: datetime) -> list[Day]:
    """The last days, newest first."""
    rows = session.scalars(
        select(TranscodeDay)
        .where(TranscodeDay.day > (now - timedelta(days=DAYS)).date())
        .order_by(TranscodeDay.day.desc())
    ).all()
    return [
        _day(day, [row for row in rows if row.day == day])
        for day in dict.fromkeys(row.day for row in rows)
    ]


def _day(day: date, rows: Sequence[TranscodeDay]) -> Day:
    return Day(
        day=day,
        runs=sum(row.runs for row in rows),
        ready=sum(row.runs for row in rows if row.outcome == "ready"),
        cpu_s=sum(row.cpu_s for row in rows),
        film_s=sum(row.film_s for row in rows),
        bytes_in=sum(row.bytes_in for row in rows),
        bytes_out=sum(row.bytes_out for row in rows),
    )
