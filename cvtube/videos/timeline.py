"""A film as it plays: which clip stands for each chapter, and when it starts.

The published version is what the audience sees. The working version is what its owner and the
moderators see: each chapter's newest take that can be played. To its owner it goes on with the clip
that is still being made, as far as that is. The made version has no take that a newer one is to
replace: beside it, the device that filmed the others plays those.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from cvtube.videos.models import Asset, AssetKind, Chapter, Clip, Review, Stage, Video

P = TypeVar("P")  # an asset, or a row that knows one


class Version(enum.StrEnum):
    """Which of them."""

    PUBLISHED = "published"
    WORKING = "working"
    MADE = "made"


@dataclass(frozen=True)
class TimelinePart:
    """One chapter's clip in a version, `start_ms` after the film's beginning."""

    chapter: Chapter
    clip: Clip
    start_ms: int

    @property
    def duration_ms(self) -> int:
        return (self.clip.early_ms if self.early else self.clip.duration_ms) or 0

    @property
    def early(self) -> bool:
        """Whether it is still being made, and grows."""
        return self.clip.stage is Stage.TRANSCODING

    @property
    def pictures(self) -> list[Asset]:
        """The renditions it can be watched in."""
        return [
            asset
            for asset in self.clip.assets
            if asset.kind is (AssetKind.EARLY if self.early else AssetKind.RENDITION)
            and asset.width
        ]

    @property
    def sound(self) -> Asset | None:
        """What is heard."""
        kind = AssetKind.EARLY if self.early else AssetKind.AUDIO
        return next((a for a in self.clip.assets if a.kind is kind and not a.width), None)

    @property
    def end_ms(self) -> int:
        return self.start_ms + self.duration_ms

    @property
    def posters(self) -> list[Asset]:
        """The pictures that may stand for it: each still in each size, the smallest first."""
        found = (asset for asset in self.clip.assets if asset.kind is AssetKind.POSTER)
        return sorted(found, key=lambda asset: asset.width or 0)

    @property
    def stills(self) -> list[int]:
        """The numbers of the pictures that may stand for it."""
        return sorted({still_of(poster) for poster in self.posters})

    @property
    def poster(self) -> list[Asset]:
        """The still that does, in its sizes."""
        return of_still(self.posters, self.clip.poster_still)


def parts(video: Video, cut: Version, *, early: bool = False) -> list[TimelinePart]:
    """The film's clips in playing order (chapters and clips must be loaded).

    `early`: also the one that is being made. It is the last: what grows cannot be followed.
    """
    found: list[TimelinePart] = []
    start = 0
    for chapter in video.chapters:
        clip = _clip(chapter, cut, early=early)
        if clip is not None:
            found.append(TimelinePart(chapter, clip, start))
            start = found[-1].end_ms
            if found[-1].early:
                break
    return found


def poster_part(video: Video, found: list[TimelinePart]) -> TimelinePart:
    """The part of a cut whose picture stands for the film: its owner's choice, else the first."""
    chosen = (part for part in found if part.chapter.id == video.poster_chapter_id)
    return next(chosen, found[0])


def of_still(posters: Sequence[P], wanted: int) -> list[P]:
    """Those of a clip's that show this still; where there is none such (any more), the first."""
    return [p for p in posters if still_of(p) == wanted] or [p for p in posters if not still_of(p)]


def still_of(poster: Any) -> int:
    """Which still of its clip an asset shows, or a row that knows its facts."""
    return int(poster.facts.get("still", 0))


def newest(chapter: Chapter) -> Clip | None:
    """The take that is being talked about: the one on its way, else the one in the film."""
    return chapter.next_clip or chapter.live_clip


def _clip(chapter: Chapter, cut: Version, *, early: bool) -> Clip | None:
    if cut is Version.WORKING:
        return _working(chapter, early=early)
    if cut is Version.MADE:
        clip = newest(chapter)
        return clip if _playable(clip) else None
    clip = chapter.live_clip
    return clip if _playable(clip) and clip and clip.review is Review.APPROVED else None


def _working(chapter: Chapter, *, early: bool) -> Clip | None:
    takes = (chapter.next_clip, chapter.live_clip)
    return next((clip for clip in takes if _playable(clip) or (early and _grows(clip))), None)


def _playable(clip: Clip | None) -> bool:
    return clip is not None and clip.stage is Stage.READY


def _grows(clip: Clip | None) -> bool:
    return clip is not None and clip.stage is Stage.TRANSCODING and clip.early_ms is not None
