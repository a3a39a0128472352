"""What is done next, and how long that takes: fair turns, in SQL alone.

A candidate's tenth film must not hold up another's first one. So among jobs of one kind, that of
the person who has had least of it comes first, and among equals the oldest. What somebody "has
had" are the jobs that were begun within the last hour or are being worked on.

Nobody waits for ever: whoever has had nothing for an hour is held up by older jobs only, and
there are ever fewer of those (docs/decisions/0051-fair-turns.md).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, or_, select
from sqlalchemy.orm import Session

from cvtube.jobs.kinds import Kind
from cvtube.jobs.leases import due, free, running
from cvtube.jobs.models import Job, JobState

LATELY = timedelta(hours=1)
MEASURED = 20  # jobs whose duration is measured, for telling how long others will take


@dataclass(frozen=True)
class Terms:
    """On which terms a kind is worked on here and now."""

    lease: timedelta
    max_tries: int
    at_once: int | None = None  # how many may run at a time; None: as many as there are workers


class QueuePosition(NamedTuple):
    """Where a waiting job stands."""

    ahead: int  # jobs that are taken up before it, if none comes in between
    others_first: bool  # some of them are somebody else's


def next_of(kinds: Mapping[str, Terms], now: datetime) -> Select[str, str]:
    """Target and kind of the job whose turn it is. Its row is locked where rows can be."""
    had = _had(now)
    which = or_(
        *(and_(Job.kind == name, may_be_tried(terms.max_tries)) for name, terms in kinds.items())
    )
    return (
        select(Job.target_id, Job.kind)
        .outerjoin(had, and_(had.c.owner_id == Job.owner_id, had.c.kind == Job.kind))
        .where(free(now), which)
        .order_by(Job.priority, func.coalesce(had.c.jobs, 0), Job.queued_at, Job.target_id)
        .limit(1)
        .with_for_update(of=Job, skip_locked=True)
    )


def may_be_tried(most: int) -> ColumnElement[bool]:
    """Whether a free job may be taken. One that waits was given its next try, and gets it.

    Also where operators have lowered the limit since: nobody else would look at it again.
    """
    return or_(Job.state == JobState.WAITING, Job.tries < most)


def places(
    session: Session, kind: Kind, target_ids: Collection[str], now: datetime
) -> dict[str, QueuePosition]:
    """Where these stand among all jobs of the kind that could be begun now.

    One statement that answers with a row for each of them, however many others wait. Turn by
    turn, everybody has one more: so the line is sorted by what its owner will have had by then.
    """
    had = _had(now)
    own = func.row_number().over(partition_by=Job.owner_id, order_by=(Job.queued_at, Job.target_id))
    turn = func.coalesce(had.c.jobs, 0) + own
    line = (
        select(Job.target_id, Job.queued_at, own.label("own"), turn.label("turn"))
        .outerjoin(had, and_(had.c.owner_id == Job.owner_id, had.c.kind == Job.kind))
        .where(Job.kind == kind.name, due(now))
        .subquery()
    )
    place = func.row_number().over(order_by=(line.c.turn, line.c.queued_at, line.c.target_id))
    numbered = select(line.c.target_id, line.c.own, place.label("place")).subquery()
    rows = session.execute(
        select(numbered.c.target_id, numbered.c.own, numbered.c.place).where(
            numbered.c.target_id.in_(target_ids)
        )
    )
    return {target: QueuePosition(place - 1, place > own) for target, own, place in rows}


def how_many_wait(session: Session, kind: Kind, now: datetime) -> int:
    """How many jobs of the kind could be begun now."""
    waiting = select(func.count()).where(Job.kind == kind.name, due(now))
    return session.scalar(waiting) or 0


def seconds_at(place: int, took: float, at_work: int) -> float:
    """How long until the job at this place of the line (from 0) is taken up.

    By how long jobs have taken lately and how many are running: where there is a queue, that is
    as many as there are workers.
    """
    # What is under way is half done on the average.
    return (place + 0.5) * took / at_work if at_work else 0.0


def at_work(session: Session, kinds: Collection[Kind], now: datetime) -> int:
    """How many jobs of these kinds somebody works on."""
    names = [kind.name for kind in kinds]
    found = select(func.count()).where(running(now), Job.kind.in_(names))
    return session.scalar(found) or 0


def took_lately(session: Session, kind: Kind) -> float:
    """Seconds from claim to done, the mean of the last jobs of the kind; 0: there were none."""
    done = (
        select(Job.started_at, Job.ended_at)
        .where(Job.kind == kind.name, Job.state == JobState.DONE, Job.started_at.is_not(None))
        .order_by(Job.started_at.desc())
        .limit(MEASURED)
    )
    times = [
        (end - start).total_seconds()
        for start, end in session.execute(done)
        if end and start and end >= start  # else the clock was set back meanwhile
    ]
    return sum(times) / len(times) if times else 0.0


def _had(now: datetime) -> Subquery:
    return (
        select(Job.owner_id, Job.kind, func.count().label("jobs"))
        .where(_lately(now), Job.owner_id.is_not(None))
        .group_by(Job.owner_id, Job.kind)
        .subquery()
    )


def _lately(now: datetime) -> ColumnElement[bool]:
    return or_(Job.started_at > now - LATELY, running(now))
