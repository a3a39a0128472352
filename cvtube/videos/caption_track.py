"""How far a clip's captions are: the axis that belongs to words alone."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cvtube.db.base import Base, stored_enum


class Wording(enum.StrEnum):
    """Who stands for the words as they are."""

    DRAFTING = "drafting"  # nobody yet: a machine writes down what it hears
    DRAFT = "draft"  # nobody: a machine's words, or ones their owner still works on
    CONFIRMED = "confirmed"  # the owner; a moderator has not read them yet
    APPROVED = "approved"  # both, so the audience may read them


class CaptionTrack(Base):
    """A clip's captions; a clip without a row has none yet, and nobody works on any.

    What the audience reads are the cues that are `shown`. Cues beside them are the owner's
    working copy, which takes their place once a moderator has read it; while the track is
    approved there is no such copy.
    """

    __tablename__ = "caption_track"
    __table_args__ = (
        CheckConstraint(
            "state != 'confirmed' OR confirmed_at IS NOT NULL", name="confirmed_with_time"
        ),
        # For moderators: what waits, oldest first.
        Index("ix_caption_track_state_confirmed_at", "state", "confirmed_at"),
    )

    clip_id: Mapped[str] = mapped_column(
        ForeignKey("clip.id", ondelete="CASCADE"), primary_key=True
    )
    state: Mapped[Wording] = mapped_column(stored_enum(Wording, unknown=Wording.DRAFTING))
    language: Mapped[str] = mapped_column(String(2))
    # The working copy began as its draft, and nobody has stood for it since.
    by_machine: Mapped[bool] = mapped_column(default=False)
    # Grows with every change of the words: who saves, confirms or approves says which they saw.
    version: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None]
