"""What the clock remembers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from cvtube.db.base import Base


class PeriodicRun(Base):
    """Up to when a periodic task's work is done, for tasks that must not miss or repeat any.

    Made when the clock first meets the task: what was due before is nobody's business.
    """

    __tablename__ = "periodic_run"

    path: Mapped[str] = mapped_column(String(120), primary_key=True)
    done_until: Mapped[datetime]
    claimed_until: Mapped[datetime | None]  # a clock is at it
