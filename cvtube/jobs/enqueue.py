"""Asking for work, and calling it off. After the commit, workers are told that there is some."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cvtube.jobs.kinds import THERE_IS_WORK, Kind
from cvtube.jobs.leases import NOBODYS
from cvtube.jobs.models import OPEN, Job, JobState
from cvtube.queue.notify import notify_after_commit

# Nobody works on it, and nothing of an earlier attempt is said any more.
_FRESH: dict[str, Any] = {
    **NOBODYS,
    "tries": 0,
    "progress": 0,
    "not_before": None,
    "ended_at": None,
    "error_code": None,
}
ALWAYS = true()
_CANCELLED = {"state": JobState.CANCELLED, **NOBODYS}
# Rows the session has loaded are not looked for; whoever needs one fresh loads it anew.
_PLAIN = {"synchronize_session": False}


def enqueue(
    session: Session,
    kind: Kind,
    target_id: str,
    now: datetime,
    *,
    video_id: str | None = None,
    owner_id: str | None = None,
    attempts: int = 0,
    restart: bool = False,
    only_if: ColumnElement[bool] = ALWAYS,
) -> bool:
    """Have it done: a job that ended is renewed, one that is open goes on (False: nothing new).

    `attempts`: numbers up to this one are used up. `restart`: one that is open begins anew, in
    its place of the queue; who works on it has lost it. `only_if`: what must hold of the row there
    is, or it stays as it is.
    """
    postgres = session.get_bind().dialect.name == "postgresql"
    insert = (postgresql if postgres else sqlite).insert(Job)
    told = None if kind.quiet else now  # by the notification below
    insert = insert.values(
        kind=kind.name, target_id=target_id, video_id=video_id, owner_id=owner_id,
        priority=kind.priority, state=JobState.WAITING, attempt=attempts, queued_at=now,
        notified_at=told, tries=0, progress=0,
    )  # fmt: skip
    new = insert.excluded
    renewable = ALWAYS if restart else Job.state.not_in(OPEN)
    renewed = insert.on_conflict_do_update(
        index_elements=["target_id", "kind"],
        set_={
            **_FRESH,
            "video_id": new.video_id,
            "owner_id": new.owner_id,
            "priority": new.priority,
            "state": new.state,
            "attempt": case((Job.attempt > new.attempt, Job.attempt), else_=new.attempt),
            "queued_at": case((Job.state.in_(OPEN), Job.queued_at), else_=new.queued_at),
            "notified_at": new.notified_at,
        },
        where=and_(renewable, only_if),
    )
    row = session.execute(renewed.returning(Job.target_id), execution_options=_PLAIN).first()
    if row is not None and not kind.quiet:
        tell(session, kind)
    return row is not None


def tell(session: Session, kind: Kind) -> None:
    """After the commit, tell a worker that there is work."""
    notify_after_commit(session, THERE_IS_WORK[kind.queue], kind.queue.value)


def cancel(session: Session, kind: Kind, target_id: str) -> int | None:
    """Nobody wants it any more. The number of its last attempt, or None: nothing was open."""
    return session.scalar(
        update(Job)
        .where(_is(kind, target_id), Job.state.in_(OPEN))
        .values(_CANCELLED)
        .returning(Job.attempt),
        execution_options=_PLAIN,
    )


def cancel_of_video(session: Session, kind: Kind, video_id: str) -> None:
    """The same for every job of the kind that goes with a film."""
    session.execute(
        update(Job)
        .where(Job.kind == kind.name, Job.video_id == video_id, Job.state.in_(OPEN))
        .values(_CANCELLED),
        execution_options=_PLAIN,
    )


def forget(session: Session, kinds: Collection[Kind], target_ids: Collection[str]) -> None:
    """Drop the rows: what they were about is gone."""
    names = [kind.name for kind in kinds]
    session.execute(
        delete(Job).where(Job.kind.in_(names), Job.target_id.in_(target_ids)),
        execution_options=_PLAIN,
    )


def is_open(kind: Kind, target_id: Any) -> ColumnElement[bool]:
    """For queries: it waits, or somebody works on it."""
    return exists().where(_is(kind, target_id), Job.state.in_(OPEN)).correlate_except(Job)


def counts(session: Session, kind: Kind) -> dict[JobState, int]:
    """How many jobs of the kind there are in each state."""
    rows = session.execute(
        select(Job.state, func.count()).where(Job.kind == kind.name).group_by(Job.state)
    )
    found = dict.fromkeys(JobState, 0)
    for state, count in rows:
        found[state] += count
    return found


def failures(session: Session, kind: Kind) -> dict[str, int]:
    """How many jobs of the kind have failed, by the code of the reason."""
    rows = session.execute(
        select(Job.error_code, func.count())
        .where(Job.kind == kind.name, Job.state == JobState.FAILED)
        .group_by(Job.error_code)
    )
    return {str(code): count for code, count in rows}


def _is(kind: Kind, target_id: Any) -> ColumnElement[bool]:
    return and_(Job.kind == kind.name, Job.target_id == target_id)
