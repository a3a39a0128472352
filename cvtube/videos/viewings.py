"""What staff watch of films that their audience cannot see is written into the log.

Moderators may open every film that was sent to them, also a hidden one: somebody may complain of
it. That they do is no secret. What waits for them is their work, and their decision tells of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cvtube.accounts.models import User
from cvtube.videos import policy
from cvtube.videos.lifecycle import write
from cvtube.videos.models import Review, Video, VideoEvent
from cvtube.videos.verbs import Verb

ONCE_IN = timedelta(hours=1)  # for each person and film: a player asks for many files


def is_recorded(viewer: User | None, video: Video, now: datetime) -> bool:
    """Whether it is to be told that this visitor opened the film (loaded whole)."""
    return (
        policy.may_review(viewer, video)
        and not policy.is_listed(video, now)
        and not _waits_for_moderators(video)
    )


def record_viewing(session: Session, viewer: User, video_id: str, now: datetime) -> None:
    """Write into the log that staff opened the film, unless it says so already."""
    lately = exists().where(
        VideoEvent.video_id == video_id,
        VideoEvent.at > now - ONCE_IN,
        VideoEvent.verb == Verb.OPENED_UNSEEN,
        VideoEvent.actor_id == viewer.id,
    )
    if not session.scalar(select(lately)):
        write.record(session, video_id, now, Verb.OPENED_UNSEEN, actor=viewer)


def _waits_for_moderators(video: Video) -> bool:
    clips = [clip for one in video.chapters for clip in (one.live_clip, one.next_clip)]
    return any(clip is not None and clip.review is Review.PENDING for clip in clips)
