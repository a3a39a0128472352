"""The verbs of a clip's captions, and what of them is for whom.

Captions are words that others read, so they go the way the film goes: their owner says that
they are right, a moderator reads them, and only then the audience does. What the audience
reads stays as it was until the next words have gone that way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from cvtube.accounts.models import User
from cvtube.errors import Refused
from cvtube.queue.dispatch import wake
from cvtube.videos.caption_track import CaptionTrack, Wording
from cvtube.videos.cuts import Cut
from cvtube.videos.models import OUT, Clip, Review, TranscriptCue, Video, VideoEvent
from cvtube.videos.numbering import part_of
from cvtube.videos.pipeline import INDEX_VIDEO
from cvtube.videos.sentences import Sentence

LONGEST_TEXT = 240  # characters of a sentence: more than two lines on a film nobody reads
MOST_SENTENCES = 400  # of a clip
SHORTEST_MS = 100


# -- reading ----------------------------------------------------------------------------------


def track_of(session: Session, clip_id: str) -> CaptionTrack | None:
    """How far the clip's captions are."""
    return session.get(CaptionTrack, clip_id, populate_existing=True)


def cues_of(session: Session, clip_ids: Collection[str], cut: Cut) -> Sequence[TranscriptCue]:
    """The clips' sentences in the order in which they are heard, for those who see this cut."""
    condition = TranscriptCue.shown if cut is Cut.PUBLISHED else _is_working_copy()
    return session.scalars(
        select(TranscriptCue)
        .outerjoin(CaptionTrack, CaptionTrack.clip_id == TranscriptCue.clip_id)
        .where(TranscriptCue.clip_id.in_(clip_ids), condition)
        .order_by(TranscriptCue.clip_id, TranscriptCue.start_ms)
    ).all()


def sentences_of(session: Session, clip_id: str) -> list[Sentence]:
    """The working copy."""
    return [
        Sentence(cue.start_ms, cue.end_ms, cue.text, tuple(cue.word_starts))
        for cue in cues_of(session, [clip_id], Cut.WORKING)
    ]


def tracks_of(session: Session, clip_ids: Collection[str]) -> dict[str, CaptionTrack]:
    """Those of several clips, by clip."""
    found = session.scalars(select(CaptionTrack).where(CaptionTrack.clip_id.in_(clip_ids)))
    return {track.clip_id: track for track in found}


def waiting_alone() -> ColumnElement[bool]:
    """Confirmed words of a film that is approved already: the film's own review covers the rest.

    For queries that join CaptionTrack, Clip and Video.
    """
    return (
        (CaptionTrack.state == Wording.CONFIRMED)
        & (Clip.review == Review.APPROVED)
        & Video.visibility.in_(OUT)
        & Video.deleted_at.is_(None)
    )


def _is_working_copy() -> ColumnElement[bool]:
    """What is not shown yet; where there is no such copy, what is shown."""
    return or_(
        TranscriptCue.shown.is_(False),
        CaptionTrack.state == Wording.APPROVED,
        CaptionTrack.clip_id.is_(None),
    )


# -- the owner --------------------------------------------------------------------------------


def save(
    session: Session,
    clip: Clip,
    sentences: Sequence[Sentence],
    *,
    language: str,
    version: int,
    fresh: bool = False,
) -> int:
    """Keep the owner's words as a draft, also against a machine that is still writing its own.

    `fresh`: they are the owner's from the first word on. Returns the new version.

    Raises:
        Refused: "captions_changed" if the words are not of this version any more.
    """
    lock(session, clip.video_id)
    track = track_of(session, clip.id)
    if (track.version if track else 0) != version:
        raise Refused("captions_changed")
    if track is None:
        track = CaptionTrack(clip_id=clip.id, by_machine=False)
        session.add(track)
    elif track.language == language and sentences_of(session, clip.id) == list(sentences):
        return version
    track.state, track.language, track.version = Wording.DRAFT, language, version + 1
    track.by_machine = track.by_machine and not fresh
    track.lease_until = track.confirmed_at = None
    write(session, clip.id, sentences, language)
    return track.version


def write(session: Session, clip_id: str, sentences: Iterable[Sentence], language: str) -> None:
    """Put these in the place of the working copy."""
    session.flush()
    session.execute(
        delete(TranscriptCue).where(
            TranscriptCue.clip_id == clip_id, TranscriptCue.shown.is_(False)
        )
    )
    session.add_all(
        TranscriptCue(
            clip_id=clip_id,
            language=language,
            start_ms=sentence.start_ms,
            end_ms=sentence.end_ms,
            text=sentence.text,
            word_starts=list(sentence.word_starts),
            shown=False,
        )
        for sentence in sentences
    )
    session.flush()


