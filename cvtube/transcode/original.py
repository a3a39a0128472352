"""What was sent, in one piece: the only place that joins an original's chunks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from cvtube.storage.contract import Storage
from cvtube.transcode.outcomes import Obstacle
from cvtube.videos.originals import Piece

INCOMPLETE = "original_incomplete"


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
