"""All periodic work on one page. Each task is short and harmless to run twice at once.

What may come at any time of the day is `Periodic`. What belongs to the night, when few people are
here, is `Nightly`: once a date, from the operator's `NIGHT_HOUR` on.
"""

from __future__ import annotations

from cvtube.queue.clock import Nightly, Periodic

SCHEDULE = (
    Periodic("cvtube.jobs.reconciling.reconcile", every_s=1),
    Periodic("cvtube.moderation.jobs.carry_out_decisions", every_s=1),
    Periodic("cvtube.captions.jobs.enqueue_drafts", every_s=5),
    Periodic("cvtube.mail.jobs.tend_outbox", every_s=15),
    Periodic("cvtube.browse.jobs.index_changed", every_s=15),
    Periodic("cvtube.upload.jobs.expire_uploads", every_s=600),
    Nightly("cvtube.moderation.jobs.forget_old_decisions"),
    Nightly("cvtube.candidate.jobs.announce_ends"),
    Periodic("cvtube.privacy.jobs.purge_what_is_due", every_s=600),
    Periodic("cvtube.accounts.jobs.forget_expired", every_s=3600),
    Periodic("cvtube.accounts.jobs.seal_peppers", every_s=3600),
)
