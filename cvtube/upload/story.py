"""What has happened to a film, told to its owner in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvtube.i18n import N_
from cvtube.videos.models import VideoEvent

# A verb that is missing here is the house's own business.
SENTENCES = {
    "upload_started": N_("You began to send a film."),
    "take_started": N_("You filmed a part."),
    "uploaded": N_("The film has arrived."),
    "ready": N_("The film was prepared and can be watched."),
    "failed": N_("The film could not be prepared."),
    "published": N_("You sent the film to our moderators."),
    "submitted": N_("The film waits for our moderators."),
    "audience_changed": N_("You changed who may see the film."),
    "link_made": N_("You made a link to the film."),
    "link_renewed": N_("You made a new link. The old one stopped."),
    "link_switched_off": N_("You switched the link off."),
    "withdrawn": N_("You took the film back."),
    "approved": N_("A moderator approved the film."),
    "asked_for_changes": N_("A moderator asked for a change."),
    "rejected": N_("A moderator refused the film."),
    "taken_down": N_("A moderator removed the film."),
    "captions_drafted": N_("A machine wrote a draft of the captions."),
    "captions_confirmed": N_("You confirmed the captions."),
    "captions_approved": N_("A moderator approved the captions."),
    "captions_sent_back": N_("A moderator asked to correct the captions."),
}
TOLD = 40  # events


@dataclass(frozen=True)
class Told:
    """One thing that happened."""

    at: datetime
    sentence: str


def tell(session: Session, video_id: str) -> list[Told]:
    """The film's story, newest first; what happened to several parts at once is told once."""
    events = session.scalars(
        select(VideoEvent)
        .where(VideoEvent.video_id == video_id, VideoEvent.verb.in_(SENTENCES))
        .order_by(VideoEvent.at.desc())
        .limit(TOLD)
    )
    order = list(SENTENCES)  # of what happened in one and the same moment
    latest = sorted(events, key=lambda e: (e.at, order.index(e.verb)), reverse=True)
    return list(dict.fromkeys(Told(event.at, SENTENCES[event.verb]) for event in latest))
