"""Claiming a job and giving it back, with what follows for its target in the same transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_
from sqlalchemy.orm import Session

from cvtube.jobs import leases, scheduling
from cvtube.jobs.handler import handler_for, handler_of
from cvtube.jobs.isolation import in_savepoint
from cvtube.jobs.kinds import Kind, of_queue
from cvtube.jobs.leases import Claim
from cvtube.jobs.models import Job, JobState
from cvtube.queue.names import Queue
from cvtube.settings import Settings


def claim_next(
    session: Session, queue: Queue, now: datetime, settings: Settings, *, worker: str = ""
) -> Claim | None:
    """Take what deserves it most, or None: nothing waits.

    Where only so many of a kind may run at a time, one or two more may where several workers
    ask at the same instant.
    """
    kinds = {}
    for kind in of_queue(queue):
        terms = handler_for(kind).terms(settings)
        most = terms.at_once
        if most is None or leases.how_many_run(session, kind, now) < most:
            kinds[kind.name] = terms
    while kinds:
        found = session.execute(scheduling.next_of(kinds, now)).first()
        if found is None:
            return None
        target_id, name = found
        which = and_(Job.kind == name, Job.target_id == target_id)
        held = leases.take(session, which, now, lease=kinds[name].lease, worker=worker)
        if held is None or _begun(session, held, now):
            return held
    return None


def claim(
    session: Session,
    kind: Kind,
    target_id: str,
    now: datetime,
    *,
    lease: timedelta,
    max_tries: int,
    worker: str = "",
) -> Claim | None:
    """Take this one, or None: it is done, being worked on, not due yet, or was tried too often."""
    which = and_(
        Job.kind == kind.name, Job.target_id == target_id, scheduling.may_be_tried(max_tries)
    )
    held = leases.take(session, which, now, lease=lease, worker=worker)
    return held if held is not None and _begun(session, held, now) else None


def _begun(session: Session, held: Claim, now: datetime) -> bool:
    begun = in_savepoint(session, held, lambda: handler_of(held).begin(session, now))
    # One that raised stays claimed, or it would be first in line again: its lease runs out, and
    # the try counts.
    if begun is False:
        leases.end(session, held, JobState.CANCELLED, now)
    return begun is True


def give_back(session: Session, held: Claim, now: datetime, *, wait: timedelta) -> bool:
    """Put the job back: it was not its target's fault, and the try does not count."""
    return _put_back(session, held, now + wait, counts=False)


def requeue(session: Session, held: Claim, now: datetime) -> bool:
    """Make a job claimable again after a try that counts, a little later each time."""
    wait = handler_for(held.kind).wait_after(held.tries)
    return _put_back(session, held, now + wait, counts=True)


def try_again(session: Session, held: Claim, now: datetime, most_tries: int) -> bool:
    """After a try that counts: another one, or (False) the end."""
    if held.tries < most_tries:
        requeue(session, held, now)
        return True
    handler = handler_of(held)
    handler.fail(session, handler.gave_up, now)
    return False


def _put_back(session: Session, held: Claim, not_before: datetime, *, counts: bool) -> bool:
    if not leases.put_back(session, held, not_before, counts=counts):
        return False
    handler_of(held).put_back(session)
    return True
