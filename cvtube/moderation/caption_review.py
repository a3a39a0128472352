"""Words beside films, before others read them.

Words that are confirmed when a film is approved are approved with it. Words that change later
wait by themselves, and the film stays online with the words it had.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cvtube.accounts.models import User
from cvtube.errors import Refused
from cvtube.mail import outbox
from cvtube.moderation import locks
from cvtube.moderation.decisions import WORDS_LENGTH
from cvtube.taxonomy.occupations import JobSought, job_sought
from cvtube.videos import captions, lifecycle, queries
from cvtube.videos.caption_track import CaptionTrack
from cvtube.videos.models import Chapter, Clip, Video

SHOWN_AT_ONCE = 30


@dataclass(frozen=True)
class NewWords:
    """One film with words to read."""

    video_id: str
    job: JobSought
    since: datetime


class CaptionReview(NamedTuple):
    """The words of one clip, as they were when a moderator read them."""

    clip_id: str
    version: int


def unreviewed_captions(session: Session, moderator: User) -> Sequence[NewWords]:
    """Films with new words this moderator may decide about, the oldest first."""
    since = func.min(CaptionTrack.confirmed_at)
    rows = session.execute(
        select(Video.id, Video.occupation_code, Video.job_words, since)
        .join(Clip, Clip.video_id == Video.id)
        .join(Chapter, Chapter.live_clip_id == Clip.id)
        .join(CaptionTrack, CaptionTrack.clip_id == Clip.id)
        .where(
            captions.waiting_alone(),
            Video.owner_id != moderator.id,
            queries.owner_in_good_standing(),
        )
        .group_by(Video.id, Video.occupation_code, Video.job_words)
        .order_by(since, Video.id)
        .limit(SHOWN_AT_ONCE)
    )
    return [
        NewWords(video_id, job_sought(code, words), since)
        for video_id, code, words, since in rows
        if since
    ]


def approve_read(
    session: Session, video: Video, now: datetime, *, moderator: User, read: Iterable[str]
) -> None:
    """Approve what a moderator has had before them: "clip:version", as the form says."""
    clips = _clips(video)
    for name in read:
        clip_id, _, version = name.partition(":")
        if clip_id in clips and version.isdecimal():
            clip = clips[clip_id]
            lifecycle.approve_captions(session, clip, now, actor=moderator, version=int(version))


def approve(
    session: Session, video: Video, words: CaptionReview, now: datetime, *, moderator: User
) -> None:
    """Show these words from now on.

    Raises:
        Refused: "already_decided" if they do not wait, or are others by now.
    """
    clip = _clip(session, video, words, now, moderator)
    if not lifecycle.approve_captions(session, clip, now, actor=moderator, version=words.version):
        raise Refused("already_decided")


def send_back(
    session: Session,
    video: Video,
    words: CaptionReview,
    now: datetime,
    *,
    moderator: User,
    why: str,
    link: str,
) -> None:
    """Have these words corrected, and tell their owner that there is news.

    Raises:
        Refused: "words_missing", "text_too_long", or as `approve`.
    """
    if not why:
        raise Refused("words_missing")
    if len(why) > WORDS_LENGTH:
        raise Refused("text_too_long", longest=WORDS_LENGTH)
    clip = _clip(session, video, words, now, moderator)
    lifecycle.send_captions_back(
        session, clip, now, actor=moderator, version=words.version, words=why
    )
    owner = video.owner
    if owner.email:
        # Why stands on the page, not in a mailbox that may be others' too.
        name = owner.given_name
        outbox.post(session, now, owner.email, "film_news", owner.language, name=name, link=link)


def _clip(
    session: Session, video: Video, words: CaptionReview, now: datetime, moderator: User
) -> Clip:
    locks.refuse_if_anothers(session, video.id, moderator, now)
    clip = _clips(video).get(words.clip_id)
    if clip is None:
        raise Refused("already_decided")
    return clip


def _clips(video: Video) -> dict[str, Clip]:
    """Everything that stands in the film now, by id."""
    both = ((chapter.live_clip, chapter.next_clip) for chapter in video.chapters)
    return {clip.id: clip for pair in both for clip in pair if clip is not None}
