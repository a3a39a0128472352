"""What waits, what is under way, and what it costs: for people and for Prometheus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cvtube.toolchain.preflight import NO_SANDBOX
from cvtube.transcode.models import TranscodeDay, TranscodeRun
from cvtube.videos import turns
from cvtube.videos.books import BOOKS, Kind

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
    """One order somebody works on."""

    kind: Kind
    subject_id: str
    video_id: str
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
    """Every kind of work, most urgent first. What is not due yet waits too."""
    found = []
    for kind, book in BOOKS.items():
        waits = book.state == book.waiting
        count, since = session.execute(
            select(func.count(book.subject), func.min(book.since)).where(waits)
        ).one()
        at_it = select(func.count(book.subject)).where(book.under_way(now))
        found.append(Depth(kind, count, session.scalar(at_it) or 0, since))
    return found


def under_way(session: Session, now: datetime) -> list[UnderWay]:
    """What is being worked on, longest first."""
    found = []
    for kind, book in BOOKS.items():
        table = book.table
        rows = session.execute(
            select(
                book.subject, table.video_id, table.attempt, table.progress,
                table.worker, table.started_at,
            ).where(book.under_way(now))
        )  # fmt: skip
        found += [UnderWay(kind, *row) for row in rows]
    return sorted(found, key=lambda one: one.started_at)


def wait_s(session: Session, now: datetime) -> float | None:
    """How long a film that came now would wait, in seconds; None: nothing measured yet."""
    return turns.seconds_behind(session, len(turns.waiting(session, now)), now)


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


def unsafe_hosts(session: Session, now: datetime) -> Sequence[str]:
    """Machines that lately had videos wait because they cannot sandbox ffmpeg."""
    lately = TranscodeRun.started_at > now - timedelta(hours=1)
    return session.scalars(
        select(TranscodeRun.host)
        .where(TranscodeRun.outcome == NO_SANDBOX, lately)
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
