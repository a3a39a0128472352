"""What a candidate wants to say, before it is filmed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cvtube.db.base import Base, new_id


class Script(Base):
    """The words for one topic of a film.

    It belongs to the film and not to its chapter: whoever leaves a chapter out and takes it
    back later finds their words again. For its owner's eyes only; nothing is searched in it.
    """

    __tablename__ = "script"
    __table_args__ = (UniqueConstraint("video_id", "topic"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    video_id: Mapped[str] = mapped_column(ForeignKey("video.id", ondelete="CASCADE"))
    topic: Mapped[str] = mapped_column(String(40))
    # Question's name -> the answer as it was tapped or typed.
    answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    text: Mapped[str] = mapped_column(Text, default="")
    # The text was changed by hand: answers no longer overwrite it.
    edited: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]
