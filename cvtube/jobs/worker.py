"""One worker's turn: claim what deserves it most, attempt it, and say how that ended.

What follows from each ending:
  ready        what was made takes effect; what earlier attempts stored goes
  refused      the target's own fault: failed at once, its owner is told why
  interrupted  something happened to the work: again, a little later, but not for ever
  obstacle     this machine or the storage is not fit now: again later, for a day
  lost         somebody else has it, or nobody wants it any more: not a word
"""

from __future__ import annotations

import errno
import logging
from datetime import datetime

from sqlalchemy.orm import Session

from cvtube.errors import Refused
from cvtube.jobs import claiming
from cvtube.jobs.errors import JobError, LeaseLost, RetryOnceError, UnavailableError
from cvtube.jobs.handler import LONGEST_WAIT, LOST, READY, SHORTEST_WAIT, Handler, handler_of
from cvtube.jobs.heartbeat import Heartbeat
from cvtube.queue.names import Queue
from cvtube.runtime import Runtime, current
from cvtube.storage.contract import StorageError, StorageFull

log = logging.getLogger(__name__)

TRIES_IF_WRONG = 2  # the same tools would do the same again, with a film that had done no harm

Ending = Refused | LeaseLost | JobError


def run_next(queue: str) -> None:
    """Take what deserves it most in this queue, if anything waits; bring it as far as it goes."""
    runtime = current()
    with runtime.transaction() as session:
        held = claiming.claim_next(
            session, Queue(queue), runtime.now(), runtime.settings, worker=runtime.name
        )
    if held is not None:
        attempt(runtime, handler_of(held))


def attempt(runtime: Runtime, handler: Handler) -> None:
    """One attempt at what was just claimed, from its beginning to its end."""
    heartbeat = Heartbeat(runtime, handler.held, handler.terms(runtime.settings).lease)
    try:
        made = handler.run(runtime, heartbeat)
    except (Refused, LeaseLost, JobError) as ending:
        _end(runtime, handler, ending)
    except StorageError as error:
        full = isinstance(error, StorageFull)
        _end(runtime, handler, UnavailableError("storage_full" if full else "storage_unavailable"))
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise  # a bug or a sick machine: the lease runs out, and the try counts
        _end(runtime, handler, UnavailableError("disk_full"))
    else:
        with runtime.transaction() as session:
            now = runtime.now()
            done = handler.finish(session, made, now, runtime.settings)
            handler.ended(session, READY if done else LOST, now)
        handler.clean_up(runtime)


def _end(runtime: Runtime, handler: Handler, ending: Ending) -> None:
    held = handler.held
    with runtime.transaction() as session:
        now = runtime.now()
        match ending:
            case LeaseLost():
                pass
            case Refused():
                handler.fail(session, ending.code, now)
            case UnavailableError():
                _put_aside(session, handler, now, ending.code)
            case JobError():
                most = handler.terms(runtime.settings).max_tries
                if isinstance(ending, RetryOnceError):
                    most = min(most, TRIES_IF_WRONG)
                claiming.try_again(session, held, now, most)
        handler.ended(session, LOST if isinstance(ending, LeaseLost) else ending.code, now)
    handler.clean_up(runtime)


def _put_aside(session: Session, handler: Handler, now: datetime, code: str) -> None:
    """Wait the obstacle out: a tenth of the time waited so far, each time."""
    held = handler.held
    age = now - held.queued_at
    if handler.patience is not None and age > handler.patience:
        handler.fail(session, handler.gave_up, now)
        return
    wait = min(max(age / 10, SHORTEST_WAIT), LONGEST_WAIT)
    log.warning("%s %s waits %s: %s", held.kind.name, held.target_id, wait, code)
    claiming.give_back(session, held, now, wait=wait)
