"""The clock's part of moderation."""

from __future__ import annotations

from cvtube.jobs.clock import each_safely
from cvtube.moderation import decisions, deferred, queue
from cvtube.runtime import current


def carry_out_decisions() -> None:
    """Let every decision take effect that cannot be undone any more."""
    runtime = current()
    with runtime.reading() as session:
        due = deferred.due_decisions(session, runtime.now(), runtime.settings)
    each_safely(_carry_out, due)


def _carry_out(decision_id: str) -> None:
    runtime = current()
    with runtime.transaction() as session:
        deferred.carry_out(session, decision_id, runtime.now(), runtime.settings)


def forget_old_decisions() -> None:
    """Drop statements of reasons once they have been kept as long as they are needed.

    With them goes what moderators have passed, which is needed for much less long.
    """
    runtime = current()
    with runtime.transaction() as session:
        decisions.forget_old(session, runtime.now(), runtime.settings)
        queue.forget_passed(session, runtime.now())
