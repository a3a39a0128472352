"""Making clips playable, one a job; the clock's part too."""

from __future__ import annotations

import logging
from datetime import timedelta

from cvtube.queue.broker import Broker
from cvtube.queue.dispatch import BellError, ring_quietly
from cvtube.queue.names import Queue
from cvtube.runtime import Runtime, current
from cvtube.transcode import ledger, shift
from cvtube.videos import clock_jumps, work
from cvtube.videos.books import Kind
from cvtube.videos.lifecycle import drafts
from cvtube.videos.pipeline import TRANSCODE_CLIP
from cvtube.videos.work import Claim

log = logging.getLogger(__name__)

# A clip that nobody took up although no ring is waiting: its ring was lost with Redis.
UNHEARD = timedelta(seconds=5)
# While rings wait, all workers are busy, and the clip's own ring is mostly one of them. Longer
# than a queue moves on, shorter than a ring lives (10 minutes).
UNHEARD_IN_A_QUEUE = timedelta(minutes=5)


def transcode_clip(clip_id: str) -> None:  # noqa: ARG001 (it rang: that is all it can tell)
    """Bring whatever deserves it most as far as it goes."""
    shift.work_on(current())


def reconcile() -> None:
    """Put right what a killed worker or a lost message left undone."""
    runtime = current()
    _shorten_what_ends_too_late(runtime)
    _take_back_expired(runtime)
    _ring_for_unheard(runtime)


def _shorten_what_ends_too_late(runtime: Runtime) -> None:
    with runtime.transaction() as session:
        clock_jumps.shorten(
            session,
            runtime.now(),
            lease=timedelta(seconds=runtime.settings.lease_s),
            wait=shift.LONGEST_WAIT,
            draft=drafts.LEASE,
        )


def _take_back_expired(runtime: Runtime) -> None:
    given_up: list[Claim] = []
    with runtime.transaction() as session:
        now = runtime.now()
        for lost in work.expired(session, now):
            if not shift.try_again(session, lost, now, runtime.settings.transcode_attempts):
                given_up.append(lost)
            ledger.end_lost(session, lost, now)
    for lost in given_up:
        shift.remove_outputs(runtime, lost)


def _ring_for_unheard(runtime: Runtime) -> None:
    try:
        waiting = runtime.bell.waiting(Queue.TRANSCODE) if isinstance(runtime.bell, Broker) else 0
    except BellError:
        return  # nobody would hear; the clips stay as unheard as they are
    with runtime.transaction() as session:
        silence = UNHEARD_IN_A_QUEUE if waiting else UNHEARD
        now = runtime.now()
        unheard = [
            *work.unheard(session, now, silence=silence, kind=Kind.FILE),
            *work.unheard(session, now, silence=silence),
        ]
        if not waiting and not unheard:
            # No more than may be under way: thousands may wait, and each end brings the next.
            limit = runtime.settings.reencodes_at_once - work.under_way(session, Kind.AGAIN, now)
            unheard += work.unheard(
                session, now, silence=UNHEARD, kind=Kind.AGAIN, limit=max(0, limit)
            )
    for subject_id in unheard:
        if not ring_quietly(runtime.bell, TRANSCODE_CLIP, subject_id):
            break
