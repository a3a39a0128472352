"""Who works on what: leases and attempts. The row is the truth; the queue only notifies.

A worker claims a job with one conditional UPDATE and holds it by a lease that it keeps
extending. The attempt's number fences: a worker that lost its lease finds that nothing it
still tries (extend, end, put back) hits a row any more.

Rows are locked in one order, or two transactions wait for each other for ever: the film (where a
verb locks it), then the job, then what the job is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, update
from sqlalchemy.orm import Session

from cvtube.jobs.kinds import KINDS, Kind
from cvtube.jobs.models import Job, JobState

_PLAIN = {"synchronize_session": False}
NOBODYS: dict[str, Any] = {"lease_until": None}
_CLAIM = (Job.kind, Job.target_id, Job.video_id, Job.attempt, Job.tries, Job.queued_at)


@dataclass(frozen=True)
class Claim:
    """The right to do one job, until the lease runs out."""

    kind: Kind
    target_id: str
    video_id: str  # empty: it goes with no film
    attempt: int
    tries: int  # that count so far, this one included
    queued_at: datetime


def _claimed(row: Row[*tuple[Any, ...]]) -> Claim:
    name, target_id, video_id, *rest = row
    return Claim(KINDS[name], target_id, video_id or "", *rest)


# -- which rows -----------------------------------------------------------------------------


def due(now: datetime) -> ColumnElement[bool]:
    """It waits, and may be begun."""
    may_begin = or_(Job.not_before.is_(None), Job.not_before <= now)
    return and_(Job.state == JobState.WAITING, may_begin)


def lost(now: datetime) -> ColumnElement[bool]:
    """Its worker fell silent."""
    return and_(Job.state == JobState.RUNNING, Job.lease_until <= now)


def running(now: datetime) -> ColumnElement[bool]:
    """Somebody is at it."""
    return and_(Job.state == JobState.RUNNING, Job.lease_until > now)


def free(now: datetime) -> ColumnElement[bool]:
    """Whoever comes may have it."""
    return or_(due(now), lost(now))


def how_many_run(session: Session, kind: Kind, now: datetime) -> int:
    """How many jobs of the kind somebody works on."""
    at_it = select(func.count()).where(Job.kind == kind.name, running(now))
    return session.scalar(at_it) or 0


# -- holding one ----------------------------------------------------------------------------


def take(
    session: Session, which: ColumnElement[bool], now: datetime, *, lease: timedelta, worker: str
) -> Claim | None:
    """Claim the one job `which` names, if whoever comes may have it."""
    row = session.execute(
        update(Job)
        .where(which, free(now))
        .values(
            state=JobState.RUNNING,
            attempt=Job.attempt + 1,
            tries=Job.tries + 1,
            lease_until=now + lease,
            not_before=None,
            started_at=now,
            worker=worker,
            progress=0,
        )
        .returning(*_CLAIM),
        execution_options=_PLAIN,
    ).first()
    return _claimed(row) if row is not None else None


def extend(
    session: Session, held: Claim, now: datetime, *, lease: timedelta, progress: int
) -> bool:
    """Keep the lease and tell how far the work is (percent). False: the job is no longer ours."""
    return _update_held(session, held, lease_until=now + lease, progress=progress)


def is_held(session: Session, held: Claim) -> bool:
    """Whether it is still ours; nobody else takes it before the transaction ends."""
    return _update_held(session, held, attempt=held.attempt)


def end(
    session: Session, held: Claim, state: JobState, now: datetime, *, code: str | None = None
) -> bool:
    """Stop working on it for good. False: it is no longer ours."""
    progress = 100 if state is JobState.DONE else 0
    return _update_held(
        session, held,
        state=state, lease_until=None, ended_at=now, error_code=code, progress=progress,
    )  # fmt: skip


def put_back(session: Session, held: Claim, not_before: datetime, *, counts: bool) -> bool:
    """Have it wait until then. A try that does not count is taken back, as if never begun."""
    uncounted: dict[str, Any] = {} if counts else {"tries": Job.tries - 1, "started_at": None}
    return _update_held(
        session, held,
        state=JobState.WAITING, lease_until=None, not_before=not_before, notified_at=None,
        progress=0, **uncounted,
    )  # fmt: skip


def _update_held(session: Session, held: Claim, **values: Any) -> bool:
    hit = session.execute(
        update(Job)
        .where(
            Job.kind == held.kind.name,
            Job.target_id == held.target_id,
            Job.attempt == held.attempt,
            # An errand's row goes once it is done, and the numbers of the next one begin anew.
            Job.queued_at == held.queued_at,
            Job.state == JobState.RUNNING,
        )
        .values(**values)
        .returning(Job.target_id),
        execution_options=_PLAIN,
    ).first()
    return hit is not None


# -- those that others held -----------------------------------------------------------------


def expired(session: Session, now: datetime) -> Sequence[Claim]:
    """The claims whose worker fell silent."""
    rows = session.execute(
        select(*_CLAIM).where(lost(now), Job.kind.in_(KINDS)).with_for_update(skip_locked=True)
    )
    return [_claimed(row) for row in rows]


def shorten(session: Session, kind: Kind, now: datetime, *, lease: timedelta) -> None:
    """Cut leases that end later than twice their length from now."""
    too_long = and_(Job.state == JobState.RUNNING, Job.lease_until > now + 2 * lease)
    session.execute(
        update(Job).where(Job.kind == kind.name, too_long).values(lease_until=now + lease),
        execution_options=_PLAIN,
    )


def release(session: Session, worker: str, now: datetime) -> None:
    """The process that did this worker's job was killed: let the next one have it at once."""
    session.execute(
        update(Job)
        .where(Job.worker == worker, Job.state == JobState.RUNNING)
        .values(lease_until=now),
        execution_options=_PLAIN,
    )
