"""What moderators have said of a film's clips, for its owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvtube.videos.models import VideoEvent
from cvtube.videos.reasons import Reason, reason_for
from cvtube.videos.verbs import REFUSALS


@dataclass(frozen=True)
class Decision:
    """What a moderator said of a clip."""

    clip_id: str
    reason: Reason | None
    words: str


def decisions(session: Session, clip_ids: Sequence[str]) -> dict[str, Decision]:
    """The last thing a moderator has said of each clip, if anything."""
    events = session.scalars(
        select(VideoEvent)
        .where(VideoEvent.clip_id.in_(clip_ids), VideoEvent.verb.in_(REFUSALS))
        .order_by(VideoEvent.at)
    )
    return {
        str(event.clip_id): Decision(
            str(event.clip_id), reason_for(event.reason), event.words or ""
        )
        for event in events
    }
