"""An upload's life in the database: begun, moved on chunk by chunk, finished.

Nothing is ever locked. Moving on is one UPDATE that names the offset it starts from: of two
senders only one hits the row, and the other is told to ask where the upload stands now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import exists, insert, select, update
from sqlalchemy.orm import Session

from cvtube.accounts.models import CandidateProfile, User
from cvtube.accounts.profile import profile_job_sought
from cvtube.errors import Refused
from cvtube.settings import Settings
from cvtube.upload import cancellation, file_types
from cvtube.upload.streams import Chunk
from cvtube.videos import lifecycle, queries
from cvtube.videos.containers import ENOUGH
from cvtube.videos.models import Clip, OriginalChunk, Stage, Video
from cvtube.videos.upload_sessions import UploadSession

# No row of these is loaded in the session, so none has to be looked for.
_PLAIN = {"synchronize_session": False}


@dataclass(frozen=True)
class UploadMetadata:
    """What the sender tells about the file."""

    name: str = ""
    fingerprint: str = ""
    chapter_id: str = ""  # the part of a film that is redone; else a film is made
    take: bool = False  # one of several recordings for it, of which one is chosen later
    metadata_header: str = ""


@dataclass(frozen=True)
class UploadState:
    """Where an upload stands, for as long as no transaction is open."""

    upload_id: str
    clip_id: str
    video_id: str
    received: int
    length: int | None
    at_most: int | None
    beginning: bytes | None
    expires_at: datetime
    finished: bool

    @property
    def whole(self) -> bool:
        """Whether every byte is there."""
        return self.received == self.length

    def room(self, settings: Settings) -> int:
        """How many bytes may still come."""
        return max(0, self.end(settings) - self.received)

    def end(self, settings: Settings) -> int:
        """How many bytes it will have; as long as nobody knows, how many it may have at most."""
        if self.length is not None:
            return self.length
        return settings.upload_max_bytes if self.at_most is None else self.at_most


# -- beginning ------------------------------------------------------------------------------


def hold_person(session: Session, owner: User) -> None:
    """One person begins one upload at a time, so that the next one sees what it may count on.

    An account that is being deleted gets nothing more that nobody would erase, and one that
    has just been suspended nothing more at all.
    """
    alive = select(User.id).where(
        User.id == owner.id, User.deleted_at.is_(None), User.suspended_at.is_(None)
    )
    if session.scalar(alive.with_for_update(key_share=True)) is None:
        raise Refused("log_in_first")


def begin(
    session: Session,
    owner: User,
    now: datetime,
    *,
    metadata: UploadMetadata,
    length: int | None,
    at_most: int,
    lives: timedelta,
) -> UploadSession:
    """A new upload into one of the person's chapters, or into a film made for it."""
    if metadata.chapter_id:
        chapter = queries.own_chapter(session, owner.id, metadata.chapter_id)
    else:
        chapter = _new_film(session, owner, now).chapters[0]
    take = metadata.take and metadata.chapter_id
    start = lifecycle.start_take if take else lifecycle.start_clip
    clip = start(session, chapter, now, actor=owner)
    upload = UploadSession(
        owner_id=owner.id,
        clip_id=clip.id,
        made_film=not metadata.chapter_id,
        length=length,
        at_most=at_most if length is None else None,
        created_at=now,
        expires_at=now + lives,
        name=printable(metadata.name)[:255],
        fingerprint=printable(metadata.fingerprint)[:80],
        metadata_header=metadata.metadata_header,
    )
    session.add(upload)
    session.flush()
    return upload


def _new_film(session: Session, owner: User, now: datetime) -> Video:
    sought = profile_job_sought(session.get(CandidateProfile, owner.id))
    return lifecycle.start_video(session, owner, now, sought=sought)


def printable(text: str) -> str:
    """The text without what breaks a page or a database (PostgreSQL stores no NUL)."""
    return "".join(character for character in text if character.isprintable()).strip()


# -- finding --------------------------------------------------------------------------------


