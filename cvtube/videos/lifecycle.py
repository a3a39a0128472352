"""Every verb of a film's life. With `work` (leases), the only code that writes state.

Each verb is a conditional UPDATE plus a `VideoEvent` in the same transaction, and rings for
the job its new state wakes. A verb that finds the state changed by somebody else either
stops quietly (machines) or raises `Refused` (people, who must be told).

Verbs that touch more than one row lock the film first, so that a decision, a re-shoot and a
finishing encode of the same film never interleave.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any, NamedTuple

from sqlalchemy import delete, exists, func, select, true, update
from sqlalchemy.orm import Session, selectinload

from cvtube.accounts.models import User
from cvtube.errors import Refused
from cvtube.queue.dispatch import wake
from cvtube.taxonomy.occupations import JobSought
from cvtube.videos import queries, recutting, work
from cvtube.videos.models import (
    Asset,
    Chapter,
    Clip,
    OriginalChunk,
    Review,
    Stage,
    Video,
    VideoEvent,
    Visibility,
)
from cvtube.videos.numbering import part_of
from cvtube.videos.orders import Doing, Reencode, Replaced
from cvtube.videos.pipeline import INDEX_VIDEO, PURGE_VIDEO, TRANSCODE_CLIP
from cvtube.videos.work import Claim, Made

PUBLICATION = timedelta(days=182)  # six months, then hidden until the owner renews

LINK_BYTES = 16  # nobody guesses 128 bits

SHORTEST_TRIM_MS = 1000
# A clip on which nobody works; said in full, since a worker may have begun meanwhile. Its stills
# will be others than those of which one was chosen.
_FRESH: dict[str, Any] = {
    "lease_until": None,
    "not_before": None,
    "error_code": None,
    "progress": 0,
    "poster_still": 0,
}
AT_A_TIME = 200

_QUEUED = (Stage.UPLOADED, Stage.TRANSCODING)
_UNDER_WAY = (Stage.UPLOADING, Stage.KEPT, *_QUEUED)


# -- making ---------------------------------------------------------------------------------


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
    _record(session, video.id, now, "started", actor=owner)
    return video


def start_clip(session: Session, chapter: Chapter, now: datetime, *, actor: User) -> Clip:
    """A new recording for the chapter; one that was still on its way is given up for it."""
    video = _locked(session, chapter.video_id)
    session.refresh(chapter)
    if chapter.next_clip_id:
        _step_back(session, chapter.next_clip_id, now, actor)
    clip = Clip(video_id=video.id, stage=Stage.UPLOADING, review=Review.NONE, created_at=now)
    session.add(clip)
    session.flush()
    chapter.next_clip_id = clip.id
    _record(session, video.id, now, "upload_started", actor=actor, clip_id=clip.id)
    return clip


def complete_upload(session: Session, clip_id: str, size: int, now: datetime) -> bool:
    """The last byte is stored. False: it already was, or the clip was given up meanwhile.

    A take that nobody has chosen yet is kept; everything else goes to the encoder.
    """
    clip = session.execute(select(Clip.video_id, Clip.chapter_id).where(Clip.id == clip_id)).first()
    if clip is None:
        return False
    waits = False
    if clip.chapter_id is not None:
        _lock(session, clip.video_id)  # it may be being chosen at this very moment
        waits = not session.scalar(select(exists().where(Chapter.next_clip_id == clip_id)))
    after = Stage.KEPT if waits else Stage.UPLOADED
    hit = session.execute(
        update(Clip)
        .where(Clip.id == clip_id, Clip.stage == Stage.UPLOADING)
        # The bell below is its first nudge: without it the clock would ring for it at once, too.
        .values(stage=after, uploaded_at=now, nudged_at=now, original_bytes=size)
        .returning(Clip.id)
    ).first()
    if hit is None:
        return False
    _record(
        session,
        clip.video_id,
        now,
        "uploaded",
        clip_id=clip_id,
        before=Stage.UPLOADING,
        after=after,
    )
    if not waits:
        wake(session, TRANSCODE_CLIP, clip_id)
    return True


def abandon_clip(
    session: Session, clip_id: str, now: datetime, *, actor: User | None = None
) -> None:
    """Give up a recording that is not in the film: its bytes are purged, its chapter stays."""
    clip = session.get(Clip, clip_id)
    if clip is None:
        return
    _locked(session, clip.video_id)
    _abandon(session, clip_id, now, actor)


# -- chapters -------------------------------------------------------------------------------


def add_chapter(
    session: Session, video: Video, now: datetime, *, actor: User, topic: str, title: str
) -> Chapter:
    """One more part, at the end.

    Raises:
        Refused: `film_is_out`: a part that is not filmed yet would hide the film.
    """
    video = _locked(session, video.id)
    if video.visibility is not Visibility.DRAFT:
        raise Refused("film_is_out")
    last = session.scalar(select(func.max(Chapter.position)).where(Chapter.video_id == video.id))
    position = 0 if last is None else last + 1
    chapter = Chapter(video_id=video.id, position=position, topic=topic, title=title)
    session.add(chapter)
    session.flush()
    _record(session, video.id, now, "chapter_added", actor=actor)
    _touch(session, video.id, now)
    return chapter


def remove_chapter(session: Session, chapter: Chapter, now: datetime, *, actor: User) -> None:
    """The film goes on without this part; what was recorded for it is thrown away."""
    video = _locked(session, chapter.video_id)
    others = select(Chapter.id).where(Chapter.video_id == video.id, Chapter.id != chapter.id)
    if session.scalar(others) is None:
        raise Refused("last_chapter")
    clips = select(Clip.id).where(
        (Clip.chapter_id == chapter.id) | Clip.id.in_([chapter.live_clip_id, chapter.next_clip_id])
    )
    for clip_id in session.scalars(clips).all():
        _abandon(session, clip_id, now, actor)
    session.execute(delete(Chapter).where(Chapter.id == chapter.id))
    session.expire_all()
    _record(session, video.id, now, "chapter_removed", actor=actor)
    _touch(session, video.id, now)


def move_chapter(
    session: Session, chapter: Chapter, now: datetime, *, actor: User, places: int
) -> None:
    """Let the part change places with another one: -1 for the one before, 1 for the one after."""
    video = _locked(session, chapter.video_id)
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
    _record(session, video.id, now, "chapter_moved", actor=actor)
    _touch(session, video.id, now)


def choose_poster(
    session: Session, chapter: Chapter, clip: Clip, still: int, now: datetime, *, actor: User
) -> None:
    """This still of the chapter's recording stands for the film.

    It is the recording that remembers its still: another one begins with its first.
    """
    video = _locked(session, chapter.video_id)
    if clip.id not in {chapter.live_clip_id, chapter.next_clip_id}:
        raise Refused("not_found")
    video.poster_chapter_id, clip.poster_still = chapter.id, still
    session.flush()
    _record(session, video.id, now, "poster_chosen", actor=actor, clip_id=clip.id)
    _touch(session, video.id, now)


def name_job(
    session: Session, video: Video, sought: JobSought, now: datetime, *, actor: User
) -> None:
    """The job this film is for, as its owner has picked it or says it."""
    video = _locked(session, video.id)
    code = sought.code
    if (video.occupation_code, video.job_words) == (code, sought.words):
        return
    video.occupation_code, video.job_words = code, sought.words
    session.flush()
    _record(session, video.id, now, "job_named", actor=actor)
    _touch(session, video.id, now)


# -- takes ----------------------------------------------------------------------------------


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
    video = _locked(session, chapter.video_id)
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
    _record(session, video.id, now, "take_started", actor=actor, clip_id=take.id)
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
    if take.stage is not Stage.UPLOADING and not _has_original(session, take.id):
        raise Refused("take_too_old")
    _put_next(session, chapter, take, now, actor)
    _call_off_remaking(session, take.id)
    if trim != (take.trim_start_ms, take.trim_end_ms):
        recutting.follow(session, take, trim.start_ms, trim.end_ms)
    before = take.stage
    values: dict[str, Any] = {"trim_start_ms": trim.start_ms, "trim_end_ms": trim.end_ms}
    if before is not Stage.UPLOADING:
        values |= _FRESH | {"stage": Stage.UPLOADED, "tries": 0, "nudged_at": now}
        if before not in _QUEUED:  # else it keeps its place
            values["uploaded_at"] = now
        wake(session, TRANSCODE_CLIP, take.id)
    session.execute(update(Clip).where(Clip.id == take.id).values(**values))
    _record(session, take.video_id, now, "take_chosen", actor=actor, clip_id=take.id)
    _touch(session, take.video_id, now)


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
        recutting.follow(session, take, trim.start_ms, trim.end_ms)
    take.trim_start_ms, take.trim_end_ms = trim.start_ms, trim.end_ms
    session.flush()


def _put_next(session: Session, chapter: Chapter, take: Clip, now: datetime, actor: User) -> None:
    """The take becomes what the chapter is to show once it is made."""
    if chapter.live_clip_id == take.id:
        chapter.live_clip_id = None
        session.flush()
    if chapter.next_clip_id and chapter.next_clip_id != take.id:
        _step_back(session, chapter.next_clip_id, now, actor)
    chapter.next_clip_id = take.id
    session.flush()


def discard_take(session: Session, take: Clip, now: datetime, *, actor: User | None) -> None:
    """Throw the recording away at once; not the one that is in the film."""
    chapter = _chapter_of(session, take)
    if chapter.live_clip_id == take.id:
        raise Refused("take_in_film")
    _abandon(session, take.id, now, actor)


def discard_old_takes(session: Session, recorded_before: datetime, now: datetime) -> int:
    """Throw away what nobody has chosen for too long; returns how many went."""
    old = session.scalars(
        select(Clip)
        .where(Clip.stage == Stage.KEPT, Clip.created_at <= recorded_before)
        .order_by(Clip.created_at)
        .limit(AT_A_TIME)
    ).all()
    for take in old:
        if _lock(session, take.video_id) is not None:
            session.refresh(take)
            if take.stage is Stage.KEPT:
                _abandon(session, take.id, now, None)
    return len(old)


def _chapter_of(session: Session, take: Clip) -> Chapter:
    """The take's chapter, with film, take and chapter as they are now; else `not_found`."""
    _locked(session, take.video_id)
    session.refresh(take)
    if take.chapter_id is None:  # thrown away meanwhile
        raise Refused("not_found")
    return session.get_one(Chapter, take.chapter_id, populate_existing=True)


