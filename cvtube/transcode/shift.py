"""One worker's turn: claim what deserves it most, attempt it, and say how that ended.

What follows from each ending:
  ready        the clip plays, or the file is there; what earlier attempts stored goes
  refused      the film's own fault: failed at once, its owner is told why
  interrupted  something happened to the encoder: again, a little later, but not for ever
  obstacle     this machine or the storage is not fit now: again later, for a day
  lost         somebody else has it, or nobody wants it any more: not a word
"""

from __future__ import annotations

import errno
import logging
import time
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvtube.errors import Refused
from cvtube.jobs.errors import LeaseLost, RetryableError, RetryOnceError, UnavailableError
from cvtube.runtime import Runtime
from cvtube.sandbox import workdir
from cvtube.settings import Settings, SettingsError
from cvtube.storage.contract import StorageError, StorageFull
from cvtube.toolchain import preflight
from cvtube.toolchain.preflight import NO_SANDBOX, Equipment, Unsafe
from cvtube.toolchain.runner import Runner
from cvtube.transcode import ledger, self_test, tasks
from cvtube.transcode.lease import Lease
from cvtube.transcode.ledger import LOST, Cost
from cvtube.transcode.package import outputs
from cvtube.transcode.tasks import Task
from cvtube.videos import work
from cvtube.videos.books import Kind
from cvtube.videos.models import Asset
from cvtube.videos.orders import Replaced
from cvtube.videos.work import Claim

log = logging.getLogger(__name__)

READY = "ready"

# How long obstacles are waited out, counted from when it was queued: a take may be chosen days
# after it was sent. Longer than any repair that people wait for; after it they are better told.
PATIENCE = timedelta(hours=24)
TRIES_IF_WRONG = 2  # the same tools would do the same again, with a film that had done no harm
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=10)


def work_on(runtime: Runtime) -> None:
    """Take what deserves it most, if anything waits, and bring it as far as it goes."""
    task = _claim(runtime)
    if task is None:
        return
    try:
        fit = _equipped(runtime.settings)
    except Unsafe as error:
        _tell(runtime, task, error)
        return
    except UnavailableError as obstacle:
        with runtime.transaction() as session:
            _put_aside(session, task, runtime.now(), obstacle)
        return
    _Shift(runtime, task, fit).take()


def _claim(runtime: Runtime) -> Task | None:
    settings = runtime.settings
    with runtime.transaction() as session:
        held = work.claim_next(
            session,
            runtime.now(),
            lease=timedelta(seconds=settings.lease_s),
            max_tries=settings.transcode_attempts,
            worker=runtime.name,
            again_at_once=settings.reencodes_at_once,
        )
        return tasks.load(session, held, runtime.now()) if held else None


def _equipped(settings: Settings) -> Equipment:
    try:
        return preflight.ready(settings, self_test.run)
    except Unsafe:
        raise
    except SettingsError as error:
        log.error("no film can be made on this machine: %s", error)  # noqa: TRY400 (a sentence)
        raise UnavailableError("not_equipped") from error


def _tell(runtime: Runtime, task: Task, error: Unsafe) -> None:
    """Nothing of the film is opened. It waits, and a run says why: staff see it on their page."""
    log.error("%s", error)
    with runtime.transaction() as session:
        now, held = runtime.now(), task.held
        ledger.begin(session, held, error.equipment, task.bytes_in, now)
        ledger.end(session, held, NO_SANDBOX, Cost(bytes_in=task.bytes_in), now)
        _put_aside(session, task, now, UnavailableError(NO_SANDBOX))


