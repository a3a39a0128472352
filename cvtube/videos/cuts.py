"""A film as it plays: which clip stands for each chapter, and when it starts.

The published cut is what the audience sees. The working cut is what its owner and the
moderators see: each chapter's newest take that can be played.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from cvtube.videos.models import Chapter, Clip, Review, Stage, Video


class Cut(enum.StrEnum):
    """Which of the two."""

    PUBLISHED = "published"
    WORKING = "working"


@dataclass(frozen=True)
class Part:
    """One chapter's clip in a cut, `start_ms` after the film's beginning."""

    chapter: Chapter
    clip: Clip
    start_ms: int

    @property
    def duration_ms(self) -> int:
        return self.clip.duration_ms or 0

    @property
    def end_ms(self) -> int:
        return self.start_ms + self.duration_ms


def parts(video: Video, cut: Cut) -> list[Part]:
    """The film's clips in playing order (chapters and clips must be loaded)."""
    found: list[Part] = []
    start = 0
    for chapter in video.chapters:
        clip = _published(chapter) if cut is Cut.PUBLISHED else _working(chapter)
        if clip is not None:
            found.append(Part(chapter, clip, start))
            start = found[-1].end_ms
    return found


def poster_part(video: Video, found: list[Part]) -> Part:
    """The part of a cut whose picture stands for the film: its owner's choice, else the first."""
    chosen = (part for part in found if part.chapter.id == video.poster_chapter_id)
    return next(chosen, found[0])


def _published(chapter: Chapter) -> Clip | None:
    clip = chapter.live_clip
    return clip if _playable(clip) and clip and clip.review is Review.APPROVED else None


def _working(chapter: Chapter) -> Clip | None:
    takes = (chapter.next_clip, chapter.live_clip)
    return next((clip for clip in takes if _playable(clip)), None)


def _playable(clip: Clip | None) -> bool:
    return clip is not None and clip.stage is Stage.READY