def _has_original(session: Session, clip_id: str) -> bool:
    return bool(session.scalar(select(exists().where(OriginalChunk.clip_id == clip_id))))


def _step_back(session: Session, clip_id: str, now: datetime, actor: User | None) -> None:
    """A recording gives its place to another one: a take is kept beside it, others go."""
    clip = session.get_one(Clip, clip_id, populate_existing=True)
    undecided = clip.chapter_id is not None and clip.review in {Review.NONE, Review.PENDING}
    spoilt = clip.stage is Stage.FAILED and clip.error_code != work.GAVE_UP
    session.execute(
        update(Chapter).where(Chapter.next_clip_id == clip_id).values(next_clip_id=None)
    )
    if undecided and clip.stage is Stage.UPLOADING:
        return
    if not (undecided and not spoilt and _has_original(session, clip_id)):
        _abandon(session, clip_id, now, actor)
        return
    _call_off_remaking(session, clip_id)
    session.execute(
        update(Clip)
        .where(Clip.id == clip_id)
        .values(stage=Stage.KEPT, review=Review.NONE, submitted_at=None, **_FRESH)
    )
    session.execute(delete(Asset).where(Asset.clip_id == clip_id))
    _record(
        session, clip.video_id, now, "take_kept",
        actor=actor, clip_id=clip_id, before=clip.stage, after=Stage.KEPT,
    )  # fmt: skip
    wake(session, PURGE_VIDEO, clip.video_id)  # what was made of it is nobody's any more


