"""What is wrong with one job, or a bug in its kind's class, must not hold up the others."""

from __future__ import annotations

import logging
from collections.abc import Callable

from sqlalchemy.orm import Session

from cvtube.jobs.leases import Claim

log = logging.getLogger(__name__)


def in_savepoint(session: Session, held: Claim, hook: Callable[[], bool]) -> bool | None:
    """What the hook answers. None: it has raised, which is logged, and nothing it did is left."""
    try:
        with session.begin_nested():
            return hook()
    except Exception:
        log.exception("%s %s, attempt %d failed", held.kind.name, held.target_id, held.attempt)
        return None
