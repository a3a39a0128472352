"""Below every verb: the film is locked, what happened is written down, and search is told.

Verbs that touch more than one row lock the film first, so that a decision, a re-shoot and a
finishing encode of the same film never interleave.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, case, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from cvtube.accounts.models import User
from cvtube.errors import Refused
from cvtube.queue.names import Queue
from cvtube.queue.notify import Message, notify_after_commit
from cvtube.videos.models import (
    Chapter,
    Clip,
    Video,
    VideoEvent,
)
from cvtube.videos.verbs import Verb

# Search entries that are behind are found by comparing rows: no job could tell more.
INDEX_VIDEO = Message("cvtube.browse.jobs.index_video", Queue.GENERAL)


def lock(session: Session, video_id: str) -> Video | None:
    """The film, as it is now, with nobody else changing it until the transaction ends."""
    there = session.scalar(
        select(Video.id).where(Video.id == video_id, Video.deleted_at.is_(None)).with_for_update()
    )
    if there is None:
        return None
    video = session.get_one(Video, video_id)
    # Its columns only: chapters the caller has loaded stay loaded.
    session.refresh(video, Video.__table__.columns.keys())
    return video


def locked(session: Session, video_id: str) -> Video:
    """The same for people: a film that is gone is "not found" to whoever still acts on it."""
    video = lock(session, video_id)
    if video is None:
        raise Refused("not_found")
    return video


def touch(session: Session, video_id: str, now: datetime) -> None:
    session.execute(update(Video).where(Video.id == video_id).values(changed_at=now))
    notify_after_commit(session, INDEX_VIDEO, video_id)


def record(
    session: Session,
    video_id: str,
    now: datetime,
    verb: Verb,
    *,
    actor: User | None = None,
    **what: Any,
) -> None:
    session.add(
        VideoEvent(
            video_id=video_id,
            part=part_of(video_id, what.get("clip_id")),
            at=now,
            verb=verb,
            actor_id=actor.id if actor else None,
            **what,
        )
    )


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