def _call_off_remaking(session: Session, clip_id: str) -> None:
    """What is to become of the clip is said anew; attempts go on behind those of the old order."""
    order = delete(Reencode).where(Reencode.clip_id == clip_id).returning(Reencode.attempt)
    attempt = session.scalar(order)
    if attempt is not None:
        session.execute(
            update(Clip).where(Clip.id == clip_id, Clip.attempt < attempt).values(attempt=attempt)
        )


# -- transcoding ----------------------------------------------------------------------------


def finish_transcode(session: Session, held: Claim, made: Made, now: datetime) -> bool:
    """The clip is ready. False: the lease was lost, or the film deleted, in the meantime."""
    if _lock(session, held.video_id) is None:
        return False
    done = work.end(
        session,
        held,
        Stage.READY,
        ready_at=now,
        duration_ms=made.duration_ms,
        width=made.width,
        height=made.height,
        ladder=made.ladder,
        progress=100,
    )
    if not done:
        return False
    session.execute(delete(Asset).where(Asset.clip_id == held.clip_id))
    session.add_all(made.assets)
    _record(
        session,
        held.video_id,
        now,
        "ready",
        clip_id=held.clip_id,
        before=Stage.TRANSCODING,
        after=Stage.READY,
    )
    _settle(session, held, now)
    _touch(session, held.video_id, now)
    return True


