"""One film, one moderator, for a quarter of an hour; the page renews it while somebody is there."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, insert, not_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased, joinedload

from cvtube.accounts.models import STAFF, User
from cvtube.errors import Refused
from cvtube.moderation.models import ReviewLock

HELD = timedelta(minutes=15)
APART = timedelta(minutes=1)  # how far the clocks of two web servers may be


def in_force(now: datetime) -> ColumnElement[bool]:
    """The lock has not run out, and whoever has it is still a moderator."""
    holder = aliased(User)
    moderates = exists().where(
        holder.id == ReviewLock.moderator_id,
        holder.role.in_(STAFF),
        holder.suspended_at.is_(None),
        holder.deleted_at.is_(None),
    )
    # One that ends later than any can was made before the clock was set back, and is over.
    in_time = and_(ReviewLock.until > now, ReviewLock.until <= now + HELD + APART)
    return and_(in_time, moderates.correlate(ReviewLock))


def take(session: Session, video_id: str, moderator: User, now: datetime) -> datetime:
    """Reserve the film, or keep it reserved; returns until when.

    A moderator looks at one film at a time, so any other they had is free again.

    Raises:
        Refused: "under_review" while another moderator has it.
    """
    if not _free_or_mine(session, video_id, moderator, now):
        raise Refused("under_review")
    session.execute(
        delete(ReviewLock).where(
            ReviewLock.moderator_id == moderator.id, ReviewLock.video_id != video_id
        )
    )
    return now + HELD


def _free_or_mine(session: Session, video_id: str, moderator: User, now: datetime) -> bool:
    taken = session.execute(
        update(ReviewLock)
        .where(
            ReviewLock.video_id == video_id,
            or_(ReviewLock.moderator_id == moderator.id, not_(in_force(now))),
        )
        .values(moderator_id=moderator.id, until=now + HELD)
        .returning(ReviewLock.video_id)
    ).first()
    if taken is not None:
        return True
    try:
        with session.begin_nested():
            session.execute(
                insert(ReviewLock).values(
                    video_id=video_id, moderator_id=moderator.id, until=now + HELD
                )
            )
    except IntegrityError:  # somebody has it
        return False
    return True


def release(session: Session, video_id: str, moderator: User) -> None:
    """Let others have the film."""
    session.execute(
        delete(ReviewLock).where(
            ReviewLock.video_id == video_id, ReviewLock.moderator_id == moderator.id
        )
    )


def held(session: Session, video_id: str, now: datetime) -> ReviewLock | None:
    """Who has the film now, if anybody."""
    return session.scalar(
        select(ReviewLock)
        .where(ReviewLock.video_id == video_id, in_force(now))
        .options(joinedload(ReviewLock.moderator))
    )


def refuse_if_anothers(session: Session, video_id: str, moderator: User, now: datetime) -> None:
    """Nobody decides over the head of the moderator who is looking."""
    lock = held(session, video_id, now)
    if lock is not None and lock.moderator_id != moderator.id:
        raise Refused("under_review")
