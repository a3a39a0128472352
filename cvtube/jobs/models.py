"""The one table of work that must not be lost, and what its attempts have cost."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from cvtube.db.base import Base, new_id, stored_enum


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


class PeriodicRun(Base):
    """Up to when work is done that is due moment by moment, and must not miss or repeat any.

    Made when it is first met: what was due before is nobody's business.
    """

    __tablename__ = "periodic_run"

    path: Mapped[str] = mapped_column(String(120), primary_key=True)
    done_until: Mapped[datetime]


class TranscodeRun(Base):
    """One attempt at a clip, and what it cost. Numbers and codes only: nothing of the film."""

    __tablename__ = "transcode_run"
    __table_args__ = (
        UniqueConstraint("clip_id", "attempt"),
        Index("ix_transcode_run_started_at", "started_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    clip_id: Mapped[str] = mapped_column(ForeignKey("clip.id", ondelete="CASCADE"))
    attempt: Mapped[int]
    kind: Mapped[str] = mapped_column(String(24))  # of the job
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # "ready", the code of a refusal or setback, or "lost" with its worker; empty: going on.
    outcome: Mapped[str | None] = mapped_column(String(40))
    cpu_s: Mapped[float | None]  # of everything spawned for it
    wall_s: Mapped[float | None]
    peak_bytes: Mapped[int | None] = mapped_column(BigInteger)  # memory of its largest process
    film_s: Mapped[float | None]  # how long the film is that was made
    bytes_in: Mapped[int] = mapped_column(BigInteger)
    bytes_out: Mapped[int | None] = mapped_column(BigInteger)
    ffmpeg: Mapped[str] = mapped_column(String(60))  # version
    sandbox: Mapped[str] = mapped_column(String(12))  # level
    host: Mapped[str] = mapped_column(String(80))  # which worker, for finding a sick machine


class TranscodeDay(Base):
    """The sum of one day's attempts by kind and ending (UTC days). Stays when clips are erased."""

    __tablename__ = "transcode_day"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(40), primary_key=True)
    runs: Mapped[int] = mapped_column(BigInteger)
    cpu_s: Mapped[float]
    wall_s: Mapped[float]
    film_s: Mapped[float]
    bytes_in: Mapped[int] = mapped_column(BigInteger)
    bytes_out: Mapped[int] = mapped_column(BigInteger)
