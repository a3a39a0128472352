"""Spoken answers: what is taken, and in which order object and row are written."""

from __future__ import annotations

import io
from contextlib import suppress

from sqlalchemy.orm import Session

from cvtube.candidate.prepare.interview import Question, Topic
from cvtube.errors import Refused
from cvtube.runtime import Runtime
from cvtube.settings import MIB
from cvtube.storage.contract import ObjectNotFound, StorageError
from cvtube.videos import keys, voice_notes
from cvtube.videos.containers import ENOUGH, Container, brand, sniff
from cvtube.videos.models import Chapter
from cvtube.videos.voice_notes import VoiceNote

LONGEST_S = 60  # the browser stops by itself; the server only counts bytes
LARGEST = 3 * MIB // 2  # bytes: a minute of the least thrifty recorder there is

_WEBM_WITHIN = 64  # the first element of the file names its kind (RFC 8794, 11.2.4)


def media_type(first_bytes: bytes) -> str:
    """What a recording is served as, decided by how it begins; no other type ever is.

    Raises:
        Refused: `not_a_voice_note` for anything that no browser records.
    """
    match sniff(first_bytes):
        case Container.MATROSKA if b"webm" in first_bytes[:_WEBM_WITHIN]:
            return "audio/webm"
        case Container.MP4 if brand(first_bytes):
            return "audio/mp4"
        case Container.OGG:
            return "audio/ogg"
    raise Refused("not_a_voice_note")


def spoken(session: Session, chapter: Chapter, topic: Topic | None) -> list[Question]:
    """The questions of a part that have a spoken answer, in their order."""
    said = voice_notes.notes_of(session, chapter.video_id, chapter.topic)
    return [question for question in topic.question if question.name in said] if topic else []


def store_note(runtime: Runtime, chapter: Chapter, question: str, said: bytes) -> None:
    """Store what was said; what was said before is erased."""
    kind, now = media_type(said[:ENOUGH]), runtime.now()
    _check_room(runtime, len(said))
    key = keys.voice_note(chapter.video_id, now)
    runtime.storage.put(key, io.BytesIO(said))
    with runtime.transaction() as session:
        note = VoiceNote(
            video_id=chapter.video_id, topic=chapter.topic, question=question,
            object_key=key, media_type=kind, size=len(said), created_at=now,
        )  # fmt: skip
        before = voice_notes.replace_note(session, note)
    if before is not None:
        with suppress(StorageError):  # the daily look at the storage erases it, then
            runtime.storage.delete(before)


def load(runtime: Runtime, note: VoiceNote) -> bytes:
    """What was said, whole: it is short, and players ask for parts of it."""
    try:
        with runtime.storage.open(note.object_key) as pieces:
            return b"".join(pieces)
    except ObjectNotFound as error:  # removed in this very moment
        raise Refused("not_found") from error


def remove(runtime: Runtime, note: VoiceNote) -> None:
    """Erase it. The object goes first: what is cut off in between is removed by asking again."""
    runtime.storage.delete(note.object_key)
    with runtime.transaction() as session:
        voice_notes.drop_note(session, note.object_key)


def _check_room(runtime: Runtime, size: int) -> None:
    free = runtime.storage.free_bytes()
    if free is not None and free - size < runtime.settings.storage_reserve_mib * MIB:
        raise Refused("storage_full")
