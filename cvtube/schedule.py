"""Everything that comes again, on one page.

A `Periodic` look is the clock's own: it takes milliseconds, mostly to find what should be enqueued,
and does no harm twice at once. Whatever may take longer is a job, enqueued by the clock and done by
a general worker: `Every` so many minutes, or `Nightly` from the operator's `NIGHT_HOUR` on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

from cvtube.jobs.clock import Entry, Periodic
from cvtube.jobs.errors import UnavailableError
from cvtube.jobs.handler import Handler
from cvtube.jobs.heartbeat import Heartbeat
from cvtube.jobs.kinds import resolve
from cvtube.jobs.recurring import Every, Nightly
from cvtube.jobs.scheduling import Terms
from cvtube.runtime import Runtime
from cvtube.settings import Settings

RECURRING = (
    Every("cvtube.upload.jobs.expire_uploads", minutes=10),
    Every("cvtube.privacy.jobs.purge_what_is_due", minutes=10),
    Every("cvtube.accounts.jobs.forget_expired", minutes=60),
    Nightly("cvtube.moderation.jobs.forget_old_decisions"),
    Nightly("cvtube.candidate.jobs.announce_ends"),
)
SCHEDULE: tuple[Entry, ...] = (
    Periodic("cvtube.jobs.reconciling.reconcile", every_s=1),
    Periodic("cvtube.moderation.jobs.carry_out_decisions", every_s=1),
    Periodic("cvtube.captions.jobs.enqueue_drafts", every_s=5),
    Periodic("cvtube.mail.jobs.tend_outbox", every_s=15),
    Periodic("cvtube.browse.jobs.index_changed", every_s=15),
    # At the clock's start, too: the secret key may have been changed before it.
    Periodic("cvtube.accounts.jobs.seal_peppers", every_s=3600),
    *RECURRING,
)

# A task tells nothing while it runs: longer than the time limit of its queue (`queue.names`).
LEASE = timedelta(minutes=10)
MOST_TRIES = 200  # more than fit between two nights, when it is begun anew


class RecurringTask(Handler):
    """One run of a recurring task; the job's target is its name."""

    backoff: ClassVar[Sequence[timedelta]] = (timedelta(minutes=1), timedelta(minutes=10))

    @classmethod
    def terms(cls, settings: Settings) -> Terms:  # noqa: ARG003
        # One at a time: other workers are left to the mails.
        return Terms(LEASE, MOST_TRIES, at_once=1)

    def run(self, runtime: Runtime, heartbeat: Heartbeat) -> None:  # noqa: ARG002
        paths = {task.name: task.path for task in RECURRING}
        if self.held.target_id not in paths:  # an older version's, or a newer one's
            raise UnavailableError("unknown_task")
        resolve(paths[self.held.target_id])()
