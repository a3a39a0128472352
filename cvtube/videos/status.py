"""How a film stands for its owner: one word for the whole of it, and one for each part.

Pure. The pages turn the word into a sentence, a picture and the one thing to do next.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Iterable
from datetime import datetime

from cvtube.videos import policy
from cvtube.videos.models import Chapter, Clip, Review, Stage, Video, Visibility
from cvtube.videos.timeline import newest


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
    APPROVED = "approved"  # and nobody else sees it: its owner hides the film, or a part is missing
    ONLINE = "online"
    PAUSED = "paused"
    EXPIRED = "expired"


MOVING = frozenset({Situation.SENDING, Situation.PREPARING})
# A part that has no recording which can stay in the film.
TO_FILM = frozenset({Situation.EMPTY, Situation.FAILED, Situation.NEEDS_CHANGES, Situation.REFUSED})
PREPARED_NEXT = frozenset({Stage.UPLOADED, Stage.TRANSCODING})
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
    Review.APPROVED: Situation.APPROVED,
    Review.NEEDS_CHANGES: Situation.NEEDS_CHANGES,
    Review.REJECTED: Situation.REFUSED,
    Review.REMOVED: Situation.REFUSED,
}


def of_clip(clip: Clip) -> Situation:
    """How one recording stands, whatever the film does."""
    return _BY_STAGE.get(clip.stage) or _BY_REVIEW[clip.review]


def of_chapter(chapter: Chapter) -> Situation:
    """How one part stands, whatever the film does: approved is not yet online."""
    clip = newest(chapter)
    return of_clip(clip) if clip else Situation.EMPTY


def of_part(video: Video, chapter: Chapter, now: datetime) -> Situation:
    """How one part stands for its owner: online if others see it (the film is loaded whole)."""
    state = of_chapter(chapter)
    seen = state is Situation.APPROVED and policy.is_seen(video, now)
    return Situation.ONLINE if seen else state


def of_film(video: Video, now: datetime) -> Situation:
    """How the whole film stands (chapters and clips must be loaded)."""
    parts = [of_chapter(chapter) for chapter in video.chapters] or [Situation.EMPTY]
    worst = min(parts, key=_URGENCY.index)
    if video.visibility is Visibility.DRAFT:
        return Situation.READY if worst is Situation.IN_REVIEW else worst
    if worst not in {Situation.APPROVED, Situation.IN_REVIEW}:
        return worst
    if video.expires_at is not None and video.expires_at <= now:
        return Situation.EXPIRED if worst is Situation.APPROVED else worst
    if video.paused_at is not None:
        return Situation.PAUSED
    return Situation.ONLINE if worst is Situation.APPROVED else worst


def filmed(video: Video) -> int:
    """How many of its parts have a recording that can stay."""
    return sum(of_chapter(chapter) not in TO_FILM for chapter in video.chapters)


def may_be_published(video: Video) -> bool:
    """Every part has a take its owner could watch."""
    playable = [
        any(clip and clip.stage is Stage.READY for clip in (c.next_clip, c.live_clip))
        for c in video.chapters
    ]
    return bool(playable) and all(playable)


def progress(video: Video) -> int | None:
    """How far the encoders are, in percent of what they have to do; None if they have nothing.

    A recording that was finished while others waited still counts: percents never fall.
    """
    clips = [clip for chapter in video.chapters if (clip := newest(chapter))]
    left = [clip for clip in clips if clip.stage in PREPARED_NEXT]
    if not left:
        return None
    since = min((clip.job.queued_at for clip in left if clip.job), default=None)
    ready = [clip.ready_at for clip in clips if clip.stage is Stage.READY]
    done = sum(bool(since and at and at >= since) for at in ready)
    return (sum(clip.progress for clip in left) + 100 * done) // (len(left) + done)


def is_halted(video: Video) -> bool:
    """Whether a take of it was put aside: no machine is fit for it now, which is not its fault."""
    takes = (newest(chapter) for chapter in video.chapters)
    jobs = [take.job for take in takes if take and take.stage is Stage.UPLOADED]
    return any(job and job.not_before and job.attempt and not job.started_at for job in jobs)


def version(video: Video, situation: Situation, beside: Iterable[str] = ()) -> str:
    """A word that changes whenever the page would say something else, progress apart."""
    clips = (
        f"{clip.id}:{clip.stage}:{clip.review}:{clip.early_ms is not None}" if clip else "-"
        for chapter in video.chapters
        for clip in (chapter.live_clip, chapter.next_clip)
    )
    link = "link" if video.link_key else "-"
    paused = "paused" if video.paused_at else "-"
    text = "|".join((situation, video.visibility, link, paused, *clips, *beside))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