def fail_transcode(session: Session, held: Claim, code: str, now: datetime) -> bool:
    """The clip cannot become a film, for the reason the code names. False: no longer ours."""
    if not work.end(session, held, Stage.FAILED, error_code=code, progress=0):
        return False
    _record(
        session, held.video_id, now, "failed",
        clip_id=held.clip_id, before=Stage.TRANSCODING, after=Stage.FAILED, reason=code,
    )  # fmt: skip
    return True


def finish_reencode(
    session: Session, held: Claim, made: Made, now: datetime, *, grace: timedelta
) -> bool:
    """A ready clip is made anew: what was there before goes after the grace.

    Nothing else of the clip changes: it stays as approved as it was. False: the lease was
    lost, or the clip or its film given up, in the meantime.
    """
    if _lock(session, held.video_id) is None:
        return False
    there = select(Clip.id).where(
        Clip.id == held.clip_id, Clip.stage == Stage.READY, Clip.attempt < held.attempt
    )
    if session.scalar(there) is None or not work.end(
        session, held, Doing.DONE, ended_at=now, progress=100
    ):
        return False
    session.execute(
        update(Clip)
        .where(Clip.id == held.clip_id)
        .values(
            attempt=held.attempt,
            ladder=made.ladder,
            duration_ms=made.duration_ms,
            width=made.width,
            height=made.height,
        )
    )
    replaced = session.scalars(select(Asset.key).where(Asset.clip_id == held.clip_id)).all()
    session.execute(delete(Asset).where(Asset.clip_id == held.clip_id))
    due_at = now + grace
    session.add_all(Replaced(key=key, clip_id=held.clip_id, due_at=due_at) for key in replaced)
    session.add_all(made.assets)
    _record(session, held.video_id, now, "made_again", clip_id=held.clip_id)
    _touch(session, held.video_id, now)
    return True


def _settle(session: Session, held: Claim, now: datetime) -> None:
    """Put a clip that has just become ready where it belongs in its film."""
    chapter = session.scalar(
        select(Chapter)
        .where(Chapter.next_clip_id == held.clip_id)
        .options(selectinload(Chapter.live_clip), selectinload(Chapter.video))
    )
    if chapter is None:
        return  # re-shot again, or its chapter removed, while it was being encoded
    if chapter.live_clip is None or chapter.live_clip.review is not Review.APPROVED:
        _promote(session, chapter, now)
    if chapter.video.visibility is not Visibility.DRAFT:
        _submit(session, held.video_id, now)


def _promote(session: Session, chapter: Chapter, now: datetime) -> None:
    """The chapter's next clip takes the place of its live one."""
    replaced = chapter.live_clip_id
    chapter.live_clip_id, chapter.next_clip_id = chapter.next_clip_id, None
    session.flush()
    if replaced:
        _step_back(session, replaced, now, None)


# -- the owner's wishes ----------------------------------------------------------------------


