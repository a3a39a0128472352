"""What work on films has cost: a line for each attempt, and a sum for each day.

Lines go when their clip is erased. The sums stay, so that what was counted never shrinks.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cvtube.jobs.handler import LOST
from cvtube.jobs.kinds import EXPORT
from cvtube.jobs.leases import Claim
from cvtube.jobs.models import TranscodeDay, TranscodeRun


@dataclass(frozen=True)
class Machine:
    """What of this machine is written down beside its attempts."""

    ffmpeg: str  # version
    sandbox: str  # level


@dataclass(frozen=True)
class Cost:
    """What one attempt took, and what came of it."""

    cpu_s: float = 0.0
    wall_s: float = 0.0
    peak_bytes: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    film_s: float = 0.0


def begin(session: Session, held: Claim, machine: Machine, bytes_in: int, now: datetime) -> None:
    """An attempt begins; whoever tried before and never said how it ended has died.

    A worker may stand still between its claim and this, until a later attempt is under way or
    over: whose line that is, it leaves alone.
    """
    if held.kind is EXPORT:
        return  # copying: the day's sum is enough
    _end_attempts(session, held, TranscodeRun.attempt < held.attempt, now)
    session.add(
        TranscodeRun(
            clip_id=held.target_id,
            attempt=held.attempt,
            kind=held.kind.name,
            started_at=now,
            bytes_in=bytes_in,
            ffmpeg=machine.ffmpeg[:60],
            sandbox=machine.sandbox,
            host=platform.node()[:80],
        )
    )


def end(session: Session, held: Claim, outcome: str, cost: Cost, now: datetime) -> None:
    """An attempt has ended."""
    if held.kind is EXPORT:
        _add_up(session, now, held.kind.name, outcome, cost)
        return
    _end(
        session,
        now,
        (TranscodeRun.clip_id == held.target_id, TranscodeRun.attempt == held.attempt),
        outcome=outcome,
        cpu_s=round(cost.cpu_s, 2),
        wall_s=round(cost.wall_s, 2),
        film_s=round(cost.film_s, 3),
        peak_bytes=cost.peak_bytes,
        bytes_out=cost.bytes_out,
    )


def end_lost(session: Session, lost: Claim, now: datetime) -> None:
    """This attempt and those before it that never said how they ended: their worker died."""
    _end_attempts(session, lost, TranscodeRun.attempt <= lost.attempt, now)


def _end_attempts(session: Session, of: Claim, which: ColumnElement[bool], now: datetime) -> None:
    _end(session, now, (TranscodeRun.clip_id == of.target_id, which), outcome=LOST)


def _end(session: Session, now: datetime, which: tuple[Any, ...], **values: Any) -> None:
    ended = session.execute(
        update(TranscodeRun)
        .where(TranscodeRun.ended_at.is_(None), *which)
        .values(ended_at=now, **values)
        .returning(
            TranscodeRun.kind, TranscodeRun.outcome, TranscodeRun.bytes_in,
            TranscodeRun.cpu_s, TranscodeRun.wall_s, TranscodeRun.film_s, TranscodeRun.bytes_out,
        )
    ).all()  # fmt: skip
    for run in ended:
        cost = Cost(
            cpu_s=run.cpu_s or 0.0, wall_s=run.wall_s or 0.0, film_s=run.film_s or 0.0,
            bytes_in=run.bytes_in, bytes_out=run.bytes_out or 0,
        )  # fmt: skip
        _add_up(session, now, run.kind, run.outcome, cost)


def _add_up(session: Session, now: datetime, kind: str, outcome: str, cost: Cost) -> None:
    postgres = session.get_bind().dialect.name == "postgresql"
    insert = (postgresql if postgres else sqlite).insert(TranscodeDay)
    sums: dict[str, float] = {
        "runs": 1,
        "cpu_s": cost.cpu_s,
        "wall_s": cost.wall_s,
        "film_s": cost.film_s,
        "bytes_in": cost.bytes_in,
        "bytes_out": cost.bytes_out,
    }
    columns = TranscodeDay.__table__.c
    session.execute(
        insert.values(day=now.date(), kind=kind, outcome=outcome, **sums).on_conflict_do_update(
            index_elements=["day", "kind", "outcome"],
            set_={name: columns[name] + insert.excluded[name] for name in sums},
        )
    )


def totals(session: Session) -> list[tuple[str, str, Cost, int]]:
    """For each kind and ending there ever was: the sum of all costs, and how many runs."""
    day = TranscodeDay
    rows = session.execute(
        select(
            day.kind, day.outcome, func.sum(day.runs), func.sum(day.cpu_s), func.sum(day.wall_s),
            func.sum(day.film_s), func.sum(day.bytes_in), func.sum(day.bytes_out),
        ).group_by(day.kind, day.outcome)
    )  # fmt: skip
    return [
        (kind, outcome, Cost(cpu_s, wall_s, 0, int(came), int(went), film_s), int(runs))
        for kind, outcome, runs, cpu_s, wall_s, film_s, came, went in rows
    ]
