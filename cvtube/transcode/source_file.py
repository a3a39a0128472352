"""What was sent, in one piece: the only place that joins an original's chunks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from cvtube.jobs.errors import UnavailableError
from cvtube.storage.contract import Storage
from cvtube.videos.originals import Piece

INCOMPLETE = "original_incomplete"


def join(storage: Storage, parts: Sequence[Piece], path: Path, hold: Callable[[], None]) -> None:
    """Write the original to a file, calling `hold` as the bytes come.

    Raises:
        UnavailableError: bytes are missing. They were acknowledged, so never the film's fault.
    """
    with path.open("xb") as file:
        for part in parts:
            if part.start != file.tell():
                raise UnavailableError(INCOMPLETE)
            with storage.open(part.key) as stream:
                for some in stream:
                    file.write(some)
                    hold()
            if file.tell() != part.start + part.size:
                raise UnavailableError(INCOMPLETE)
