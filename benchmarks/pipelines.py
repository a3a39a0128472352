"""What every pipeline is asked for, and what it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.samples import Sample


@dataclass(frozen=True)
class Rung:
    """One picture stream, with the sound that is sent beside it or inside it."""

    name: str
    family: str  # a player keeps to one codec
    picture: Path
    sound: Path | None = None  # None: inside the picture's file

    @property
    def bytes(self) -> int:
        return self.picture.stat().st_size + (self.sound.stat().st_size if self.sound else 0)


@dataclass(frozen=True)
class Made:
    """Everything one run left."""

    rungs: Sequence[Rung]
    stored: Sequence[Path]  # every file that stays, pictures and playlists with it

    @property
    def rung_bytes(self) -> int:
        """Of all pictures and sounds a player chooses among, each file once."""
        files = {rung.picture for rung in self.rungs} | {r.sound for r in self.rungs if r.sound}
        return sum(path.stat().st_size for path in files)

    @property
    def stored_bytes(self) -> int:
        return sum(path.stat().st_size for path in self.stored)


class Pipeline(Protocol):
    """One way from a film to something to watch."""

    name: str

    def prepare(self, sample: Sample, folder: Path) -> None:
        """What is not measured."""

    def work(self) -> None:
        """What is; runs in a process of its own, so nothing it remembers comes back."""

    def playable(self) -> bool:
        """Whether somebody could begin to watch now; asked from outside while it works."""

    def made(self) -> Made:
        """What it left."""


def files_in(folder: Path) -> list[Path]:
    """Every file below it."""
    return sorted(path for path in folder.rglob("*") if path.is_file())
