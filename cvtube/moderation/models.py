"""Who is looking at which film, and why something is not shown."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cvtube.accounts.models import User
from cvtube.db.base import Base, new_id
from cvtube.videos.models import Video

APPROVED = "approved"


class ReviewLock(Base):
    """One moderator looks at one film, so that no second one does the same work.

    It runs out by itself. It is a courtesy, not a right: what decides a race between two
    moderators is the film's state, in `lifecycle`.
    """

    __tablename__ = "review_lock"

    video_id: Mapped[str] = mapped_column(
        ForeignKey("video.id", ondelete="CASCADE"), primary_key=True
    )
    moderator_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    until: Mapped[datetime]

    moderator: Mapped[User] = relationship(lazy="raise_on_sql")


class PassedVideo(Base):
    """A moderator went on without deciding: the video comes to them again behind all others.

    It counts until a part is sent that came later, and for others not at all.
    """

    __tablename__ = "passed_video"

    moderator_id: Mapped[str] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    video_id: Mapped[str] = mapped_column(
        ForeignKey("video.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    # For the clock: what has been kept long enough.
    passed_at: Mapped[datetime] = mapped_column(index=True)


class DeferredDecision(Base):
    """What a moderator has decided, for the few seconds in which they can still undo it.

    Nothing follows from it before `due_at`: no state changes, nobody is told. Then the clock
    carries it out and the row goes; undone, it goes too. Until then its clips are pending, but
    wait for nobody.
    """

    __tablename__ = "deferred_decision"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    video_id: Mapped[str] = mapped_column(ForeignKey("video.id", ondelete="CASCADE"), index=True)
    moderator_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    measure: Mapped[str] = mapped_column(String(24))  # APPROVED, or a Measure
    reason: Mapped[str] = mapped_column(String(40), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    # Captions that were read with an approved film, "clip:version" each.
    captions: Mapped[list[str]] = mapped_column(JSON, default=list)
    film_link: Mapped[str] = mapped_column(Text)  # the candidate's page, for the mail

    clips: Mapped[list[DeferredClip]] = relationship(lazy="raise_on_sql", passive_deletes=True)
    video: Mapped[Video] = relationship(lazy="raise_on_sql")


class DeferredClip(Base):
    """One clip of a deferred decision; a second decision about it is refused by the key.

    `submitted_at` says which sending is meant: what its owner takes out of the queue and sends
    again meanwhile has not been looked at.
    """

    __tablename__ = "deferred_clip"

    clip_id: Mapped[str] = mapped_column(
        ForeignKey("clip.id", ondelete="CASCADE"), primary_key=True
    )
    submitted_at: Mapped[datetime] = mapped_column(primary_key=True)
    decision_id: Mapped[str] = mapped_column(
        ForeignKey("deferred_decision.id", ondelete="CASCADE"), index=True
    )
