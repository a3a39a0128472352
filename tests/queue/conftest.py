"""The clock's memory."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from cvtube.i18n import TIME_ZONE
from cvtube.queue.runs import Nights


@pytest.fixture
def nights(runtime):
    """As the clock's process has them, with an hour that is left out and comes twice."""
    return Nights(runtime.transaction, runtime.now, ZoneInfo(TIME_ZONE), hour=2)
