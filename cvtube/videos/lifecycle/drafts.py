"""A clip's captions while a machine drafts them: begun, finished, given up, forbidden.

What is to be drafted follows from the rows: a clip that is ready and has no captions at all, of
a film whose owner agrees to a machine. Nothing waits for a draft, and whatever its owner writes
meanwhile ends it: the verb calls the job off, before it touches the track.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from cvtube.jobs import leases
from cvtube.jobs.enqueue import cancel_of_video, enqueue, is_open
from cvtube.jobs.kinds import DRAFT_CAPTIONS
from cvtube.jobs.leases import Claim
from cvtube.jobs.models import JobState
from cvtube.videos import captions, consents
from cvtube.videos.caption_track import CaptionTrack, Wording
from cvtube.videos.lifecycle.captions import write_captions
from cvtube.videos.lifecycle.write import locked, record
from cvtube.videos.models import Chapter, Clip, Stage, TranscriptCue, Video
from cvtube.videos.sentences import Sentence
from cvtube.videos.verbs import Verb

UNTOUCHED = 1  # version of the words as the machine has left them


def enqueue_wanted(session: Session, now: datetime, limit: int) -> int:
    """Have captions drafted for clips that have none, the longest ready first."""
    rows = wanted(session, limit)
    for clip_id, video_id, owner_id in rows:
        enqueue(session, DRAFT_CAPTIONS, clip_id, now, video_id=video_id, owner_id=owner_id)
    return len(rows)


def wanted(session: Session, limit: int) -> Sequence[tuple[str, str, str]]:
    """Clips to draft captions for: ids of clip, film and owner."""
    cued = exists().where(TranscriptCue.clip_id == Clip.id)
    in_film = exists().where(or_(Chapter.live_clip_id == Clip.id, Chapter.next_clip_id == Clip.id))
    track = CaptionTrack.clip_id == Clip.id
    rows = session.execute(
        select(Clip.id, Clip.video_id, Video.owner_id)
        .join(Video, Video.id == Clip.video_id)
        .outerjoin(CaptionTrack, track)
        .where(
            Clip.stage == Stage.READY,
            Video.deleted_at.is_(None),
            consents.is_given(consents.CAPTIONS),
            in_film,
            or_(
                and_(CaptionTrack.clip_id.is_(None), ~cued),
                CaptionTrack.state == Wording.DRAFTING,
            ),
            ~is_open(DRAFT_CAPTIONS, Clip.id),
        )
        .order_by(Clip.ready_at)
        .limit(limit)
    )
    return [(clip_id, video_id, owner_id) for clip_id, video_id, owner_id in rows]


def start_draft(session: Session, held: Claim, *, language: str) -> bool:
    """A machine listens from now on. False: there are words, or their owner has not agreed.

    Both are asked while nobody can change them. Whoever does so now has locked the film, and may
    be waiting for this very job: so nobody is waited for here, and the clock asks again.
    """
    film = select(Video.id).where(Video.id == held.video_id)
    if session.scalar(film.with_for_update(skip_locked=True)) is None:
        return False
    agreed = session.scalar(
        select(Clip.id)
        .join(Video, Video.id == Clip.video_id)
        .where(
            Clip.id == held.target_id,
            Clip.stage == Stage.READY,
            Video.deleted_at.is_(None),
            consents.is_given(consents.CAPTIONS),
        )
    )
    if agreed is None:
        return False
    track = captions.track_of(session, held.target_id)
    if track is None:
        track = CaptionTrack(clip_id=held.target_id, state=Wording.DRAFTING, language=language)
        session.add(track)
        session.flush()
    return track.state is Wording.DRAFTING


def finish_draft(
    session: Session,
    held: Claim,
    sentences: Sequence[Sentence],
    now: datetime,
    *,
    language: str,
) -> bool:
    """The draft is there, for its owner alone.

    False: they have written by themselves, or cut the clip anew: the job was called off.
    """
    if not leases.end(session, held, JobState.DONE, now):
        return False
    hit = session.execute(
        update(CaptionTrack)
        .where(CaptionTrack.clip_id == held.target_id, CaptionTrack.state == Wording.DRAFTING)
        .values(state=Wording.DRAFT, language=language, by_machine=True, version=UNTOUCHED)
        .returning(CaptionTrack.clip_id)
    ).first()
    if hit is None:
        return False
    write_captions(session, held.target_id, sentences, language)
    record(session, held.video_id, now, Verb.CAPTIONS_DRAFTED, clip_id=held.target_id)
    return True


def fail_draft(session: Session, held: Claim, code: str, now: datetime) -> bool:
    """Tried often enough: the page is there, and its owner can write."""
    if not leases.end(session, held, JobState.FAILED, now, code=code):
        return False
    session.execute(
        update(CaptionTrack)
        .where(CaptionTrack.clip_id == held.target_id, CaptionTrack.state == Wording.DRAFTING)
        .values(state=Wording.DRAFT)
    )
    return True


def forbid(session: Session, video: Video, now: datetime) -> None:
    """The owner no longer wants a machine to listen: what it wrote and nobody touched is gone.

    What they have corrected or confirmed is theirs, and stays.
    """
    locked(session, video.id)
    consents.end_consents(session, video, now, consents.CAPTIONS)
    cancel_of_video(session, DRAFT_CAPTIONS, video.id)
    the_machines = or_(
        CaptionTrack.state == Wording.DRAFTING,
        and_(
            CaptionTrack.state == Wording.DRAFT,
            CaptionTrack.by_machine,
            CaptionTrack.version == UNTOUCHED,
        ),
    )
    of_film = CaptionTrack.clip_id.in_(select(Clip.id).where(Clip.video_id == video.id))
    # Before the words: a draft that a worker is just ending brings words until it is ended.
    dropped = session.scalars(
        delete(CaptionTrack).where(of_film, the_machines).returning(CaptionTrack.clip_id)
    ).all()
    for clip_id in dropped:
        write_captions(session, clip_id, (), "")


def is_untouched(track: CaptionTrack) -> bool:
    """Whether its words are a machine's, as it left them."""
    drafted = track.state is Wording.DRAFT and track.by_machine
    return drafted and track.version == UNTOUCHED
