"""What moderators have said of a film's clips, for its owner."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from cvtube.db.base import Base, new_id, stored_enum
from cvtube.videos.models import VideoEvent
from cvtube.videos.reasons import Reason, reason_for
from cvtube.videos.verbs import REFUSALS, Refusal


@dataclass(frozen=True)
class Decision:
    """What a moderator said of a clip."""

    clip_id: str
    reason: Reason | None
    words: str
    stated: bool  # the statement of reasons is still kept


class Occasion(enum.StrEnum):
    """What made somebody look."""

    FIRST_REVIEW = "first_review"  # every clip is watched before anybody else may see it
    SECOND_LOOK = "second_look"  # a moderator came back to it by themselves


class StatementOfReasons(Base):
    """Why a clip is not shown, as its owner was told.

    It keeps what the Digital Services Act (Regulation (EU) 2022/2065) asks for in art. 17(3):
    the measure with its territory (everywhere) and duration (a), the facts and what brought
    them up (b), whether a machine took part (c: never), the law (d) or the rule of this site
    (e), and what its addressee can do about it (f). `statement` is the whole of it as its
    addressee was told, [[heading, text], …] in their language, whatever becomes of the
    vocabulary later. The reason's code and the moderator's words are in the film's log
    (`VideoEvent`), once.

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
    measure: Mapped[Refusal] = mapped_column(stored_enum(Refusal, unknown=Refusal.REJECTED))
    ends: Mapped[str] = mapped_column(String(40))  # "redone" or "never"
    occasion: Mapped[Occasion] = mapped_column(stored_enum(Occasion, unknown=Occasion.FIRST_REVIEW))
    law: Mapped[str | None] = mapped_column(String(120))
    contest_until: Mapped[datetime]
    language: Mapped[str] = mapped_column(String(2))
    statement: Mapped[list[list[str]]] = mapped_column(JSON)


def decisions(session: Session, clip_ids: Sequence[str]) -> dict[str, Decision]:
    """The last thing a moderator has said of each clip, if anything."""
    rows = session.execute(
        select(VideoEvent, StatementOfReasons.id)
        .outerjoin(StatementOfReasons, StatementOfReasons.clip_id == VideoEvent.clip_id)
        .where(VideoEvent.clip_id.in_(clip_ids), VideoEvent.verb.in_(REFUSALS))
        .order_by(VideoEvent.at)
    )
    return {
        str(event.clip_id): Decision(
            clip_id=str(event.clip_id),
            reason=reason_for(event.reason),
            words=event.words or "",
            stated=statement_id is not None,
        )
        for event, statement_id in rows
    }
