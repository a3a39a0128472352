"""Takes: the recordings of a chapter, of which its owner chooses one, perhaps trimmed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cvtube.accounts.models import User
from cvtube.errors import Refused
from cvtube.videos.lifecycle import retiming
from cvtube.videos.lifecycle.clips import (
    FRESH,
    abandon,
    call_off_reencode,
    enqueue_clip,
    has_original,
    step_back,
)
from cvtube.videos.lifecycle.write import lock, locked, record, touch
from cvtube.videos.models import (
    Chapter,
    Clip,
    Review,
    Stage,
)
from cvtube.videos.verbs import Verb

SHORTEST_TRIM_MS = 1000
AT_A_TIME = 200


class Trim(NamedTuple):
    """What of a recording is in the film: milliseconds from its beginning; None: to its end."""

    start_ms: int = 0
    end_ms: int | None = None

    def check(self) -> None:
        """Raises Refused unless something is left."""
        if self.start_ms < 0 or (
            self.end_ms is not None and self.end_ms < self.start_ms + SHORTEST_TRIM_MS
        ):
            raise Refused("trim_not_valid")


def start_take(session: Session, chapter: Chapter, now: datetime, *, actor: User) -> Clip:
    """One more recording for the chapter; nothing changes in the film until it is chosen."""
    video = locked(session, chapter.video_id)
    if session.get(Chapter, chapter.id, populate_existing=True) is None:
        raise Refused("not_found")
    take = Clip(
        video_id=video.id,
        chapter_id=chapter.id,
        stage=Stage.UPLOADING,
        review=Review.NONE,
        created_at=now,
    )
    session.add(take)
    session.flush()
    record(session, video.id, now, Verb.TAKE_STARTED, actor=actor, clip_id=take.id)
    return take


def choose_take(
    session: Session, take: Clip, now: datetime, *, actor: User, trim: Trim | None = None
) -> None:
    """This is the chapter's recording now, trimmed so; the one chosen before steps back.

    A take that is chosen without a word of its trim keeps the one it has.

    Cut anew, it takes its captions along. One that has failed is tried once more.

    Raises:
        Refused: `not_found` if film, chapter or take are gone, `take_decided` if moderators
            have it already, `take_too_old` if it would have to be encoded from bytes that are
            no longer there, `trim_not_valid`.
    """
    chapter = _chapter_of(session, take)
    trim = Trim(take.trim_start_ms, take.trim_end_ms) if trim is None else trim
    trim.check()
    chosen = take.id in {chapter.live_clip_id, chapter.next_clip_id}
    unchanged = chosen and trim == (take.trim_start_ms, take.trim_end_ms)
    if unchanged and take.stage is not Stage.FAILED:
        return
    if take.review is not Review.NONE:
        raise Refused("take_decided")
    if take.stage is not Stage.UPLOADING and not has_original(session, take.id):
        raise Refused("take_too_old")
    _put_next(session, chapter, take, now, actor)
    call_off_reencode(session, take.id)
    if trim != (take.trim_start_ms, take.trim_end_ms):
        retiming.follow(session, take, trim.start_ms, trim.end_ms)
    values: dict[str, Any] = {"trim_start_ms": trim.start_ms, "trim_end_ms": trim.end_ms}
    if take.stage is not Stage.UPLOADING:
        values |= FRESH | {"stage": Stage.UPLOADED}
        enqueue_clip(
            session, take.id, now, restart=True
        )  # where it waits already, it keeps its place
    session.execute(update(Clip).where(Clip.id == take.id).values(**values))
    record(session, take.video_id, now, Verb.TAKE_CHOSEN, actor=actor, clip_id=take.id)
    touch(session, take.video_id, now)


def trim_take(session: Session, take: Clip, *, trim: Trim) -> None:
    """What its owner wants of a recording, should it be chosen.

    Raises:
        Refused: `not_found`, `trim_not_valid`, `take_in_film` if it is chosen: then it is cut by
            choosing it anew.
    """
    trim.check()
    chapter = _chapter_of(session, take)
    if take.id in {chapter.live_clip_id, chapter.next_clip_id}:
        raise Refused("take_in_film")
    if trim != (take.trim_start_ms, take.trim_end_ms):
        retiming.follow(session, take, trim.start_ms, trim.end_ms)
    take.trim_start_ms, take.trim_end_ms = trim.start_ms, trim.end_ms
    session.flush()


def _put_next(session: Session, chapter: Chapter, take: Clip, now: datetime, actor: User) -> None:
    """The take becomes what the chapter is to show once it is made."""
    if chapter.live_clip_id == take.id:
        chapter.live_clip_id = None
        session.flush()
    if chapter.next_clip_id and chapter.next_clip_id != take.id:
        step_back(session, chapter.next_clip_id, now, actor)
    chapter.next_clip_id = take.id
    session.flush()


def discard_take(session: Session, take: Clip, now: datetime, *, actor: User | None) -> None:
    """Throw the recording away at once; not the one that is in the film."""
    chapter = _chapter_of(session, take)
    if chapter.live_clip_id == take.id:
        raise Refused("take_in_film")
    abandon(session, take.id, now, actor)


def discard_old_takes(session: Session, recorded_before: datetime, now: datetime) -> int:
    """Throw away what nobody has chosen for too long; returns how many went."""
    old = session.scalars(
        select(Clip)
        .where(Clip.stage == Stage.KEPT, Clip.created_at <= recorded_before)
        .order_by(Clip.created_at)
        .limit(AT_A_TIME)
    ).all()
    for take in old:
        if lock(session, take.video_id) is not None:
            session.refresh(take)
            if take.stage is Stage.KEPT:
                abandon(session, take.id, now, None)
    return len(old)


def _chapter_of(session: Session, take: Clip) -> Chapter:
    """The take's chapter, with film, take and chapter as they are now; else `not_found`."""
    locked(session, take.video_id)
    session.refresh(take)
    if take.chapter_id is None:  # thrown away meanwhile
        raise Refused("not_found")
    return session.get_one(Chapter, take.chapter_id, populate_existing=True)
