"""The clock's part: nothing stays stuck, and workers are not told the same for ever."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, and_, case, literal, or_, select, tuple_, update
from sqlalchemy.orm import Session

from cvtube.jobs import claiming, leases
from cvtube.jobs.handler import LOST, Handler, handler_for, handler_of
from cvtube.jobs.isolation import in_savepoint
from cvtube.jobs.kinds import KINDS, THERE_IS_WORK, Kind, of_queue
from cvtube.jobs.models import Job, JobState
from cvtube.queue.broker import Broker
from cvtube.queue.names import Queue
from cvtube.queue.notify import NotifyError, try_notify
from cvtube.runtime import Runtime, current
from cvtube.settings import Settings

# A job that nobody took up although no notification is waiting: its own was lost with Redis.
SILENCE = timedelta(seconds=5)
# While notifications wait, all workers are busy, and the job's own is mostly one of them. Longer
# than a queue moves on, shorter than a notification lives (10 minutes).
SILENCE_IN_A_QUEUE = timedelta(minutes=5)
AT_A_TIME = 500
_PLAIN = {"synchronize_session": False}


def reconcile() -> None:
    """Put right what a killed worker or a lost message left undone."""
    runtime = current()
    with runtime.transaction() as session:
        for kind in KINDS.values():
            shorten(session, kind, runtime.now(), runtime.settings)
    take_back_expired(runtime)
    for queue in Queue:
        _notify_again(runtime, queue)


def shorten(session: Session, kind: Kind, now: datetime, settings: Settings) -> None:
    """Cut what ends too late: after the clock was set back, nothing waits for as long as it was.

    A lease is given for seconds from now, and so is a wait. One that ends much later was given
    before the clock was set back (or by a worker whose clock is ahead), and would keep everybody
    else out until the clock has caught up. It is cut to its length: whoever is alive extends it,
    whoever is not loses it. Twice the length is believed, as the clocks of machines differ.
    """
    handler = handler_for(kind)
    leases.shorten(session, kind, now, lease=handler.terms(settings).lease)
    waits = and_(Job.kind == kind.name, Job.state == JobState.WAITING)
    session.execute(
        update(Job).where(waits, Job.not_before > _latest(handler, now)).values(not_before=now),
        execution_options=_PLAIN,
    )


def _latest(handler: type[Handler], now: datetime) -> ColumnElement[datetime]:
    """The latest time a job may wait for, by its tries, twice the wait being believed."""
    type_ = Job.not_before.type
    *firsts, last = [now + 2 * handler.longest_wait(n + 1) for n in range(len(handler.backoff))]
    if not firsts:
        return literal(last, type_)
    # A try that was taken back left its job one behind.
    steps = [(Job.tries <= n, literal(at, type_)) for n, at in enumerate(firsts, start=1)]
    return case(*steps, else_=literal(last, type_))


def take_back_expired(runtime: Runtime) -> None:
    """Whatever silent workers held can be claimed again; what was tried too often has failed."""
    given_up: list[Handler] = []
    with runtime.transaction() as session:
        now = runtime.now()
        for lost in leases.expired(session, now):
            handler = handler_of(lost)
            take_back = partial(_take_back, session, handler, now, runtime.settings)
            if in_savepoint(session, lost, take_back) is False:
                given_up.append(handler)
    for handler in given_up:
        handler.clean_up(runtime)


def _take_back(session: Session, handler: Handler, now: datetime, settings: Settings) -> bool:
    most = handler.terms(settings).max_tries
    again = claiming.try_again(session, handler.held, now, most)
    handler.ended(session, LOST, now)
    return again


def _notify_again(runtime: Runtime, queue: Queue) -> None:
    try:
        told = runtime.notifier.waiting(queue) if isinstance(runtime.notifier, Broker) else 0
    except NotifyError:
        return  # nobody would hear; the jobs stay as unheard of as they are
    with runtime.transaction() as session:
        silence = SILENCE_IN_A_QUEUE if told else SILENCE
        now = runtime.now()
        loud = [kind for kind in of_queue(queue) if not kind.quiet]
        count = unheard(session, loud, now, silence=silence)
        if not told and not count:
            count = sum(
                unheard(session, [kind], now, silence=SILENCE, limit=_room(session, runtime, kind))
                for kind in of_queue(queue)
                if kind.quiet
            )
    for _ in range(count):
        if not try_notify(runtime.notifier, THERE_IS_WORK[queue], queue.value):
            break


def _room(session: Session, runtime: Runtime, kind: Kind) -> int:
    """No more than may run: thousands may wait, and each end brings the next."""
    most = handler_for(kind).terms(runtime.settings).at_once
    room = 1 if most is None else most
    return max(0, room - leases.how_many_run(session, kind, runtime.now()))


def unheard(
    session: Session,
    kinds: Iterable[Kind],
    now: datetime,
    *,
    silence: timedelta,
    limit: int = AT_A_TIME,
) -> int:
    """How many jobs wait, are due, and no worker was told of lately; marked as told of now."""
    told = Job.notified_at
    # One that was told of later than now was so before the clock was set back.
    silent = or_(told.is_(None), told <= now - silence, told > now + silence)
    names = [kind.name for kind in kinds]
    waiting = (
        select(Job.kind, Job.target_id)
        .where(and_(leases.due(now), Job.kind.in_(names), silent))
        .order_by(Job.priority, Job.queued_at)
        .limit(limit)
    )
    found = [tuple(row) for row in session.execute(waiting)]
    if found:
        these = tuple_(Job.kind, Job.target_id).in_(found)
        session.execute(update(Job).where(these).values(notified_at=now), execution_options=_PLAIN)
    return len(found)
