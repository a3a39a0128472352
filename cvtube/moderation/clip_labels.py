"""The parts of a film as moderators and owners know them (chapters and clips must be loaded)."""

from __future__ import annotations

from collections.abc import Collection

from cvtube.i18n import N_, translate
from cvtube.videos.models import Clip, Review, Video


def undecided_clips(video: Video, decided: Collection[str]) -> list[Clip]:
    """The clips that wait for a decision, but those for which one is on its way."""
    pending = (clip for clip in clips(video) if clip.review is Review.PENDING)
    return [clip for clip in pending if clip.id not in decided]


def shown(video: Video) -> list[Clip]:
    """The clips that are approved, and can be taken down."""
    return [clip for clip in clips(video) if clip.review is Review.APPROVED]


def name(video: Video, clip_id: str, language: str) -> str:
    """What to call a clip in a sentence to somebody."""
    if len(video.chapters) == 1:
        return translate(N_("Your video"), language)
    for number, chapter in enumerate(video.chapters, start=1):
        if clip_id in {chapter.live_clip_id, chapter.next_clip_id}:
            named = N_("Part %(number)s of your video, “%(title)s”")
            plain = N_("Part %(number)s of your video")
            return translate(
                named if chapter.title else plain, language, number=number, title=chapter.title
            )
    return translate(N_("A part of your video"), language)


def label(video: Video, clip_id: str, language: str) -> str:
    """The same for a list or a heading, where everybody knows which film is meant."""
    for number, chapter in enumerate(video.chapters, start=1):
        if clip_id in {chapter.live_clip_id, chapter.next_clip_id}:
            title = chapter.title or translate(N_("Part %(number)s"), language, number=number)
            again = clip_id == chapter.next_clip_id and chapter.live_clip_id is not None
            return (
                translate(N_("%(title)s (new recording)"), language, title=title)
                if again
                else title
            )
    return translate(N_("A part of your video"), language)


def clips(video: Video) -> list[Clip]:
    """Every clip that stands in the film now."""
    both = ((chapter.live_clip, chapter.next_clip) for chapter in video.chapters)
    return [clip for pair in both for clip in pair if clip is not None]
