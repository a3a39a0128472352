"""What is done with a clip's captions: by their owner, and by moderators.

Captions are words that others read, so they go the way the film goes: their owner says that
they are right, a moderator reads them, and only then the audience does. What the audience
reads stays as it was until the next words have gone that way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, update
from sqlalchemy.orm import Session

from cvtube.accounts.models import User
from cvtube.errors import Refused
from cvtube.jobs.enqueue import cancel
from cvtube.jobs.kinds import DRAFT_CAPTIONS
from cvtube.videos.caption_track import CaptionTrack, Wording
from cvtube.videos.captions import sentences_of, track_of
from cvtube.videos.lifecycle.write import locked, record, touch
from cvtube.videos.models import Clip, TranscriptCue
from cvtube.videos.sentences import Sentence
from cvtube.videos.verbs import Verb


def save_captions(
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
    locked(session, clip.video_id)
    track = track_of(session, clip.id)
    if (track.version if track else 0) != version:
        raise Refused("captions_changed")
    if track is None:
        track = CaptionTrack(clip_id=clip.id, by_machine=False)
        session.add(track)
    elif track.language == language and sentences_of(session, clip.id) == list(sentences):
        return version
    if track.state is Wording.DRAFTING:
        cancel(session, DRAFT_CAPTIONS, clip.id)
    track.state, track.language, track.version = Wording.DRAFT, language, version + 1
    track.by_machine = track.by_machine and not fresh
    track.confirmed_at = None
    write_captions(session, clip.id, sentences, language)
    return track.version


def write_captions(
    session: Session, clip_id: str, sentences: Iterable[Sentence], language: str
) -> None:
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


def confirm_captions(
    session: Session, clip: Clip, now: datetime, *, actor: User, version: int
) -> None:
    """The owner says that this is what they say. What is empty goes.

    From then on the words are theirs, whoever wrote them, also if they are sent back.

    Raises:
        Refused: "captions_changed" if the words are not of this version any more.
    """
    locked(session, clip.video_id)
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
    record(session, clip.video_id, now, Verb.CAPTIONS_CONFIRMED, actor=actor, clip_id=clip.id)


def approve_captions(
    session: Session, clip: Clip, now: datetime, *, actor: User, version: int
) -> bool:
    """The audience may read these words. False: they are not the ones that were read, or wait."""
    locked(session, clip.video_id)
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
    record(session, clip.video_id, now, Verb.CAPTIONS_APPROVED, actor=actor, clip_id=clip.id)
    touch(session, clip.video_id, now)
    return True


def send_captions_back(
    session: Session, clip: Clip, now: datetime, *, actor: User, version: int, words: str
) -> None:
    """These words are not shown; `words` tell their owner why.

    Raises:
        Refused: "already_decided" if they do not wait any more, or are others by now.
    """
    locked(session, clip.video_id)
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
    record(
        session,
        clip.video_id,
        now,
        Verb.CAPTIONS_SENT_BACK,
        actor=actor,
        clip_id=clip.id,
        words=words,
    )
