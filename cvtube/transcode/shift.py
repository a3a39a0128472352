"""One worker's turn at a clip: claim it, attempt it, and say how that ended.

What follows from each ending:
  ready        the clip is ready; what earlier attempts stored goes
  refused      the film's own fault: failed at once, its owner is told why
  interrupted  something happened to the encoder: again, a little later, but not for ever
  obstacle     this machine or the storage is not fit now: again later, for a day
  lost         somebody else has the clip, or nobody wants it any more: not a word
"""

from __future__ import annotations

import errno
import logging
import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cvtube.errors import Refused
from cvtube.runtime import Runtime
from cvtube.settings import MIB, Settings, SettingsError
from cvtube.storage.contract import StorageError, StorageFull
from cvtube.transcode import equipment, original, scratch, store
from cvtube.transcode.attempt import Attempt
from cvtube.transcode.bench import Bench
from cvtube.transcode.early import Early
from cvtube.transcode.equipment import Equipment
from cvtube.transcode.lease import Lease
from cvtube.transcode.models import TranscodeRun
from cvtube.transcode.original import Piece
from cvtube.transcode.outcomes import Interrupted, LeaseLost, Obstacle
from cvtube.transcode.suitability import Terms
from cvtube.videos import lifecycle, work
from cvtube.videos.models import Asset, Clip
from cvtube.videos.work import Claim, Made

log = logging.getLogger(__name__)

READY, LOST = "ready", "lost"
GAVE_UP = "transcode_gave_up"

# How long obstacles are waited out, counted from the last byte sent. Longer than any repair
# that people wait for; after it they are better told.
PATIENCE = timedelta(hours=24)
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=10)

# What an attempt may write, at most, for each second of the longest film: all renditions at
# their highest rates, and room for pictures.
OUTPUT_BYTES_A_S = 2 * MIB


@dataclass(frozen=True)
class Order:
    """A claimed clip and what it is made of."""

    held: Claim
    pieces: Sequence[Piece]
    uploaded_at: datetime

    @property
    def size(self) -> int:
        return sum(piece.size for piece in self.pieces)


def work_on(runtime: Runtime, clip_id: str) -> None:
    """Take the clip if it is free, and bring it as far as it goes."""
    order = _claim(runtime, clip_id)
    if order is None:
        return
    try:
        fit = _equipped(runtime.settings)
    except Obstacle as obstacle:
        with runtime.transaction() as session:
            _put_aside(session, order, runtime.now(), obstacle)
        return
    _Shift(runtime, order, fit).take()


def _claim(runtime: Runtime, clip_id: str) -> Order | None:
    lease = timedelta(seconds=runtime.settings.lease_s)
    with runtime.transaction() as session:
        held = work.claim(
            session,
            clip_id,
            runtime.now(),
            lease=lease,
            max_tries=runtime.settings.transcode_attempts,
        )
        if held is None:
            return None
        uploaded_at = session.get_one(Clip, clip_id).uploaded_at
        return Order(held, original.pieces(session, clip_id), uploaded_at or runtime.now())


def _equipped(settings: Settings) -> Equipment:
    try:
        return equipment.ready(settings)
    except SettingsError as error:
        log.error("no film can be made on this machine: %s", error)  # noqa: TRY400 (a sentence)
        raise Obstacle("not_equipped") from error


