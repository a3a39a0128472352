"""Who drafts a clip's captions: claims and leases, as `work` has them for the clips themselves.

What is to be drafted follows from the rows: a clip that is ready and has no captions at all, of
a film whose owner agrees to a machine. Nothing waits for a draft, and whatever its owner writes
meanwhile ends it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from cvtube.videos import captions, consents
from cvtube.videos.caption_track import CaptionTrack, Wording
from cvtube.videos.lifecycle.captions import write_captions
from cvtube.videos.lifecycle.write import locked, record
from cvtube.videos.models import Chapter, Clip, Stage, TranscriptCue, Video
from cvtube.videos.sentences import Sentence
from cvtube.videos.verbs import Verb

MOST_ATTEMPTS = 4
# An engine tells nothing between two segments, and with the lowest priority that may be long.
LEASE = timedelta(minutes=10)
UNTOUCHED = 1  # version of the words as the machine has left them


@dataclass(frozen=True)
class DraftClaim:
    """The right to draft one clip's captions, until the lease runs out."""

    clip_id: str
    video_id: str
    attempt: int
    # What of the recording is heard. Cut anew, its captions begin anew and so do their attempts.
    trim: tuple[int, int | None]


def wanted(session: Session, now: datetime, limit: int) -> Sequence[str]:
    """Ids of clips to draft captions for, the longest ready first."""
    track = CaptionTrack.clip_id == Clip.id
    cued = exists().where(TranscriptCue.clip_id == Clip.id)
    in_film = exists().where(or_(Chapter.live_clip_id == Clip.id, Chapter.next_clip_id == Clip.id))
    return session.scalars(
        select(Clip.id)
        .join(Video, Video.id == Clip.video_id)
        .outerjoin(CaptionTrack, track)
        .where(
            Clip.stage == Stage.READY,
            Video.deleted_at.is_(None),
            consents.holds(consents.CAPTIONS),
            in_film,
            or_(and_(CaptionTrack.clip_id.is_(None), ~cued), _abandoned(now)),
        )
        .order_by(Clip.ready_at)
        .limit(limit)
    ).all()


def claim(
    session: Session, clip_id: str, now: datetime, *, language: str, lease: timedelta
) -> DraftClaim | None:
    """Take the clip's captions, or None: somebody has them, or they were tried too often.

    Or their owner has not agreed, or is cutting the clip anew: both are asked while nobody can
    change them.
    """
    video_id = session.scalar(select(Clip.video_id).where(Clip.id == clip_id))
    if video_id is None:
        return None
    session.execute(select(Video.id).where(Video.id == video_id).with_for_update())
    trim = session.execute(
        select(Clip.trim_start_ms, Clip.trim_end_ms)
        .join(Video, Video.id == Clip.video_id)
        .where(Clip.id == clip_id, Clip.stage == Stage.READY, consents.holds(consents.CAPTIONS))
    ).first()
    if trim is None:
        return None
    if captions.track_of(session, clip_id) is None:
        session.add(
            CaptionTrack(
                clip_id=clip_id, state=Wording.DRAFTING, language=language, lease_until=now
            )
        )
        session.flush()
    free = and_(CaptionTrack.clip_id == clip_id, _abandoned(now))
    attempt = session.scalar(
        update(CaptionTrack)
        .where(free, CaptionTrack.attempt < MOST_ATTEMPTS)
        .values(attempt=CaptionTrack.attempt + 1, lease_until=now + lease)
        .returning(CaptionTrack.attempt)
    )
    if attempt is None:
        # Tried often enough: the page is there, and its owner can write.
        session.execute(
            update(CaptionTrack).where(free).values(state=Wording.DRAFT, lease_until=None)
        )
        return None
    return DraftClaim(clip_id, video_id, attempt, (trim.trim_start_ms, trim.trim_end_ms))


def hold(session: Session, held: DraftClaim, until: datetime) -> bool:
    """Have the draft until then, or leave it to the next worker from then on. False: lost."""
    return _update_held(session, held, lease_until=until)


def finish(
    session: Session,
    held: DraftClaim,
    sentences: Sequence[Sentence],
    now: datetime,
    *,
    language: str,
) -> bool:
    """The draft is there, for its owner alone.

    False: they have written by themselves, or cut the clip anew.
    """
    done = _update_held(
        session,
        held,
        state=Wording.DRAFT,
        language=language,
        by_machine=True,
        version=UNTOUCHED,
        lease_until=None,
    )
    if done:
        write_captions(session, held.clip_id, sentences, language)
        record(session, held.video_id, now, Verb.CAPTIONS_DRAFTED, clip_id=held.clip_id)
    return done


def release(session: Session, clip_id: str, now: datetime) -> None:
    """The worker's process was killed: let the next one draft at once."""
    session.execute(
        update(CaptionTrack)
        .where(CaptionTrack.clip_id == clip_id, CaptionTrack.state == Wording.DRAFTING)
        .values(lease_until=now)
    )


def forbid(session: Session, video: Video, now: datetime) -> None:
    """The owner no longer wants a machine to listen: what it wrote and nobody touched is gone.

    What they have corrected or confirmed is theirs, and stays.
    """
    locked(session, video.id)
    consents.end(session, video, now, consents.CAPTIONS)
    the_machines = or_(
        CaptionTrack.state == Wording.DRAFTING,
        and_(
            CaptionTrack.state == Wording.DRAFT,
            CaptionTrack.by_machine,
            CaptionTrack.version == UNTOUCHED,
        ),
    )
    of_film = CaptionTrack.clip_id.in_(select(Clip.id).where(Clip.video_id == video.id))
    # The track before its words: one that a worker is just ending brings words until it is ended.
    dropped = session.scalars(
        delete(CaptionTrack).where(of_film, the_machines).returning(CaptionTrack.clip_id)
    ).all()
    for clip_id in dropped:
        write_captions(session, clip_id, (), "")


def is_untouched(track: CaptionTrack) -> bool:
    """Whether its words are a machine's, as it left them."""
    drafted = track.state is Wording.DRAFT and track.by_machine
    return drafted and track.version == UNTOUCHED


def _abandoned(now: datetime) -> ColumnElement[bool]:
    return and_(CaptionTrack.state == Wording.DRAFTING, CaptionTrack.lease_until <= now)


def _update_held(session: Session, held: DraftClaim, **values: object) -> bool:
    start_ms, end_ms = held.trim
    as_heard = exists().where(
        Clip.id == held.clip_id,
        Clip.trim_start_ms == start_ms,
        Clip.trim_end_ms.is_not_distinct_from(end_ms),
    )
    hit = session.execute(
        update(CaptionTrack)
        .where(
            CaptionTrack.clip_id == held.clip_id,
            CaptionTrack.attempt == held.attempt,
            CaptionTrack.state == Wording.DRAFTING,
            as_heard,
        )
        .values(**values)
        .returning(CaptionTrack.clip_id)
    ).first()
    return hit is not None
