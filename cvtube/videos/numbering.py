"""Which part of its film a clip is, for a log that outlives both."""

from __future__ import annotations

from sqlalchemy import ScalarSelect, case, func, or_, select
from sqlalchemy.orm import aliased

from cvtube.videos.models import Chapter, Clip


def part_of(video_id: str, clip_id: str | None) -> ScalarSelect[int | None] | None:
    """The number of the clip's part, counted from 1, to be written with an event.

    The database fills it in as the event is written. Empty where the film has only one part, and
    for what is in none.
    """
    if clip_id is None:
        return None
    own, other = aliased(Chapter), aliased(Chapter)
    recorded_for = select(Clip.chapter_id).where(Clip.id == clip_id).scalar_subquery()
    in_it = or_(own.live_clip_id == clip_id, own.next_clip_id == clip_id, own.id == recorded_for)
    position = (
        select(func.max(own.position)).where(own.video_id == video_id, in_it).scalar_subquery()
    )
    before = func.count().filter(other.position <= position)
    several = case((func.count() > 1, func.nullif(before, 0)))
    return select(several).where(other.video_id == video_id).scalar_subquery()