def confirm(session: Session, clip: Clip, now: datetime, *, actor: User, version: int) -> None:
    """The owner says that this is what they say. What is empty goes.

    From then on the words are theirs, whoever wrote them, also if they are sent back.

    Raises:
        Refused: "captions_changed" if the words are not of this version any more.
    """
    lock(session, clip.video_id)
    track = track_of(session, clip.id)
    if track is None or track.version != version or track.state is Wording.DRAFTING:
        raise Refused("captions_changed")
    if track.state is not Wording.DRAFT:
        return
    session.execute(
        delete(TranscriptCue).where(
            TranscriptCue.clip_id == clip.id,
            TranscriptCue.shown.is_(False),
            func.trim(TranscriptCue.text) == "",
        )
    )
    track.state, track.confirmed_at, track.by_machine = Wording.CONFIRMED, now, False
    _record(session, clip, now, "captions_confirmed", actor=actor)


# -- the moderators ---------------------------------------------------------------------------


def approve(session: Session, clip: Clip, now: datetime, *, actor: User, version: int) -> bool:
    """The audience may read these words. False: they are not the ones that were read, or wait."""
    lock(session, clip.video_id)
    hit = session.execute(
        update(CaptionTrack)
        .where(
            CaptionTrack.clip_id == clip.id,
            CaptionTrack.version == version,
            CaptionTrack.state == Wording.CONFIRMED,
        )
        .values(state=Wording.APPROVED)
        .returning(CaptionTrack.clip_id)
    ).first()
    if hit is None:
        return False
    cues = TranscriptCue.clip_id == clip.id
    session.execute(delete(TranscriptCue).where(cues, TranscriptCue.shown.is_(True)))
    session.execute(update(TranscriptCue).where(cues).values(shown=True))
    _record(session, clip, now, "captions_approved", actor=actor)
    session.execute(update(Video).where(Video.id == clip.video_id).values(changed_at=now))
    wake(session, INDEX_VIDEO, clip.video_id)
    return True


def send_back(
    session: Session, clip: Clip, now: datetime, *, actor: User, version: int, words: str
) -> None:
    """These words are not shown; `words` tell their owner why.

    Raises:
        Refused: "already_decided" if they do not wait any more, or are others by now.
    """
    lock(session, clip.video_id)
    hit = session.execute(
        update(CaptionTrack)
        .where(
            CaptionTrack.clip_id == clip.id,
            CaptionTrack.version == version,
            CaptionTrack.state == Wording.CONFIRMED,
        )
        .values(state=Wording.DRAFT, confirmed_at=None)
        .returning(CaptionTrack.clip_id)
    ).first()
    if hit is None:
        raise Refused("already_decided")
    _record(session, clip, now, "captions_sent_back", actor=actor, words=words)


def why_sent_back(session: Session, clip_id: str) -> str | None:
    """What the moderator wrote, until the owner confirms the words anew."""
    last = {
        event.verb: event
        for event in session.scalars(
            select(VideoEvent)
            .where(
                VideoEvent.clip_id == clip_id,
                VideoEvent.verb.in_(("captions_confirmed", "captions_sent_back")),
            )
            .order_by(VideoEvent.at)
        )
    }
    back, confirmed = last.get("captions_sent_back"), last.get("captions_confirmed")
    track = track_of(session, clip_id)
    if back is None or confirmed is None or track is None or track.state is not Wording.DRAFT:
        return None
    return back.words if back.at >= confirmed.at else None


# -- shared -----------------------------------------------------------------------------------


def lock(session: Session, video_id: str) -> None:
    """Verbs of one film take turns; see `lifecycle`."""
    there = select(Video.id).where(Video.id == video_id, Video.deleted_at.is_(None))
    if session.scalar(there.with_for_update()) is None:
        raise Refused("not_found")


def _record(session: Session, clip: Clip, now: datetime, verb: str, **what: Any) -> None:
    actor: User = what.pop("actor")
    session.add(
        VideoEvent(
            video_id=clip.video_id,
            clip_id=clip.id,
            part=part_of(clip.video_id, clip.id),
            at=now,
            verb=verb,
            actor_id=actor.id,
            **what,
        )
    )
