"""The clock's part of moderation."""

from __future__ import annotations

from cvtube.moderation import decisions, queue
from cvtube.runtime import current


def forget_old_decisions() -> None:
    """Drop statements of reasons once they have been kept as long as they are needed.

    With them goes what moderators have passed, which is needed for much less long.
    """
    runtime = current()
    with runtime.transaction() as session:
        decisions.forget_old(session, runtime.now(), runtime.settings)
        queue.forget_passed(session, runtime.now())
