"""How a film stands for its owner: one word for the whole of it, and one for each part.

Pure. The pages turn the word into a sentence, a picture and the one thing to do next.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Iterable
from datetime import datetime

from cvtube.videos.cuts import newest
from cvtube.videos.models import Chapter, Review, Stage, Video, Visibility


class Situation(enum.StrEnum):
    """Each member says what its owner is told; the first that fits any part counts."""

    SENDING = "sending"
    FAILED = "failed"
    EMPTY = "empty"
    PREPARING = "preparing"
    NEEDS_CHANGES = "needs_changes"
    REFUSED = "refused"
    IN_REVIEW = "in_review"
    READY = "ready"
    ONLINE = "online"
    EXPIRED = "expired"


MOVING = frozenset({Situation.SENDING, Situation.PREPARING})
_URGENCY = tuple(Situation)

_BY_STAGE = {
    Stage.UPLOADING: Situation.SENDING,
    Stage.KEPT: Situation.EMPTY,  # never in a film
    Stage.UPLOADED: Situation.PREPARING,
    Stage.TRANSCODING: Situation.PREPARING,
    Stage.FAILED: Situation.FAILED,
    Stage.ABANDONED: Situation.EMPTY,
}
_BY_REVIEW = {
    Review.NONE: Situation.READY,
    Review.PENDING: Situation.IN_REVIEW,
    Review.APPROVED: Situation.ONLINE,
    Review.NEEDS_CHANGES: Situation.NEEDS_CHANGES,
    Review.REJECTED: Situation.REFUSED,
    Review.REMOVED: Situation.REFUSED,
}


def of_chapter(chapter: Chapter) -> Situation:
    """How one part stands."""
    clip = newest(chapter)
    if clip is None:
        return Situation.EMPTY
    return _BY_STAGE.get(clip.stage) or _BY_REVIEW[clip.review]


def of_film(video: Video, now: datetime) -> Situation:
    """How the whole film stands (chapters and clips must be loaded)."""
    parts = [of_chapter(chapter) for chapter in video.chapters] or [Situation.EMPTY]
    worst = min(parts, key=_URGENCY.index)
    if worst not in {Situation.READY, Situation.IN_REVIEW, Situation.ONLINE}:
        return worst
    if video.visibility is Visibility.DRAFT:
        return Situation.READY
    if worst is Situation.ONLINE and video.expires_at and video.expires_at <= now:
        return Situation.EXPIRED
    return worst


def may_be_published(video: Video) -> bool:
    """Every part has a take its owner could watch."""
    playable = [
        any(clip and clip.stage is Stage.READY for clip in (c.next_clip, c.live_clip))
        for c in video.chapters
    ]
    return bool(playable) and all(playable)


def progress(video: Video) -> int | None:
    """How far the encoders are, in percent of what they have to do; None if they have nothing."""
    clips = [
        clip
        for chapter in video.chapters
        if (clip := newest(chapter)) and clip.stage in {Stage.UPLOADED, Stage.TRANSCODING}
    ]
    return sum(clip.progress for clip in clips) // len(clips) if clips else None


def waiting(video: Video) -> list[str]:
    """Ids of its takes that no encoder has taken up yet."""
    takes = (newest(chapter) for chapter in video.chapters)
    return [clip.id for clip in takes if clip and clip.stage is Stage.UPLOADED]


def is_halted(video: Video) -> bool:
    """Whether a take of it was put aside: no machine is fit for it now, which is not its fault."""
    takes = (newest(chapter) for chapter in video.chapters)
    return any(
        clip.stage is Stage.UPLOADED and clip.not_before and clip.attempt and not clip.started_at
        for clip in takes
        if clip
    )


def version(video: Video, situation: Situation, beside: Iterable[str] = ()) -> str:
    """A word that changes whenever the page would say something else, progress apart."""
    clips = (
        f"{clip.id}:{clip.stage}:{clip.review}:{clip.early_ms is not None}" if clip else "-"
        for chapter in video.chapters
        for clip in (chapter.live_clip, chapter.next_clip)
    )
    link = "link" if video.link_key else "-"
    text = "|".join((situation, video.visibility, link, *clips, *beside))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