def publish(
    session: Session,
    video: Video,
    now: datetime,
    *,
    actor: User,
    audience: Visibility = Visibility.RECRUITERS,
) -> None:
    """Show the film to these people once moderators have approved it, for some months again."""
    video = _locked(session, video.id)
    expired = video.expires_at is not None and video.expires_at <= now
    if video.visibility is not Visibility.DRAFT and not expired:
        change_audience(session, video, now, actor=actor, audience=audience)
        return
    before = video.visibility
    video.visibility = audience
    video.published_at, video.expires_at, video.paused_at = now, now + PUBLICATION, None
    session.flush()
    at_once = session.scalar(select(queries.online(now)).where(Video.id == video.id))
    verb = "shown_again" if at_once else "published"
    _record(session, video.id, now, verb, actor=actor, before=before, after=video.visibility)
    _submit(session, video.id, now)
    _touch(session, video.id, now)


def change_audience(
    session: Session, video: Video, now: datetime, *, actor: User, audience: Visibility
) -> None:
    """Show a film that is out to others; what is approved stays approved, and no day is won."""
    video = _locked(session, video.id)
    before = video.visibility
    if before in {Visibility.DRAFT, audience}:
        return
    video.visibility = audience
    session.flush()
    _record(session, video.id, now, "audience_changed", actor=actor, before=before, after=audience)
    _touch(session, video.id, now)


def make_link(session: Session, video: Video, now: datetime, *, actor: User) -> None:
    """A new link to the film; the one before is dead at once."""
    video = _locked(session, video.id)
    if video.visibility is Visibility.DRAFT:
        raise Refused("film_not_sent")
    verb = "link_renewed" if video.link_key else "link_made"
    video.link_key = secrets.token_urlsafe(LINK_BYTES)
    session.flush()
    _record(session, video.id, now, verb, actor=actor)


def switch_off_link(session: Session, video: Video, now: datetime, *, actor: User) -> None:
    """No link leads to the film any more."""
    video = _locked(session, video.id)
    if video.link_key is None:
        return
    video.link_key = None
    session.flush()
    _record(session, video.id, now, "link_switched_off", actor=actor)


def withdraw(session: Session, video: Video, now: datetime, *, actor: User) -> None:
    """Take the film back: hidden at once, and out of the moderators' queue."""
    video = _locked(session, video.id)
    if video.visibility is Visibility.DRAFT:
        return
    before = video.visibility
    video.visibility = Visibility.DRAFT
    video.published_at = video.expires_at = video.paused_at = video.link_key = None
    session.execute(
        update(Clip)
        .where(Clip.video_id == video.id, Clip.review == Review.PENDING)
        .values(review=Review.NONE, submitted_at=None)
    )
    _record(session, video.id, now, "withdrawn", actor=actor, before=before, after=video.visibility)
    _touch(session, video.id, now)


def delete_video(session: Session, video: Video, now: datetime, *, actor: User | None) -> None:
    """Hide the film for everybody at once; every byte of it is purged next."""
    video = _locked(session, video.id)
    for clip_id in session.scalars(
        select(Clip.id).where(Clip.video_id == video.id, Clip.stage.in_(_UNDER_WAY))
    ).all():
        _abandon(session, clip_id, now, actor)
    video.deleted_at = now
    _record(session, video.id, now, "deleted", actor=actor)
    _touch(session, video.id, now)
    wake(session, PURGE_VIDEO, video.id)


def _submit(session: Session, video_id: str, now: datetime) -> None:
    """Every ready clip nobody has looked at goes to the moderators."""
    submitted = session.scalars(
        update(Clip)
        .where(Clip.video_id == video_id, Clip.stage == Stage.READY, Clip.review == Review.NONE)
        .values(review=Review.PENDING, submitted_at=now)
        .returning(Clip.id)
    ).all()
    for clip_id in submitted:
        _record(
            session,
            video_id,
            now,
            "submitted",
            clip_id=clip_id,
            before=Review.NONE,
            after=Review.PENDING,
        )


# -- decisions -------------------------------------------------------------------------------


