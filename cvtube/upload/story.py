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
    "upload_started": N_("You started to send a video."),
    "take_started": N_("You filmed a part."),
    "uploaded": N_("We received the video."),
    "ready": N_("The video is ready to watch."),
    "failed": N_("We could not prepare the video."),
    "published": N_("You chose to show the video."),
    "shown_again": N_("You put the video back online."),
    "submitted": N_("The video is waiting for our moderators."),
    "audience_changed": N_("You changed who can see the video."),
    "link_made": N_("You made a link to the video."),
    "link_renewed": N_("You made a new link. The old one stopped."),
    "link_switched_off": N_("You turned off the link."),
    "withdrawn": N_("You hid your video."),
    "approved": N_("A moderator approved the video."),
    "asked_for_changes": N_("A moderator asked for a change."),
    "rejected": N_("A moderator did not accept the video."),
    "taken_down": N_("A moderator took down the video."),
    "captions_drafted": N_("A computer wrote a draft of the captions."),
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
