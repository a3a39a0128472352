"""What exists for whom, in SQL. The twin of `policy`; load through these and strangers get 404."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from cvtube.accounts.models import CandidateProfile, User
from cvtube.accounts.profile import profile_job_sought
from cvtube.errors import Refused
from cvtube.taxonomy.occupations import JobSought, job_sought
from cvtube.videos import policy
from cvtube.videos.models import OUT, Chapter, Clip, Review, Stage, Video, Visibility


def online(now: datetime) -> ColumnElement[bool]:
    """Others than its owner may see it: they are meant to, and everything in it is approved."""
    # Names of its own: the query around this may join the same tables for itself.
    chapter, clip = aliased(Chapter), aliased(Clip)
    shown = (
        exists()
        .where(
            clip.id == chapter.live_clip_id,
            clip.stage == Stage.READY,
            clip.review == Review.APPROVED,
        )
        .correlate(chapter)
    )
    of_video = chapter.video_id == Video.id
    return and_(
        Video.visibility.in_(OUT),
        Video.deleted_at.is_(None),
        Video.paused_at.is_(None),
        or_(Video.expires_at.is_(None), Video.expires_at > now),
        owner_in_good_standing(),
        exists().where(of_video).correlate(Video),
        ~exists().where(of_video, ~shown).correlate(Video),
    )


def owner_in_good_standing() -> ColumnElement[bool]:
    """Whose film it is has an account, which is not suspended."""
    owner = aliased(User)
    there = exists().where(
        owner.id == Video.owner_id, owner.suspended_at.is_(None), owner.deleted_at.is_(None)
    )
    return there.correlate(Video)


def listed(now: datetime) -> ColumnElement[bool]:
    """The audience may find it."""
    return and_(Video.visibility == Visibility.RECRUITERS, online(now))


def open_by_link(now: datetime) -> ColumnElement[bool]:
    """Everybody who has its link may watch it."""
    return and_(Video.link_key.is_not(None), online(now))


def ending(now: datetime, within: timedelta) -> ColumnElement[bool]:
    """Its owner shows it, and it is hidden within that time unless they renew it."""
    return and_(
        Video.visibility.in_(OUT),
        Video.deleted_at.is_(None),
        Video.expires_at > now,
        Video.expires_at <= now + within,
        owner_in_good_standing(),
    )


def owned_by(user: User) -> Select[Video]:
    """A person's own films, newest first."""
    return (
        select(Video)
        .where(Video.owner_id == user.id, Video.deleted_at.is_(None))
        .order_by(Video.created_at.desc(), Video.id)
    )


def whole() -> tuple[ORMOption, ...]:
    """Everything `policy`, pages and playlists need of a film, in a fixed number of queries."""
    chapters = selectinload(Video.chapters)
    clip = (selectinload(Clip.assets), joinedload(Clip.job))
    return (
        joinedload(Video.owner).joinedload(User.profile),
        chapters.joinedload(Chapter.live_clip).options(*clip),
        chapters.joinedload(Chapter.next_clip).options(*clip),
    )


def load_video(session: Session, video_id: str) -> Video:
    """The whole film; raises Refused("not_found"). Ask `policy` before showing it to anybody."""
    video = session.scalar(select(Video).where(Video.id == video_id).options(*whole()))
    if video is None or video.deleted_at is not None:
        raise Refused("not_found")
    return video


def film_of_link(session: Session, key: str, now: datetime) -> Video:
    """The whole film a link leads to.

    Raises:
        Refused: "film_not_yet" if it only waits for its parts to be approved; "not_found"
            whatever else is in the way, and for a link that leads nowhere.
    """
    led_to = select(Video).where(Video.link_key == key).options(*whole())
    video = session.scalar(led_to.where(open_by_link(now)))
    if video is not None:
        return video
    coming = session.scalar(led_to)
    soon = coming is not None and policy.is_coming_by_link(coming, now)
    raise Refused("film_not_yet" if soon else "not_found")


def own_film(session: Session, owner: User, video_id: str) -> Video:
    """The whole film of this person; anybody else's does not exist."""
    video = load_video(session, video_id)
    if video.owner_id != owner.id:
        raise Refused("not_found")
    return video


def own_chapter(session: Session, owner_id: str, chapter_id: str) -> Chapter:
    """The chapter of a film of this person; anybody else's does not exist."""
    chapter = session.scalar(
        select(Chapter)
        .join(Chapter.video)
        .where(Chapter.id == chapter_id, Video.owner_id == owner_id, Video.deleted_at.is_(None))
    )
    if chapter is None:
        raise Refused("not_found")
    return chapter


def own_take(session: Session, owner_id: str, clip_id: str) -> Clip:
    """The take of a film of this person, unless it is given up; anybody else's does not exist."""
    take = session.scalar(
        select(Clip)
        .join(Clip.video)
        .where(
            Clip.id == clip_id,
            Clip.chapter_id.is_not(None),
            Video.owner_id == owner_id,
            Video.deleted_at.is_(None),
        )
    )
    if take is None:
        raise Refused("not_found")
    return take


def film_job_sought(video: Video, profile: CandidateProfile | None) -> JobSought:
    """The job a film is for: its own, else its owner's profile's."""
    return job_sought(video.occupation_code, video.job_words) or profile_job_sought(profile)
