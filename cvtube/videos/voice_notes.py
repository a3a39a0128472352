"""What somebody has said while preparing a part: one recording a question, for them alone.

It belongs to the film and not to its chapter, as the words do. It is stored and played as it
came: nothing ever listens to it. The object is stored first, under a key that tells when, and
the row that names it comes after; an object that no row has named soon is swept.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from cvtube.db.base import Base, new_id
from cvtube.errors import Refused
from cvtube.videos import keys
from cvtube.videos.models import Video

NAMED_WITHIN = timedelta(hours=1)  # far longer than a row takes, and clocks differ


class VoiceNote(Base):
    """A spoken answer."""

    __tablename__ = "voice_note"
    __table_args__ = (UniqueConstraint("video_id", "topic", "question"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    video_id: Mapped[str] = mapped_column(ForeignKey("video.id", ondelete="CASCADE"))
    topic: Mapped[str] = mapped_column(String(40))
    question: Mapped[str] = mapped_column(String(40))
    object_key: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(20))
    size: Mapped[int]  # bytes
    created_at: Mapped[datetime]


def notes_of(session: Session, video_id: str, topic: str) -> Mapping[str, VoiceNote]:
    """All notes for one topic of a film, by question."""
    wanted = select(VoiceNote).where(VoiceNote.video_id == video_id, VoiceNote.topic == topic)
    return {note.question: note for note in session.scalars(wanted)}


def replace_note(session: Session, note: VoiceNote) -> str | None:
    """Let it be the answer to its question; returns the key of the one before, to be erased.

    One at a time for each film, since two windows may send at once. Raises Refused("not_found")
    for a film that was deleted meanwhile.
    """
    there = select(Video.id).where(Video.id == note.video_id, Video.deleted_at.is_(None))
    if session.scalar(there.with_for_update()) is None:
        raise Refused("not_found")
    same = (
        VoiceNote.video_id == note.video_id,
        VoiceNote.topic == note.topic,
        VoiceNote.question == note.question,
    )
    before = session.scalar(delete(VoiceNote).where(*same).returning(VoiceNote.object_key))
    session.add(note)
    return before


def drop_note(session: Session, key: str) -> None:
    """Drop the row of a note whose object is gone."""
    session.execute(delete(VoiceNote).where(VoiceNote.object_key == key))


def note_keys(session: Session, video_ids: Collection[str]) -> Sequence[str]:
    """The keys of all notes of some films."""
    wanted = select(VoiceNote.object_key).where(VoiceNote.video_id.in_(video_ids))
    return session.scalars(wanted).all()


def may_be_unnamed(key: str, now: datetime) -> bool:
    """Whether it is a note so new that its row may still be on its way."""
    noted = keys.noted_at(key)
    return noted is not None and now - noted < NAMED_WITHIN
