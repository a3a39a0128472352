"""What was sent, in one piece: the only place that joins an original's chunks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvtube.storage.contract import Storage
from cvtube.transcode.outcomes import Obstacle
from cvtube.videos.models import OriginalChunk

INCOMPLETE = "original_incomplete"


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


def join(storage: Storage, parts: Sequence[Piece], path: Path, hold: Callable[[], None]) -> None:
    """Write the original to a file, calling `hold` as the bytes come.

    Raises:
        Obstacle: bytes are missing. They were acknowledged, so this is never the film's fault.
    """
    with path.open("xb") as file:
        for part in parts:
            if part.start != file.tell():
                raise Obstacle(INCOMPLETE)
            with storage.open(part.key) as stream:
                for some in stream:
                    file.write(some)
                    hold()
            if file.tell() != part.start + part.size:
                raise Obstacle(INCOMPLETE)
