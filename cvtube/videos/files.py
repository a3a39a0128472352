"""Objects that are kept for a while only: a film as one file, and what was replaced."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, and_
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from cvtube.db.base import Base
from cvtube.jobs.kinds import EXPORT
from cvtube.jobs.models import Job


class FilmFile(Base):
    """A film as one file, for its owner. How far it is, its job says.

    The object is named by the row before it is stored, and it goes when the row does.
    """

    __tablename__ = "film_file"
    __table_args__ = (Index("ix_film_file_ordered_at", "ordered_at"),)

    video_id: Mapped[str] = mapped_column(
        ForeignKey("video.id", ondelete="CASCADE"), primary_key=True
    )
    ordered_at: Mapped[datetime]
    attempt: Mapped[int] = mapped_column(default=0)  # the job's that makes it, or has made it
    # Which takes it shows, as `exports.cut_of` writes them.
    cut: Mapped[str] = mapped_column(String(64))
    size: Mapped[int | None] = mapped_column(BigInteger)  # bytes; none until it is there

    job: Mapped[Job | None] = relationship(
        primaryjoin=lambda: and_(
            foreign(Job.target_id) == FilmFile.video_id, Job.kind == EXPORT.name
        ),
        viewonly=True,
        uselist=False,
        lazy="raise_on_sql",
    )


class SupersededObject(Base):
    """An object that a newer one stands for now. Players that began with it may go on till then."""

    __tablename__ = "replaced"
    __table_args__ = (Index("ix_replaced_due_at", "due_at"),)

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    clip_id: Mapped[str] = mapped_column(ForeignKey("clip.id", ondelete="CASCADE"), index=True)
    due_at: Mapped[datetime]