class _Shift:
    def __init__(self, runtime: Runtime, task: Task, fit: Equipment) -> None:
        self._runtime = runtime
        self._task = task
        self._held = task.held
        self._fit = fit
        self._started = time.monotonic()
        self._runner: Runner | None = None

    def take(self) -> None:
        with self._runtime.transaction() as session:
            ledger.begin(session, self._held, self._fit, self._task.bytes_in, self._runtime.now())
        try:
            made = self._attempt()
        except (Refused, LeaseLost, RetryableError, UnavailableError) as ending:
            self._end(ending)
        except StorageError as error:
            full = isinstance(error, StorageFull)
            self._end(UnavailableError("storage_full" if full else "storage_unavailable"))
        except OSError as error:
            if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
                raise  # a bug or a sick machine: the lease runs out, and the try counts
            self._end(UnavailableError("disk_full"))
        else:
            self._finish(made)

    def _attempt(self) -> Any:
        settings = self._runtime.settings
        lease = Lease(self._runtime, self._held)
        with workdir.folder(settings.home / "scratch", self._task.room(settings)) as folder:
            self._runner = Runner(
                self._fit.tools, self._fit.sandbox.shuts_in, folder, pulse=lease.keep
            )
            return self._task.do(self._runtime, self._runner, lease)

    def _finish(self, made: Any) -> None:
        with self._runtime.transaction() as session:
            now = self._runtime.now()
            done = self._task.finish(session, made, now, self._runtime.settings)
            self._end_run(session, now, READY if done else LOST)
        remove_outputs(self._runtime, self._held)

    def _end(self, ending: Refused | LeaseLost | RetryableError | UnavailableError) -> None:
        with self._runtime.transaction() as session:
            now = self._runtime.now()
            match ending:
                case Refused():
                    tasks.fail(session, self._held, ending.code, now)
                case RetryableError():
                    most = self._runtime.settings.transcode_attempts
                    if isinstance(ending, RetryOnceError):
                        most = min(most, TRIES_IF_WRONG)
                    try_again(session, self._held, now, most)
                case UnavailableError():
                    _put_aside(session, self._task, now, ending)
            self._end_run(session, now, LOST if isinstance(ending, LeaseLost) else ending.code)
        remove_outputs(self._runtime, self._held)

    def _end_run(self, session: Session, now: datetime, outcome: str) -> None:
        runner, task = self._runner, self._task
        cost = Cost(
            cpu_s=runner.cpu_s if runner else 0.0,
            wall_s=time.monotonic() - self._started,
            peak_bytes=runner.peak_bytes if runner else 0,
            bytes_in=task.bytes_in,
            bytes_out=task.bytes_out,
            film_s=task.film_s,
        )
        ledger.end(session, self._held, outcome, cost, now)
        log.info(
            "%s %s, attempt %d: %s after %.1f s (%.1f CPU s)",
            self._held.kind, self._held.subject_id, self._held.attempt,
            outcome, cost.wall_s, cost.cpu_s,
        )  # fmt: skip


def try_again(session: Session, held: Claim, now: datetime, most_tries: int) -> bool:
    """After a try that counts: another one, or (False) the end."""
    if held.tries < most_tries:
        work.requeue(session, held, now)
        return True
    tasks.fail(session, held, work.GAVE_UP, now)
    return False


def _put_aside(session: Session, task: Task, now: datetime, obstacle: UnavailableError) -> None:
    """Wait the obstacle out: a tenth of the time waited so far, each time."""
    held, age = task.held, now - task.since
    if age > PATIENCE and held.kind is not Kind.AGAIN:  # nobody looks on, so that can wait
        tasks.fail(session, held, work.GAVE_UP, now)
        return
    wait = min(max(age / 10, SHORTEST_WAIT), LONGEST_WAIT)
    log.warning("%s %s waits %s: %s", held.kind, held.subject_id, wait, obstacle.code)
    work.give_back(session, held, now, wait=wait)


def remove_outputs(runtime: Runtime, held: Claim) -> None:
    """Remove what attempts stored in vain; where that fails now, the next attempt does it."""
    if held.kind is Kind.FILE:
        return  # the look at the storage takes whatever no row names
    with runtime.reading() as session:
        shown = {
            *session.scalars(select(Asset.key).where(Asset.clip_id == held.clip_id)),
            *session.scalars(select(Replaced.key).where(Replaced.clip_id == held.clip_id)),
        }
    try:
        outputs.remove_outputs(runtime.storage, held, shown=shown)
    except StorageError as error:
        log.warning("outputs of clip %s stay for now: %s", held.clip_id, error)
