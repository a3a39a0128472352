"""Who may do what with a film, in Python.

`queries` says the same in SQL, and a test that walks every combination of states holds the
two together.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cvtube.accounts.models import Role, User
from cvtube.videos.models import Clip, Review, Stage, Video, Visibility

# Before the months are over: earlier there is nothing to win by asking for six more.
NEAR_END = timedelta(days=30)
REFUSED = frozenset({Review.REJECTED, Review.REMOVED})


def is_online(video: Video, now: datetime) -> bool:
    """Whether anybody else may see the film (owner, chapters and live clips must be loaded)."""
    return _is_sent_out(video, now) and is_approved(video)


def is_approved(video: Video) -> bool:
    """Whether a cut of the film is approved: it is online as soon as its owner wants it to be."""
    return len(video.chapters) > 0 and all(
        _may_be_shown(chapter.live_clip) for chapter in video.chapters
    )


def _is_sent_out(video: Video, now: datetime) -> bool:
    """Whether its owner wants others to see it, and nothing but its parts can be in the way."""
    return (
        video.visibility is not Visibility.DRAFT
        and video.deleted_at is None
        and video.paused_at is None
        and (video.expires_at is None or video.expires_at > now)
        and video.owner.in_good_standing
    )


def is_ending(video: Video, now: datetime) -> bool:
    """Whether the film that its owner shows is hidden soon, unless they renew it."""
    sent = video.visibility is not Visibility.DRAFT
    return sent and video.expires_at is not None and now < video.expires_at <= now + NEAR_END


def is_listed(video: Video, now: datetime) -> bool:
    """Whether the audience may find the film."""
    return video.visibility is Visibility.RECRUITERS and is_online(video, now)


def is_open_by_link(video: Video, now: datetime) -> bool:
    """Whether the film is for everybody who has its link."""
    return video.link_key is not None and is_online(video, now)


def is_seen(video: Video, now: datetime) -> bool:
    """Whether others come upon the film at all: it can be found, or has a link."""
    return is_listed(video, now) or is_open_by_link(video, now)


def is_coming_by_link(video: Video, now: datetime) -> bool:
    """Whether the film will be for everybody who has its link, and is not yet.

    The same is said while machines, moderators or its owner are at work: whoever has the link is
    not to learn which. A film of which a part was refused is not coming.
    """
    newest = [chapter.next_clip or chapter.live_clip for chapter in video.chapters]
    return (
        video.link_key is not None
        and _is_sent_out(video, now)
        and not is_online(video, now)
        and not any(clip and clip.review in REFUSED for clip in newest)
    )


def _may_be_shown(clip: Clip | None) -> bool:
    return clip is not None and clip.stage is Stage.READY and clip.review is Review.APPROVED


def is_audience(user: User | None, audience: str) -> bool:
    """Whether listed films are for this visitor; `audience` is the operator's setting."""
    if audience == "everyone":
        return True
    return user is not None and (user.is_verified_recruiter or user.is_staff)


def owns(user: User | None, video: Video) -> bool:
    """Whether the film is this person's, and still there."""
    return user is not None and user.id == video.owner_id and video.deleted_at is None


def may_review(user: User | None, video: Video) -> bool:
    """Moderators see every film its owner has sent them, but nobody judges their own."""
    return (
        user is not None
        and user.is_staff
        and user.role in {Role.MODERATOR, Role.ADMIN}
        and user.id != video.owner_id
        and video.deleted_at is None
        and video.visibility is not Visibility.DRAFT
    )


def may_watch(user: User | None, video: Video, now: datetime, *, audience: str) -> bool:
    """Whether the film's published cut is for this visitor."""
    if owns(user, video) or may_review(user, video):
        return True
    return is_listed(video, now) and is_audience(user, audience)


def may_watch_draft(user: User | None, video: Video) -> bool:
    """Whether the cut with clips nobody has approved yet is for this visitor."""
    return owns(user, video) or may_review(user, video)