class _Shift:
    def __init__(self, runtime: Runtime, order: Order, fit: Equipment) -> None:
        self._runtime = runtime
        self._order = order
        self._fit = fit
        self._started = time.monotonic()
        self._bench: Bench | None = None
        self._bytes_out = 0

    def take(self) -> None:
        self._begin_run()
        try:
            made = self._attempt()
        except (Refused, LeaseLost, Interrupted, Obstacle) as ending:
            self._end(ending)
        except StorageError as error:
            full = isinstance(error, StorageFull)
            self._end(Obstacle("storage_full" if full else "storage_unavailable"))
        except OSError as error:
            if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
                raise  # a bug or a sick machine: the lease runs out, and the try counts
            self._end(Obstacle("disk_full"))
        else:
            self._finish(made)

    def _attempt(self) -> Made:
        settings, order = self._runtime.settings, self._order
        lease = Lease(self._runtime, order.held)
        needed = order.size + settings.film_max_s * OUTPUT_BYTES_A_S
        with (
            scratch.folder(settings.home / "scratch", needed) as folder,
            Early(self._runtime, order.held) as early,
        ):
            self._bench = Bench(
                self._fit.tools, self._fit.sandbox.shuts_in, folder, pulse=lease.keep
            )
            attempt = Attempt(
                order.held,
                order.pieces,
                self._runtime.storage,
                Terms(settings.film_max_s),
                self._bench,
                lease,
                early,
            )
            made = attempt.make()
            self._bytes_out = attempt.bytes_out
            return made

    def _finish(self, made: Made) -> None:
        held = self._order.held
        with self._runtime.transaction() as session:
            now = self._runtime.now()
            done = lifecycle.finish_transcode(session, held, made, now)
            self._end_run(session, now, READY if done else LOST)
        remove_outputs(self._runtime, held)

    def _end(self, ending: Refused | LeaseLost | Interrupted | Obstacle) -> None:
        with self._runtime.transaction() as session:
            now = self._runtime.now()
            match ending:
                case Refused():
                    lifecycle.fail_transcode(session, self._order.held, ending.code, now)
                case Interrupted():
                    try_again(
                        session, self._order.held, now, self._runtime.settings.transcode_attempts
                    )
                case Obstacle():
                    _put_aside(session, self._order, now, ending)
            self._end_run(session, now, LOST if isinstance(ending, LeaseLost) else ending.code)
        remove_outputs(self._runtime, self._order.held)

    def _begin_run(self) -> None:
        with self._runtime.transaction() as session:
            end_lost_runs(session, self._order.held.clip_id, self._runtime.now())
            session.add(
                TranscodeRun(
                    clip_id=self._order.held.clip_id,
                    attempt=self._order.held.attempt,
                    started_at=self._runtime.now(),
                    bytes_in=self._order.size,
                    ffmpeg=self._fit.tools.ffmpeg.version[:60],
                    sandbox=self._fit.sandbox.level.value,
                    host=platform.node()[:80],
                )
            )

    def _end_run(self, session: Session, now: datetime, outcome: str) -> None:
        held, wall_s = self._order.held, time.monotonic() - self._started
        cpu_s = self._bench.cpu_s if self._bench else 0.0
        session.execute(
            update(TranscodeRun)
            .where(TranscodeRun.clip_id == held.clip_id, TranscodeRun.attempt == held.attempt)
            .values(
                ended_at=now,
                outcome=outcome,
                cpu_s=round(cpu_s, 2),
                wall_s=round(wall_s, 2),
                bytes_out=self._bytes_out,
            )
        )
        log.info(
            "clip %s, attempt %d: %s after %.1f s (%.1f CPU s)",
            held.clip_id, held.attempt, outcome, wall_s, cpu_s,
        )  # fmt: skip


def end_lost_runs(session: Session, clip_id: str, now: datetime) -> None:
    """Attempts that never said how they ended: their worker died."""
    session.execute(
        update(TranscodeRun)
        .where(TranscodeRun.clip_id == clip_id, TranscodeRun.ended_at.is_(None))
        .values(ended_at=now, outcome=LOST)
    )


def try_again(session: Session, held: Claim, now: datetime, most_tries: int) -> bool:
    """After a try that counts: another one, or (False) the end."""
    if held.tries < most_tries:
        work.requeue(session, held, now)
        return True
    lifecycle.fail_transcode(session, held, GAVE_UP, now)
    return False


def _put_aside(session: Session, order: Order, now: datetime, obstacle: Obstacle) -> None:
    """Wait the obstacle out: a tenth of the time waited so far, each time."""
    age = now - order.uploaded_at
    if age > PATIENCE:
        lifecycle.fail_transcode(session, order.held, GAVE_UP, now)
        return
    wait = min(max(age / 10, SHORTEST_WAIT), LONGEST_WAIT)
    log.warning("clip %s waits %s: %s", order.held.clip_id, wait, obstacle.code)
    work.give_back(session, order.held, now, wait=wait)


def remove_outputs(runtime: Runtime, held: Claim) -> None:
    """Remove what attempts stored in vain; where that fails now, the next attempt does it."""
    with runtime.reading() as session:
        shown = session.scalars(select(Asset.key).where(Asset.clip_id == held.clip_id)).all()
    try:
        store.remove_outputs(runtime.storage, held, shown=shown)
    except StorageError as error:
        log.warning("outputs of clip %s stay for now: %s", held.clip_id, error)
