"""What each attempt at a clip has cost and how it ended, for operators."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cvtube.db.base import Base, new_id


class TranscodeRun(Base):
    """One attempt. Numbers and codes only: no file name, nothing that was in the film."""

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
