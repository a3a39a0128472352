"""Keeping a claim while the work goes on, and noticing when it is lost."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from cvtube.jobs import leases
from cvtube.jobs.errors import LeaseLost
from cvtube.jobs.leases import Claim
from cvtube.runtime import Runtime

log = logging.getLogger(__name__)

BEAT_S = 5.0
MARGIN_S = 2.0  # a worker that cannot reach the database stops this long before it is taken over


class Heartbeat:
    """Extends one held claim. `progress` (percent) is told with each beat."""

    def __init__(self, runtime: Runtime, held: Claim, length: timedelta) -> None:
        self._runtime = runtime
        self._held = held
        self._length = length
        self._beat_s = min(BEAT_S, length.total_seconds() / 3)
        self._extended = self._tried = time.monotonic()
        self.progress = 0

    def keep(self) -> bool:
        """Extend it if that is due. False once it is no longer ours."""
        if time.monotonic() - self._tried < self._beat_s:
            return True
        return self._extend()

    def hold(self) -> None:
        """The same for code that moves bytes by itself; raises LeaseLost."""
        if not self.keep():
            raise LeaseLost

    def _extend(self) -> bool:
        self._tried = time.monotonic()
        try:
            with self._runtime.transaction() as session:
                ours = leases.extend(
                    session,
                    self._held,
                    self._runtime.now(),
                    lease=self._length,
                    progress=self.progress,
                )
        except SQLAlchemyError as error:
            held = self._held
            log.warning(
                "heartbeat of %s %s: %s", held.kind.name, held.target_id, type(error).__name__
            )
            return time.monotonic() - self._extended < self._length.total_seconds() - MARGIN_S
        self._extended = self._tried
        return ours
