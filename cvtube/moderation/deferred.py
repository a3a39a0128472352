"""Decisions, for the few seconds in which they can be undone, and their taking effect.

A decision is a row at first, and nothing else: the clips stay as they were, and nobody is told.
The clock carries it out once its time is over, whether or not the moderator's browser is still
there. Then `decisions` does all it does in one transaction: state, statement of reasons, email.
What has changed meanwhile wins: a decision about what does not wait any more lapses.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, delete, exists, not_, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cvtube.accounts.models import User
from cvtube.errors import Refused
from cvtube.moderation import caption_review, clip_labels, decisions, locks, review
from cvtube.moderation.decisions import DecisionInput, SiteDetails
from cvtube.moderation.models import APPROVED, DeferredClip, DeferredDecision
from cvtube.settings import Settings
from cvtube.taxonomy.occupations import JobSought, job_sought
from cvtube.videos import policy, queries
from cvtube.videos.models import Clip, Review, Video, VideoEvent
from cvtube.videos.verbs import DECISIONS, Refusal

log = logging.getLogger(__name__)

AT_A_TIME = 100
# What a newer version may have stored beside these is left to it.
_KNOWN = (APPROVED, *Refusal)


@dataclass(frozen=True)
class DeferredTerms:
    """By whom a decision is made, and on which terms."""

    moderator: User
    undo: timedelta  # for how long it can be undone
    film_link: str  # where the candidate will read of it


@dataclass(frozen=True)
class Undoable:
    """A decision that can still be undone, as its moderator is reminded of it."""

    id: str
    measure: str
    job: JobSought
    seconds: int  # that are left


def undo_window(settings: Settings) -> timedelta:
    """For how long a decision can be undone."""
    return timedelta(seconds=settings.review_undo_seconds)


def undecided() -> ColumnElement[bool]:
    """The clip waits for a decision, and none about it is on its way."""
    decided = exists().where(
        DeferredClip.clip_id == Clip.id, DeferredClip.submitted_at == Clip.submitted_at
    )
    return and_(Clip.review == Review.PENDING, not_(decided.correlate(Clip)))


def approve(
    session: Session,
    video: Video,
    now: datetime,
    terms: DeferredTerms,
    *,
    seen: Collection[str],
    captions: Sequence[str],
) -> None:
    """Let everything that waits in the film be seen, with the captions that were read.

    Raises:
        Refused: "under_review" if another moderator has it, "owner_suspended",
            "already_decided" or "decided_by_you" if nothing waits any more, "film_changed" if
            not exactly the clips `seen` do.
    """
    locks.refuse_if_anothers(session, video.id, terms.moderator, now)
    decisions.refuse_if_suspended(video)
    waiting = _waiting(session, video)
    if not waiting:
        there = [clip.id for clip in clip_labels.clips(video) if clip.id in seen]
        raise _decided(session, there, terms.moderator)
    if set(waiting) != set(seen):
        raise Refused("film_changed")
    decision = _decision(video, now, terms, APPROVED)
    decision.captions = list(captions)
    _store(session, decision, waiting, terms.moderator)


def restrict(
    session: Session,
    video: Video,
    clip: Clip,
    now: datetime,
    terms: DeferredTerms,
    *,
    ruling: DecisionInput,
) -> None:
    """Ask for changes or reject.

    Raises:
        Refused: "under_review", "owner_suspended", "already_decided" and "decided_by_you" as
            `approve`, "unknown_reason" or "words_missing" for a ruling that does not hold.
    """
    decisions.validate_ruling(ruling)
    locks.refuse_if_anothers(session, video.id, terms.moderator, now)
    decisions.refuse_if_suspended(video)
    waiting = _waiting(session, video)
    if clip.id not in waiting:
        raise _decided(session, [clip.id], terms.moderator)
    decision = _decision(video, now, terms, ruling.measure.value)
    decision.reason, decision.words = ruling.reason, ruling.words
    _store(session, decision, {clip.id: waiting[clip.id]}, terms.moderator)


def undo(
    session: Session, decision_id: str, moderator: User, now: datetime, window: timedelta
) -> str:
    """Make as if a decision of this moderator had not been; returns the film's id.

    Raises:
        Refused: "undo_too_late" once it has taken effect, and for every other id.
    """
    own = delete(DeferredDecision).where(
        DeferredDecision.id == decision_id,
        DeferredDecision.moderator_id == moderator.id,
        _can_be_undone(now, window),
    )
    video_id = session.scalar(own.returning(DeferredDecision.video_id))
    if video_id is None:
        raise Refused("undo_too_late")
    return str(video_id)


def undoable(
    session: Session, moderator: User, now: datetime, window: timedelta
) -> Sequence[Undoable]:
    """What this moderator can still undo, the newest first."""
    rows = session.execute(
        select(DeferredDecision, Video.occupation_code, Video.job_words)
        .join(Video, Video.id == DeferredDecision.video_id)
        .where(DeferredDecision.moderator_id == moderator.id, _can_be_undone(now, window))
        .order_by(DeferredDecision.made_at.desc(), DeferredDecision.id)
    )
    return [
        Undoable(
            one.id, one.measure, job_sought(code, words), round((one.due_at - now).total_seconds())
        )
        for one, code, words in rows
    ]


def decided_in(session: Session, video_id: str) -> set[str]:
    """The clips of the film that still wait, though there is a decision about them."""
    decided = (
        select(DeferredClip.clip_id)
        .join(DeferredDecision, DeferredDecision.id == DeferredClip.decision_id)
        .where(DeferredDecision.video_id == video_id)
    )
    return set(session.scalars(_as_submitted(decided)))


# -- taking effect -----------------------------------------------------------------------------


def due_decisions(session: Session, now: datetime, settings: Settings) -> Sequence[str]:
    """The ids of decisions that nobody can undo any more, the oldest first."""
    return session.scalars(
        select(DeferredDecision.id)
        .where(
            not_(_can_be_undone(now, undo_window(settings))), DeferredDecision.measure.in_(_KNOWN)
        )
        .order_by(DeferredDecision.due_at)
        .limit(AT_A_TIME)
    ).all()


def carry_out(session: Session, decision_id: str, now: datetime, settings: Settings) -> None:
    """Do what was decided, unless it was undone at the last moment or has lapsed."""
    decision = session.get(DeferredDecision, decision_id)
    if decision is None:
        return
    video_id = decision.video_id
    # As every verb does: from here on nobody else changes the film.
    session.execute(select(Video.id).where(Video.id == video_id).with_for_update())
    clips = select(DeferredClip.clip_id).where(DeferredClip.decision_id == decision_id)
    waiting = session.scalars(_as_submitted(clips)).all()
    over = delete(DeferredDecision).where(
        DeferredDecision.id == decision_id, not_(_can_be_undone(now, undo_window(settings)))
    )
    kept = {"synchronize_session": False}  # its values are needed below
    if not session.scalar(over.returning(DeferredDecision.id), execution_options=kept):
        return
    try:
        with session.begin_nested():
            _take_effect(session, decision, waiting, now, settings.contact)
    except Refused as refused:
        log.info("decision %s about %s lapsed: %s", decision_id, video_id, refused.code)


def _take_effect(
    session: Session,
    decision: DeferredDecision,
    clips: Sequence[str],
    now: datetime,
    contact: str,
) -> None:
    video = queries.load_video(session, decision.video_id)
    moderator = session.get(User, decision.moderator_id)
    if moderator is None or not policy.may_review(moderator, video):
        raise Refused("not_found")
    if not clips:
        raise Refused("already_decided")
    site = SiteDetails(decision.film_link, contact)
    if decision.measure == APPROVED:
        decisions.approve(session, video, now, moderator=moderator, clips=clips, site=site)
        read = decision.captions
        caption_review.approve_read(session, video, now, moderator=moderator, read=read)
        return
    ruling = DecisionInput(Refusal(decision.measure), decision.reason, decision.words)
    clip = review.clip_of(video, clips[0])
    decisions.restrict(session, video, clip, now, ruling, moderator=moderator, site=site)


# -- shared ------------------------------------------------------------------------------------


def _can_be_undone(now: datetime, window: timedelta) -> ColumnElement[bool]:
    # One that is due later than any can be was made before the clock was set back, and is over.
    latest = now + window + locks.APART
    return and_(DeferredDecision.due_at > now, DeferredDecision.due_at <= latest)


def _as_submitted(clips: Select[str]) -> Select[str]:
    """Of these deferred clips, those that wait as they did when the moderator looked."""
    same = and_(
        Clip.id == DeferredClip.clip_id,
        Clip.submitted_at == DeferredClip.submitted_at,
        Clip.review == Review.PENDING,
    )
    return clips.join(Clip, same)


def _waiting(session: Session, video: Video) -> dict[str, datetime]:
    """The clips of the film that wait for a decision, with when they were sent."""
    waiting = select(Clip.id, Clip.submitted_at).where(Clip.video_id == video.id, undecided())
    return {clip_id: at for clip_id, at in session.execute(waiting) if at}


def _decision(video: Video, now: datetime, terms: DeferredTerms, measure: str) -> DeferredDecision:
    return DeferredDecision(
        video_id=video.id,
        moderator_id=terms.moderator.id,
        made_at=now,
        due_at=now + terms.undo,
        measure=measure,
        film_link=terms.film_link,
    )


def _store(
    session: Session, decision: DeferredDecision, clips: dict[str, datetime], moderator: User
) -> None:
    decision.clips = [DeferredClip(clip_id=one, submitted_at=at) for one, at in clips.items()]
    try:
        with session.begin_nested():
            session.add(decision)
    except IntegrityError as error:  # somebody else decided at the same moment
        raise _decided(session, clips, moderator) from error


def _decided(session: Session, clips: Collection[str], moderator: User) -> Refused:
    """What is said about clips that do not wait: who decided, if it was whoever asks."""
    deferred = exists().where(
        DeferredClip.clip_id.in_(clips),
        DeferredClip.decision_id == DeferredDecision.id,
        DeferredDecision.moderator_id == moderator.id,
    )
    done = exists().where(
        VideoEvent.clip_id.in_(clips),
        VideoEvent.verb.in_(DECISIONS),
        VideoEvent.actor_id == moderator.id,
    )
    mine = session.scalar(select(or_(deferred, done)))
    return Refused("decided_by_you" if mine else "already_decided")