def find_upload(
    session: Session, upload_id: str, owner_id: str, now: datetime
) -> tuple[UploadSession, UploadState]:
    """The person's upload and where it stands.

    Raises:
        Refused: `not_found` to everybody else, `upload_gone` if it was given up or ran out.
    """
    upload = session.scalar(
        select(UploadSession).where(
            UploadSession.id == upload_id, UploadSession.owner_id == owner_id
        )
    )
    if upload is None:
        raise Refused("not_found")
    clip = session.get(Clip, upload.clip_id) if upload.clip_id else None
    late = upload.finished_at is None and upload.expires_at <= now
    if clip is None or clip.stage is Stage.ABANDONED or late:
        raise Refused("upload_gone")
    return upload, UploadState(
        upload_id=upload.id,
        clip_id=clip.id,
        video_id=clip.video_id,
        received=upload.received,
        length=upload.length,
        at_most=upload.at_most,
        beginning=upload.beginning,
        expires_at=upload.expires_at,
        finished=upload.finished_at is not None,
    )


# -- moving on ------------------------------------------------------------------------------


def set_length(session: Session, state: UploadState, length: int) -> UploadState:
    """Say a deferred length. Saying it again is fine (answers get lost), changing it is not."""
    hit = session.execute(
        update(UploadSession)
        .where(
            UploadSession.id == state.upload_id,
            UploadSession.received <= length,
            (UploadSession.length.is_(None)) | (UploadSession.length == length),
        )
        .values(length=length)
        .returning(UploadSession.id)
    ).first()
    if hit is None:
        raise Refused("upload_length_known")
    return replace(state, length=length)


def prolong(session: Session, state: UploadState, until: datetime) -> UploadState:
    """Keep the upload, and its room, as if bytes had come."""
    session.execute(
        update(UploadSession).where(UploadSession.id == state.upload_id).values(expires_at=until),
        execution_options=_PLAIN,
    )
    return replace(state, expires_at=until)


def move_on(
    session: Session,
    state: UploadState,
    chunks: Sequence[Chunk],
    now: datetime,
    *,
    lives: timedelta,
) -> tuple[UploadState, str | None]:
    """Acknowledge stored chunks that follow on `state`; the last one finishes the upload.

    Returns where the upload stands then, and the code of what the file turned out to be
    instead of a film: the upload is given up in that case, and the chunks are nobody's.

    Raises:
        Refused: `upload_offset` or `upload_gone` if the upload is not there any more.
    """
    beginning, code = _examine(state, chunks)
    moved = replace(
        state,
        received=state.received + sum(chunk.size for chunk in chunks),
        beginning=beginning,
        expires_at=now + lives,
    )
    finished_at = now if moved.whole and code is None else None
    if not _update_from(session, state, moved, finished_at):
        raise Refused("upload_offset" if _is_open(session, state) else "upload_gone")
    if code is not None:
        cancellation.abandon(session, session.get_one(UploadSession, state.upload_id), now)
        return moved, code
    _keep(session, state.clip_id, chunks)
    if moved.whole and not lifecycle.complete_upload(session, state.clip_id, moved.received, now):
        raise Refused("upload_gone")
    return replace(moved, finished=moved.whole), None


def _update_from(
    session: Session, state: UploadState, moved: UploadState, finished_at: datetime | None
) -> bool:
    hit = session.execute(
        update(UploadSession)
        .where(
            UploadSession.id == state.upload_id,
            UploadSession.received == state.received,
            UploadSession.finished_at.is_(None),
            exists().where(Clip.id == state.clip_id, Clip.stage == Stage.UPLOADING),
        )
        .values(
            received=moved.received,
            beginning=moved.beginning,
            expires_at=moved.expires_at,
            finished_at=finished_at,
        )
        .returning(UploadSession.id),
        execution_options=_PLAIN,
    ).first()
    return hit is not None


def _keep(session: Session, clip_id: str, chunks: Sequence[Chunk]) -> None:
    if chunks:
        rows = [
            {"key": chunk.key, "clip_id": clip_id, "start": chunk.start, "size": chunk.size}
            for chunk in chunks
        ]
        session.execute(insert(OriginalChunk.__table__), rows)  # type: ignore[arg-type]


def _examine(state: UploadState, chunks: Sequence[Chunk]) -> tuple[bytes | None, str | None]:
    """The first bytes still to be kept, and what is wrong with them if that can be told now."""
    if state.beginning is None:
        return None, None
    first = (state.beginning + b"".join(chunk.first_bytes for chunk in chunks))[:ENOUGH]
    everything = state.received + sum(chunk.size for chunk in chunks) == state.length
    if len(first) < ENOUGH and not everything:
        return first, None
    return None, file_types.refusal(first)


def _is_open(session: Session, state: UploadState) -> bool:
    stage = session.scalar(select(Clip.stage).where(Clip.id == state.clip_id))
    return stage not in {None, Stage.ABANDONED}
