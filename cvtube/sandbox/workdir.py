"""The folder an attempt works in: its own, removed whatever happens.

A killed worker cannot clean up. So beside each folder lies a file that its owner has locked;
the kernel unlocks it when the owner dies, and the next attempt on this machine sweeps what
nobody holds.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

FULL_BYTES = 1024 * 1024


@contextmanager
def folder(root: Path, needed_bytes: int) -> Iterator[Path]:
    """A fresh folder with room for so much, containing an empty `made`.

    Raises:
        OSError: ENOSPC, the disk has no room for it.
    """
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    sweep(root)
    if shutil.disk_usage(root).free < needed_bytes:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), root)
    lock, path = _locked(root)
    with lock:
        try:
            path.mkdir(mode=0o700)
            (path / "made").mkdir()
            yield path
        finally:
            _remove(path)


def is_full(path: Path) -> bool:
    """Whether so little is left that a write may just have failed."""
    return shutil.disk_usage(path).free < FULL_BYTES


def sweep(root: Path) -> int:
    """Remove what dead attempts left; returns how many folders."""
    return sum(_remove_if_dead(path) for path in root.glob("*.lock"))


def _locked(root: Path) -> tuple[IO[bytes], Path]:
    """A locked file, and the name of the folder it stands for."""
    while True:
        path = root / f"{secrets.token_hex(8)}.lock"
        lock = path.open("xb")
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists() and os.fstat(lock.fileno()).st_nlink:
            return lock, path.with_suffix("")
        lock.close()  # swept in the moment between making and locking it


def _remove_if_dead(path: Path) -> bool:
    try:
        with path.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _remove(path.with_suffix(""))
    except FileNotFoundError:
        return False  # swept by somebody else
    except BlockingIOError:
        return False  # its owner lives
    return True


def _remove(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)
    path.with_suffix(".lock").unlink(missing_ok=True)
