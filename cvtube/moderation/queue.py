"""What waits for a moderator: the film that has waited longest comes first.

Nobody finds a film of their own here. The list says what the film is for, not whose it is.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cvtube.accounts.models import User
from cvtube.db import keyset
from cvtube.db.keyset import KeysetPosition, Page
from cvtube.errors import Refused
from cvtube.moderation import deferred, locks
from cvtube.moderation.models import PassedVideo, ReviewLock
from cvtube.taxonomy.occupations import JobSought, job_sought
from cvtube.videos import queries
from cvtube.videos.models import OUT, Clip, Video, Visibility

PAGE = 30
PASSED_KEPT = timedelta(days=7)


@dataclass(frozen=True)
class WaitingFilm:
    """One film of the queue."""

    video_id: str
    job: JobSought
    visibility: Visibility  # to whom it is to be shown
    has_link: bool  # so is it to everybody who has its link
    since: datetime  # when its oldest waiting part was sent
    promised: datetime
    parts: int
    duration_ms: int
    held_by: str | None  # id of the moderator who has it
    holder: str | None  # and what colleagues call them
    held_until: datetime | None


def waiting(
    session: Session,
    moderator: User,
    now: datetime,
    *,
    promise: timedelta,
    after: KeysetPosition | None = None,
    size: int = PAGE,
) -> Page[WaitingFilm]:
    """A page of the films this moderator may decide about."""
    query, pending = _waiting(moderator, now)
    since = pending.c.since
    if after is not None:
        query = query.where(keyset.behind(since, Video.id, after, newest_first=False))
    rows = session.execute(query.order_by(since, Video.id).limit(size + 1)).all()
    films = [
        WaitingFilm(
            video_id=row.id,
            job=job_sought(row.occupation_code, row.job_words),
            visibility=row.visibility,
            has_link=row.has_link,
            since=row.since,
            promised=row.since + promise,
            parts=row.parts,
            duration_ms=row.duration_ms,
            held_by=row.moderator_id,
            holder=row.given_name,
            held_until=row.until,
        )
        for row in rows
    ]
    return keyset.page_of(films, size, lambda film: KeysetPosition(film.since, film.video_id))


def how_many(session: Session, moderator: User) -> int:
    """All films this moderator may decide about."""
    return session.scalar(select(func.count()).select_from(Video).where(_for(moderator))) or 0


def still_waits(session: Session, video_id: str) -> bool:
    """Whether anything in the film is left to decide."""
    left = select(Video.id).where(Video.id == video_id, _waits())
    return session.scalar(left) is not None


def take_next(
    session: Session, moderator: User, now: datetime, *, passed: str | None = None
) -> str | None:
    """Reserve the next film that nobody has; None: nothing waits.

    First come those the moderator has not passed, the oldest first, then those they have, the one
    passed longest ago first. The film with the id `passed`, which they look at, is passed
    now, and so is any they have reserved: it comes again, but behind all others.
    """
    note_passed(session, moderator, now, passed)
    query, pending = _waiting(moderator, now)
    by_me = and_(
        PassedVideo.video_id == Video.id,
        PassedVideo.moderator_id == moderator.id,
        # What has been sent since is new to everybody.
        PassedVideo.passed_at >= pending.c.latest,
    )
    free_or_mine = or_(ReviewLock.video_id.is_(None), ReviewLock.moderator_id == moderator.id)
    at = PassedVideo.passed_at
    rows = session.execute(
        query.outerjoin(PassedVideo, by_me)
        .where(free_or_mine)
        .order_by(at.is_not(None), at, pending.c.since, Video.id)
        .limit(PAGE)
    ).all()
    for row in rows:
        try:
            locks.take(session, row.id, moderator, now)
        except Refused:  # another moderator was faster
            continue
        return str(row.id)
    return None


def note_passed(
    session: Session, moderator: User, now: datetime, video_id: str | None = None
) -> None:
    """The moderator goes on without deciding about the film they look at or have reserved."""
    reserved = exists().where(
        ReviewLock.video_id == Video.id, ReviewLock.moderator_id == moderator.id
    )
    left = select(Video.id).where(_for(moderator), or_(reserved, Video.id == video_id))
    for passed in session.scalars(left).all():
        key = {"moderator_id": moderator.id, "video_id": passed}
        again = update(PassedVideo).filter_by(**key).values(passed_at=now)
        if session.execute(again.returning(PassedVideo.video_id)).first() is None:
            with suppress(IntegrityError), session.begin_nested():  # pressed twice at once
                session.execute(insert(PassedVideo).values(passed_at=now, **key))


def forget_passed(session: Session, now: datetime) -> None:
    """After a while nobody remembers what a film was passed for."""
    session.execute(delete(PassedVideo).where(PassedVideo.passed_at < now - PASSED_KEPT))


def _waiting(moderator: User, now: datetime) -> tuple[Select[Any], Subquery]:
    """The films for this moderator, and what of each waits (`since`, `latest`, …)."""
    pending = (
        select(
            Clip.video_id,
            func.min(Clip.submitted_at).label("since"),
            func.max(Clip.submitted_at).label("latest"),
            func.count().label("parts"),
            func.sum(Clip.duration_ms).label("duration_ms"),
        )
        .where(deferred.undecided())
        .group_by(Clip.video_id)
        .subquery()
    )
    query = (
        select(
            Video.id,
            Video.occupation_code,
            Video.job_words,
            Video.visibility,
            Video.link_key.is_not(None).label("has_link"),
            pending.c.since,
            pending.c.parts,
            pending.c.duration_ms,
            ReviewLock.moderator_id,
            ReviewLock.until,
            User.given_name,
        )
        .join(pending, pending.c.video_id == Video.id)
        .outerjoin(ReviewLock, and_(ReviewLock.video_id == Video.id, locks.in_force(now)))
        .outerjoin(User, User.id == ReviewLock.moderator_id)
        .where(_for(moderator))
    )
    return query, pending


def _for(moderator: User) -> ColumnElement[bool]:
    """`policy.may_review`, for films that wait."""
    return and_(
        _waits(),
        Video.visibility.in_(OUT),
        Video.owner_id != moderator.id,
    )


def _waits() -> ColumnElement[bool]:
    """At least one clip of the film waits; not while its owner is suspended."""
    return and_(
        Video.deleted_at.is_(None),
        queries.owner_in_good_standing(),
        exists().where(Clip.video_id == Video.id, deferred.undecided()),
    )
