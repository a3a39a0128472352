"""The clock's part of moderation."""

from __future__ import annotations

from cvtube.moderation import decisions
from cvtube.runtime import current


def forget_old_decisions() -> None:
    """Drop statements of reasons once they have been kept as long as they are needed."""
    runtime = current()
    with runtime.transaction() as session:
        decisions.forget_old(session, runtime.now(), runtime.settings)
