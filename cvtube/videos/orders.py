"""Work orders: rows that say what is to be done, who does it, and until when.

A clip is its own order to be made playable. What may be ordered besides has rows of its own
here, since it must not touch a clip's state: a film that is made again stays ready, approved
and playing meanwhile. Only `work` and the verbs of each order write these rows.
"""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cvtube.db.base import Base, stored_enum


class WorkOrder:
    """What every order has. `cvtube.videos.work` says how it is claimed and kept."""

    # The fencing token, and part of every key written; it only grows.
    attempt: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)  # attempts that count against the limit
    lease_until: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    nudged_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]  # when it was claimed last
    worker: Mapped[str | None] = mapped_column(String(100))  # who claimed it last: host:process
    progress: Mapped[int] = mapped_column(default=0)  # percent


class Doing(enum.StrEnum):
    """How far an order is that is no clip's stage."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


OPEN = (Doing.WAITING, Doing.WORKING)


class Reencode(WorkOrder, Base):
    """The order to make a clip again, by the ladder of today. One a clip; ordering again renews it.

    Its attempts go on where the clip's ended, so that no two ever write below the same prefix.
    """

    __tablename__ = "reencode"
    __table_args__ = (
        CheckConstraint(
            "(state = 'working') = (lease_until IS NOT NULL)", name="leased_while_working"
        ),
        CheckConstraint("(state = 'failed') = (error_code IS NOT NULL)", name="failed_with_code"),
        Index("ix_reencode_state_ordered_at", "state", "ordered_at"),
    )

    clip_id: Mapped[str] = mapped_column(
        ForeignKey("clip.id", ondelete="CASCADE"), primary_key=True
    )
    video_id: Mapped[str] = mapped_column(ForeignKey("video.id", ondelete="CASCADE"), index=True)
    state: Mapped[Doing] = mapped_column(stored_enum(Doing, unknown=Doing.WORKING))
    ordered_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    error_code: Mapped[str | None] = mapped_column(String(40))


class FilmFile(WorkOrder, Base):
    """The order for a film as one file, for its owner; and once it is done, that file.

    The object is named by the row before it is stored, and it goes when the row does.
    """

    __tablename__ = "film_file"
    __table_args__ = (
        CheckConstraint(
            "(state = 'working') = (lease_until IS NOT NULL)", name="leased_while_working"
        ),
        CheckConstraint("(state = 'failed') = (error_code IS NOT NULL)", name="failed_with_code"),
        CheckConstraint("state != 'done' OR size IS NOT NULL", name="done_with_size"),
        Index("ix_film_file_state_ordered_at", "state", "ordered_at"),
    )

    video_id: Mapped[str] = mapped_column(
        ForeignKey("video.id", ondelete="CASCADE"), primary_key=True
    )
    state: Mapped[Doing] = mapped_column(stored_enum(Doing, unknown=Doing.WORKING))
    ordered_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # Which takes it shows, as `film_files.cut_of` writes them.
    cut: Mapped[str] = mapped_column(String(64))
    size: Mapped[int | None] = mapped_column(BigInteger)  # bytes
    error_code: Mapped[str | None] = mapped_column(String(40))


class Replaced(Base):
    """An object that a newer one stands for now. Players that began with it may go on till then."""

    __tablename__ = "replaced"
    __table_args__ = (Index("ix_replaced_due_at", "due_at"),)

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    clip_id: Mapped[str] = mapped_column(ForeignKey("clip.id", ondelete="CASCADE"), index=True)
    due_at: Mapped[datetime]
