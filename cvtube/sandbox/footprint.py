"""How much a running program takes that no resource limit counts: its folder, and its threads.

RLIMIT_FSIZE is about one file, RLIMIT_NPROC about everything of one user, and a cgroup needs
its owner's leave. So both are looked at, ten times a second. In the sandbox nothing is removed,
and no file begins without a name (`seccomp.py`): what the folder shows is all there is, but for
files that another one was renamed over. Those are found among what it holds open or in memory.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

BLOCK = 512  # bytes of st_blocks, see stat(2)


@dataclass(frozen=True)
class Footprint:
    """What is in a folder."""

    bytes: int = 0  # as the disk counts them: of a file with holes, what is between the holes
    files: int = 0

    def since(self, before: Footprint) -> Footprint:
        """What was added."""
        return Footprint(self.bytes - before.bytes, self.files - before.files)


def measure_folder(folder: Path | None, most_files: int) -> Footprint:
    """What the folder holds; beyond so many files it counts no further."""
    size = files = 0
    if folder is None:
        return Footprint()
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                size += entry.stat(follow_symlinks=False).st_blocks * BLOCK
            except FileNotFoundError:
                continue  # outside the sandbox it may remove some
            files += 1
            if files > most_files:
                break
    return Footprint(size, files)


def threads(pid: int) -> int:
    """Threads of a process; 0 where the system does not tell (macOS)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    return int(text.rpartition(")")[2].split()[17])  # num_threads, see proc_pid_stat(5)


def hides(pid: int, folder: Path) -> bool:
    """Whether it holds a file of the folder that has no name in it any more.

    ffmpeg never does. False where the system does not tell (macOS).
    """
    here, gone = f"{folder.resolve()}/", " (deleted)"
    return any(
        place.startswith(here) and place.endswith(gone) for place in (*_open(pid), *_mapped(pid))
    )


def _open(pid: int) -> list[str]:
    """Of any thread that lives: they share their descriptors, and the first may have ended."""
    for thread in _threads(pid):
        found = []
        with suppress(OSError):
            for link in (thread / "fd").iterdir():
                with suppress(FileNotFoundError):  # closed meanwhile
                    found.append(str(link.readlink()))
        if found:
            return found
    return []


def _mapped(pid: int) -> list[str]:
    for thread in _threads(pid):
        with suppress(OSError):
            if lines := (thread / "maps").read_text(errors="replace").splitlines():
                return [line[line.find("/") :] for line in lines]
    return []


def _threads(pid: int) -> Iterator[Path]:
    with suppress(OSError):
        yield from Path(f"/proc/{pid}/task").iterdir()
