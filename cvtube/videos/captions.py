"""A clip's captions as they stand: how far they are, and which words are for whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from cvtube.videos.caption_track import CaptionTrack, Wording
from cvtube.videos.models import OUT, Clip, Review, TranscriptCue, Video, VideoEvent
from cvtube.videos.sentences import Sentence
from cvtube.videos.timeline import Version
from cvtube.videos.verbs import Verb

LONGEST_TEXT = 240  # characters of a sentence: more than two lines on a film nobody reads
MOST_SENTENCES = 400  # of a clip
SHORTEST_MS = 100


def track_of(session: Session, clip_id: str) -> CaptionTrack | None:
    """How far the clip's captions are."""
    return session.get(CaptionTrack, clip_id, populate_existing=True)


def cues_of(session: Session, clip_ids: Collection[str], cut: Version) -> Sequence[TranscriptCue]:
    """The clips' sentences in the order in which they are heard, for those who see this cut."""
    condition = TranscriptCue.shown if cut is Version.PUBLISHED else _is_working_copy()
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
        for cue in cues_of(session, [clip_id], Version.WORKING)
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


def why_sent_back(session: Session, clip_id: str) -> str | None:
    """What the moderator wrote, until the owner confirms the words anew."""
    last = {
        event.verb: event
        for event in session.scalars(
            select(VideoEvent)
            .where(
                VideoEvent.clip_id == clip_id,
                VideoEvent.verb.in_((Verb.CAPTIONS_CONFIRMED, Verb.CAPTIONS_SENT_BACK)),
            )
            .order_by(VideoEvent.at)
        )
    }
    back, confirmed = last.get(Verb.CAPTIONS_SENT_BACK), last.get(Verb.CAPTIONS_CONFIRMED)
    track = track_of(session, clip_id)
    if back is None or confirmed is None or track is None or track.state is not Wording.DRAFT:
        return None
    return back.words if back.at >= confirmed.at else None
