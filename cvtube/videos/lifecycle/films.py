"""A film as a whole: begun, named for a job, given its picture, and deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import zip_longest

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvtube.accounts.models import User
from cvtube.errors import Refused
from cvtube.taxonomy.occupations import JobSought
from cvtube.videos.lifecycle.clips import UNDER_WAY, abandon, enqueue_purge
from cvtube.videos.lifecycle.write import locked, record, touch
from cvtube.videos.models import (
    Chapter,
    Clip,
    Video,
    Visibility,
)
from cvtube.videos.verbs import Verb


def start_video(
    session: Session,
    owner: User,
    now: datetime,
    *,
    sought: JobSought = JobSought(),  # noqa: B008 (frozen)
    chapter_titles: Sequence[str] = ("",),
    topics: Sequence[str] = (),
) -> Video:
    """A new film, a draft for its owner's eyes only; `topics` go with the titles, if given."""
    video = Video(
        owner_id=owner.id,
        occupation_code=sought.code,
        job_words=sought.words,
        visibility=Visibility.DRAFT,
        created_at=now,
        changed_at=now,
        chapters=[
            Chapter(position=i, title=title, topic=topic)
            for i, (title, topic) in enumerate(zip_longest(chapter_titles, topics, fillvalue=""))
        ],
    )
    session.add(video)
    session.flush()
    record(session, video.id, now, Verb.STARTED, actor=owner)
    return video


def name_job(
    session: Session, video: Video, sought: JobSought, now: datetime, *, actor: User
) -> None:
    """The job this film is for, as its owner has picked it or says it."""
    video = locked(session, video.id)
    code = sought.code
    if (video.occupation_code, video.job_words) == (code, sought.words):
        return
    video.occupation_code, video.job_words = code, sought.words
    session.flush()
    record(session, video.id, now, Verb.JOB_NAMED, actor=actor)
    touch(session, video.id, now)


def choose_poster(
    session: Session, chapter: Chapter, clip: Clip, still: int, now: datetime, *, actor: User
) -> None:
    """This still of the chapter's recording stands for the film.

    It is the recording that remembers its still: another one begins with its first.
    """
    video = locked(session, chapter.video_id)
    if clip.id not in {chapter.live_clip_id, chapter.next_clip_id}:
        raise Refused("not_found")
    video.poster_chapter_id, clip.poster_still = chapter.id, still
    session.flush()
    record(session, video.id, now, Verb.POSTER_CHOSEN, actor=actor, clip_id=clip.id)
    touch(session, video.id, now)


def delete_video(session: Session, video: Video, now: datetime, *, actor: User | None) -> None:
    """Hide the film for everybody at once; every byte of it is purged next."""
    video = locked(session, video.id)
    for clip_id in session.scalars(
        select(Clip.id).where(Clip.video_id == video.id, Clip.stage.in_(UNDER_WAY))
    ).all():
        abandon(session, clip_id, now, actor)
    video.deleted_at = now
    record(session, video.id, now, Verb.DELETED, actor=actor)
    touch(session, video.id, now)
    enqueue_purge(session, video.id, now)
