"""The bytes of a clip as they were sent: which stored objects they are in, in which order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvtube.storage.contract import Storage
from cvtube.videos.models import OriginalChunk

EBML = b"\x1a\x45\xdf\xa3"  # how Matroska and WebM begin (RFC 8794, section 11.2.1)


@dataclass(frozen=True)
class Piece:
    """One stored run of the original's bytes."""

    key: str
    start: int
    size: int


def pieces(session: Session, clip_id: str) -> list[Piece]:
    """All of the original, in order."""
    rows = session.execute(
        select(OriginalChunk.key, OriginalChunk.start, OriginalChunk.size)
        .where(OriginalChunk.clip_id == clip_id)
        .order_by(OriginalChunk.start)
    )
    return [Piece(*row) for row in rows]


def joined(storage: Storage, sent: Sequence[Piece]) -> Iterator[bytes]:
    """All of it in one stream; raises `StorageError` in the middle if some of it is missing."""
    for piece in sent:
        with storage.open(piece.key) as stream:
            yield from stream


def media_type(storage: Storage, sent: Sequence[Piece]) -> str:
    """What a browser's own player is told it is: one of the two kinds that browsers record.

    Whatever it really is, a browser that is told so will not run it.
    """
    with storage.open(sent[0].key) as stream:
        return "video/webm" if next(stream, b"").startswith(EBML) else "video/mp4"
