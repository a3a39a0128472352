"""Bytes between the storage and an attempt's folder: what was sent, and what was made of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path

from cvtube.jobs.errors import UnavailableError
from cvtube.jobs.leases import Claim
from cvtube.storage.contract import Storage, StoredObject
from cvtube.videos import keys
from cvtube.videos.originals import Piece

INCOMPLETE = "original_incomplete"
AT_ONCE = 4  # a request to an S3 service is mostly waiting
TICK_S = 1.0

Hold = Callable[[], None]  # called as bytes move, so that the lease is kept


def fetch_original(storage: Storage, parts: Sequence[Piece], path: Path, hold: Hold) -> None:
    """Join what was sent into one file: the only place that joins an original's chunks.

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


def fetch(storage: Storage, key: str, folder: Path, hold: Hold) -> Path:
    """One object as a file of the same name."""
    path = folder / key.rpartition("/")[2]
    with path.open("xb") as file, storage.open(key) as pieces:
        for piece in pieces:
            file.write(piece)
            hold()
    return path


def put_all(storage: Storage, files: Mapping[str, Path], hold: Hold) -> list[StoredObject]:
    """Store each file under its key, calling `hold` every second. All or an exception."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = [pool.submit(storage.put_file, key, path) for key, path in files.items()]
        try:
            while True:
                done, waiting = wait(jobs, TICK_S, FIRST_EXCEPTION)
                for job in done:
                    job.result()
                if not waiting:
                    return [job.result() for job in jobs]
                hold()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def remove_outputs(storage: Storage, held: Claim, *, shown: Collection[str]) -> int:
    """Remove what this attempt and earlier ones stored, but for the keys that rows name.

    Never what a later one stores: this one may have lost the clip to it. Nor what was sent:
    retention decides on that. Returns how many objects went.
    """
    prefix = keys.of_clip(held.video_id, held.target_id)
    in_vain = [
        stored.key
        for stored in storage.list(prefix)
        if (attempt := keys.attempt_of(stored.key)) is not None
        and attempt <= held.attempt
        and stored.key not in shown
    ]
    for key in in_vain:
        storage.delete(key)
    return len(in_vain)
