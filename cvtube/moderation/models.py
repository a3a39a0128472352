"""Who is looking at which film, and why something is not shown."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cvtube.accounts.models import User
from cvtube.db.base import Base, new_id, stored_enum
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


class Measure(enum.StrEnum):
    """What a decision does to a clip; the verbs of its event."""

    ASKED_FOR_CHANGES = "asked_for_changes"
    REJECTED = "rejected"
    TAKEN_DOWN = "taken_down"


class Occasion(enum.StrEnum):
    """What made somebody look."""

    FIRST_REVIEW = "first_review"  # every clip is watched before anybody else may see it
    SECOND_LOOK = "second_look"  # a moderator came back to it by themselves
    NOTICE = "notice"  # somebody reported it


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


class Decision(Base):
    """A statement of reasons: why a clip is not shown.

    It keeps what the Digital Services Act (Regulation (EU) 2022/2065) asks for in art. 17(3):
    the measure with its territory and duration (a), the facts and what brought them up (b),
    whether a machine took part (c), the law (d) or the rule of this site (e), and what its
    addressee can do about it (f). `statement` is the whole of it as its addressee was told,
    [[heading, text], …] in their language, whatever becomes of the vocabulary later.

    There is no foreign key to film or clip: it is the proof, and outlives them for a while.
    """

    __tablename__ = "decision"
    __table_args__ = (
        Index("ix_decision_video_id_decided_at", "video_id", "decided_at"),
        # For the clock: what has been kept long enough.
        Index("ix_decision_decided_at", "decided_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    # A clip meets one such decision at most: what is redone is another clip.
    clip_id: Mapped[str] = mapped_column(String(26), unique=True)
    video_id: Mapped[str] = mapped_column(String(26))
    owner_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    moderator_id: Mapped[str | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime]
    measure: Mapped[Measure] = mapped_column(stored_enum(Measure, unknown=Measure.REJECTED))
    territory: Mapped[str] = mapped_column(String(40), default="everywhere")
    ends: Mapped[str] = mapped_column(String(40))  # "redone" or "never"
    occasion: Mapped[Occasion] = mapped_column(stored_enum(Occasion, unknown=Occasion.FIRST_REVIEW))
    facts: Mapped[str] = mapped_column(Text)  # the moderator's own words
    detected_by_machine: Mapped[bool] = mapped_column(default=False)
    decided_by_machine: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(40))  # also the rule of this site
    law: Mapped[str | None] = mapped_column(String(120))
    contest_until: Mapped[datetime]
    language: Mapped[str] = mapped_column(String(2))
    statement: Mapped[list[list[str]]] = mapped_column(JSON)
