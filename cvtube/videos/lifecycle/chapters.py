"""The parts of a film: added, removed, put in order."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from cvtube.accounts.models import User
from cvtube.errors import Refused
from cvtube.videos.lifecycle.clips import abandon
from cvtube.videos.lifecycle.write import locked, record, touch
from cvtube.videos.models import (
    Chapter,
    Clip,
    Video,
    Visibility,
)
from cvtube.videos.verbs import Verb


def add_chapter(
    session: Session, video: Video, now: datetime, *, actor: User, topic: str, title: str
) -> Chapter:
    """One more part, at the end.

    Raises:
        Refused: `film_is_out`: a part that is not filmed yet would hide the film.
    """
    video = locked(session, video.id)
    if video.visibility is not Visibility.DRAFT:
        raise Refused("film_is_out")
    last = session.scalar(select(func.max(Chapter.position)).where(Chapter.video_id == video.id))
    position = 0 if last is None else last + 1
    chapter = Chapter(video_id=video.id, position=position, topic=topic, title=title)
    session.add(chapter)
    session.flush()
    record(session, video.id, now, Verb.CHAPTER_ADDED, actor=actor)
    touch(session, video.id, now)
    return chapter


def remove_chapter(session: Session, chapter: Chapter, now: datetime, *, actor: User) -> None:
    """The film goes on without this part; what was recorded for it is thrown away."""
    video = locked(session, chapter.video_id)
    others = select(Chapter.id).where(Chapter.video_id == video.id, Chapter.id != chapter.id)
    if session.scalar(others) is None:
        raise Refused("last_chapter")
    clips = select(Clip.id).where(
        (Clip.chapter_id == chapter.id) | Clip.id.in_([chapter.live_clip_id, chapter.next_clip_id])
    )
    for clip_id in session.scalars(clips).all():
        abandon(session, clip_id, now, actor)
    session.execute(delete(Chapter).where(Chapter.id == chapter.id))
    session.expire_all()
    record(session, video.id, now, Verb.CHAPTER_REMOVED, actor=actor)
    touch(session, video.id, now)


def move_chapter(
    session: Session, chapter: Chapter, now: datetime, *, actor: User, places: int
) -> None:
    """Let the part change places with another one: -1 for the one before, 1 for the one after."""
    video = locked(session, chapter.video_id)
    order = list(
        session.scalars(
            select(Chapter).where(Chapter.video_id == video.id).order_by(Chapter.position)
        )
    )
    at = next(i for i, one in enumerate(order) if one.id == chapter.id)
    to = at + places
    if not 0 <= to < len(order):
        return
    order[at], order[to] = order[to], order[at]
    for sign in (-1, 1):  # by way of places nobody has: two parts may never share one
        for i, one in enumerate(order, start=1):
            one.position = sign * i
        session.flush()
    record(session, video.id, now, Verb.CHAPTER_MOVED, actor=actor)
    touch(session, video.id, now)
