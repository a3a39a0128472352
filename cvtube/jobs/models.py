"""The one table of work that must not be lost, whatever it is about."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cvtube.db.base import Base, stored_enum


class JobState(enum.StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"  # for the reason its code names
    CANCELLED = "cancelled"  # nobody wants it any more


OPEN = (JobState.WAITING, JobState.RUNNING)


class Job(Base):
    """One thing to be done to one target. Asked for again, the same row is renewed.

    Only `cvtube.jobs` writes these rows; what follows from their states, each kind knows.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint(
            "(state = 'running') = (lease_until IS NOT NULL)", name="leased_while_running"
        ),
        CheckConstraint("(state = 'failed') = (error_code IS NOT NULL)", name="failed_with_code"),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress_percent"),
        # For workers: what waits, most urgent and oldest first.
        Index("ix_job_state_kind_priority_queued_at", "state", "kind", "priority", "queued_at"),
        # For the clock: leases that ran out.
        Index("ix_job_state_lease_until", "state", "lease_until"),
        # For fair turns: what somebody has had lately.
        Index("ix_job_started_at", "started_at"),
    )

    target_id: Mapped[str] = mapped_column(String(26), primary_key=True)  # what it is done to
    # A name in `kinds`, or a newer version's.
    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    # The film it goes with; empty: it outlives every film.
    video_id: Mapped[str | None] = mapped_column(
        ForeignKey("video.id", ondelete="CASCADE"), index=True
    )
    owner_id: Mapped[str | None] = mapped_column(String(26))  # whose turn it takes, if anybody's
    priority: Mapped[int]  # the smallest goes first
    state: Mapped[JobState] = mapped_column(stored_enum(JobState, unknown=JobState.RUNNING))
    # The fencing token, and part of every key that is written; it only grows.
    attempt: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)  # attempts that count against the limit
    queued_at: Mapped[datetime]
    not_before: Mapped[datetime | None]
    notified_at: Mapped[datetime | None]  # when workers were told of it last
    lease_until: Mapped[datetime | None]
    started_at: Mapped[datetime | None]  # when it was claimed last
    ended_at: Mapped[datetime | None]  # when it was done or failed
    worker: Mapped[str | None] = mapped_column(String(100))  # who claimed it last: host:process
    progress: Mapped[int] = mapped_column(default=0)  # percent
    error_code: Mapped[str | None] = mapped_column(String(40))
