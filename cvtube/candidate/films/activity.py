"""What has happened to a film, told to its owner in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvtube.i18n import N_
from cvtube.videos.models import VideoEvent
from cvtube.videos.verbs import Verb

# A verb that is missing here is the house's own business.
SENTENCES: dict[str, str] = {
    Verb.UPLOAD_STARTED: N_("You started to send a video."),
    Verb.TAKE_STARTED: N_("You filmed a part."),
    Verb.UPLOADED: N_("We received the video."),
    Verb.READY: N_("The video is ready to watch."),
    Verb.FAILED: N_("We could not prepare the video."),
    Verb.PUBLISHED: N_("You chose to show the video."),
    Verb.SHOWN_AGAIN: N_("You put the video back online."),
    Verb.SUBMITTED: N_("The video is waiting for our moderators."),
    Verb.AUDIENCE_CHANGED: N_("You changed who can see the video."),
    Verb.LINK_MADE: N_("You made a link to the video."),
    Verb.LINK_RENEWED: N_("You made a new link. The old one stopped."),
    Verb.LINK_SWITCHED_OFF: N_("You turned off the link."),
    Verb.PAUSED: N_("You paused the video."),
    Verb.RESUMED: N_("You showed the video again."),
    Verb.RENEWED: N_("You renewed the video for 6 more months."),
    Verb.WITHDRAWN: N_("You hid your video."),
    Verb.APPROVED: N_("A moderator approved the video."),
    Verb.ASKED_FOR_CHANGES: N_("A moderator asked for a change."),
    Verb.REJECTED: N_("A moderator did not accept the video."),
    Verb.TAKEN_DOWN: N_("A moderator took down the video."),
    Verb.CAPTIONS_DRAFTED: N_("A computer wrote a draft of the captions."),
    Verb.CAPTIONS_CONFIRMED: N_("You confirmed the captions."),
    Verb.CAPTIONS_APPROVED: N_("A moderator approved the captions."),
    Verb.CAPTIONS_SENT_BACK: N_("A moderator asked to correct the captions."),
}
MOST_SHOWN = 40  # events


@dataclass(frozen=True)
class ActivityEntry:
    """One thing that happened."""

    at: datetime
    sentence: str


def history(session: Session, video_id: str) -> list[ActivityEntry]:
    """What has happened, newest first; what happened to several parts at once is one entry."""
    events = session.scalars(
        select(VideoEvent)
        .where(VideoEvent.video_id == video_id, VideoEvent.verb.in_(SENTENCES))
        .order_by(VideoEvent.at.desc())
        .limit(MOST_SHOWN)
    )
    order = list(SENTENCES)  # of what happened in one and the same moment
    latest = sorted(events, key=lambda e: (e.at, order.index(e.verb)), reverse=True)
    return list(dict.fromkeys(ActivityEntry(event.at, SENTENCES[event.verb]) for event in latest))
