"""Keeping a claim while the work goes on, and noticing when it is lost."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from cvtube.jobs.errors import LeaseLost
from cvtube.runtime import Runtime
from cvtube.videos import work
from cvtube.videos.work import Claim

log = logging.getLogger(__name__)

BEAT_S = 5.0
MARGIN_S = 2.0  # a worker that cannot reach the database stops this long before it is taken over


class Lease:
    """One held claim. `progress` (percent) is told with each heartbeat."""

    def __init__(self, runtime: Runtime, held: Claim) -> None:
        self._runtime = runtime
        self._held = held
        self._length_s = float(runtime.settings.lease_s)
        self._beat_s = min(BEAT_S, self._length_s / 3)
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
                ours = work.extend(
                    session,
                    self._held,
                    self._runtime.now(),
                    lease=timedelta(seconds=self._length_s),
                    progress=self.progress,
                )
        except SQLAlchemyError as error:
            log.warning("heartbeat of clip %s: %s", self._held.clip_id, type(error).__name__)
            return time.monotonic() - self._extended < self._length_s - MARGIN_S
        self._extended = self._tried
        return ours