def approve(
    session: Session,
    video: Video,
    now: datetime,
    *,
    actor: User,
    clips: Collection[str] | None = None,
) -> Sequence[str]:
    """What waits in this film may be seen by those its owner wishes to show it to.

    `clips` are the ids of those that are meant; None: all. Returns the ids of those that waited.
    """
    video = _locked(session, video.id)
    meant = true() if clips is None else Clip.id.in_(clips)
    approved = session.scalars(
        update(Clip)
        .where(Clip.video_id == video.id, Clip.review == Review.PENDING, meant)
        .values(review=Review.APPROVED, reviewed_at=now)
        .returning(Clip.id)
    ).all()
    if not approved:
        raise Refused("already_decided")
    for clip_id in approved:
        _record(
            session,
            video.id,
            now,
            "approved",
            actor=actor,
            clip_id=clip_id,
            before=Review.PENDING,
            after=Review.APPROVED,
        )
    for chapter in session.scalars(
        select(Chapter).where(Chapter.video_id == video.id, Chapter.next_clip_id.in_(approved))
    ):
        _promote(session, chapter, now)
    _touch(session, video.id, now)
    return approved


def ask_for_changes(
    session: Session, clip: Clip, now: datetime, *, actor: User, reason: str, words: str
) -> None:
    """This clip is to be redone; the rest of the film is not touched."""
    verdict = _Verdict("asked_for_changes", Review.PENDING, Review.NEEDS_CHANGES)
    _decide(session, clip, now, verdict, actor=actor, reason=reason, words=words)


def reject(
    session: Session, clip: Clip, now: datetime, *, actor: User, reason: str, words: str
) -> None:
    """This clip cannot be shown, for a reason that no repair mends."""
    verdict = _Verdict("rejected", Review.PENDING, Review.REJECTED)
    _decide(session, clip, now, verdict, actor=actor, reason=reason, words=words)


def take_down(
    session: Session, clip: Clip, now: datetime, *, actor: User, reason: str, words: str
) -> None:
    """Remove an approved clip after all; effective with the next request."""
    verdict = _Verdict("taken_down", Review.APPROVED, Review.REMOVED)
    _decide(session, clip, now, verdict, actor=actor, reason=reason, words=words)


class _Verdict(NamedTuple):
    verb: str
    before: Review
    after: Review


def _decide(session: Session, clip: Clip, now: datetime, verdict: _Verdict, **why: Any) -> None:
    _locked(session, clip.video_id)
    hit = session.execute(
        update(Clip)
        .where(Clip.id == clip.id, Clip.review == verdict.before)
        .values(review=verdict.after, reviewed_at=now)
        .returning(Clip.id)
    ).first()
    if hit is None:
        raise Refused("already_decided")
    change: dict[str, Any] = {"before": verdict.before, "after": verdict.after}
    _record(session, clip.video_id, now, verdict.verb, clip_id=clip.id, **change, **why)
    _touch(session, clip.video_id, now)


# -- shared ----------------------------------------------------------------------------------


def _lock(session: Session, video_id: str) -> Video | None:
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


def _locked(session: Session, video_id: str) -> Video:
    """The same for people: a film that is gone is "not found" to whoever still acts on it."""
    video = _lock(session, video_id)
    if video is None:
        raise Refused("not_found")
    return video


def _abandon(session: Session, clip_id: str, now: datetime, actor: User | None) -> None:
    row = session.execute(select(Clip.stage, Clip.video_id).where(Clip.id == clip_id)).one()
    if row.stage is Stage.ABANDONED:
        return
    session.execute(
        update(Clip)
        .where(Clip.id == clip_id)
        .values(
            stage=Stage.ABANDONED, chapter_id=None, review=Review.NONE, reviewed_at=None,
            submitted_at=None, lease_until=None, error_code=None, progress=0,
        )
    )  # fmt: skip
    work.forget_early(session, clip_id)
    _call_off_remaking(session, clip_id)
    session.execute(
        update(Chapter).where(Chapter.next_clip_id == clip_id).values(next_clip_id=None)
    )
    _record(
        session,
        row.video_id,
        now,
        "abandoned",
        actor=actor,
        clip_id=clip_id,
        before=row.stage,
        after=Stage.ABANDONED,
    )
    wake(session, PURGE_VIDEO, row.video_id)


def _touch(session: Session, video_id: str, now: datetime) -> None:
    session.execute(update(Video).where(Video.id == video_id).values(changed_at=now))
    wake(session, INDEX_VIDEO, video_id)


def _record(
    session: Session,
    video_id: str,
    now: datetime,
    verb: str,
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
