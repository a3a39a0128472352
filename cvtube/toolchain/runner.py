"""Where one attempt does its work: tools, a folder, limits, and what it has cost so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cvtube.errors import Refused
from cvtube.jobs.errors import LeaseLost, RetryableError, UnavailableError
from cvtube.sandbox.process import Budget, Command, Ended, IsWanted, OnLine, SandboxError, Stop, run
from cvtube.toolchain.selection import Tool, Tools


@dataclass
class Runner:
    """Runs commands for one attempt; every film's byte is touched through here."""

    tools: Tools
    shut_in: bool
    folder: Path  # the attempt's own: the original, and the folder of what is made
    is_wanted: IsWanted
    cpu_s: float = 0.0
    peak_bytes: int = 0  # of memory, of the command that took most

    @property
    def made(self) -> Path:
        """The only place commands may write."""
        return self.folder / "made"

    def examine(self, argv: Sequence[str], film: Path, budget: Budget, on_line: OnLine) -> Ended:
        """Run something that reads the film and writes nothing."""
        return self._run(argv, [film], None, budget, on_line)

    def make(
        self, argv: Sequence[str], film: Path | None, budget: Budget, on_line: OnLine | None = None
    ) -> Ended:
        """Run something that writes into `made`, and reads there too."""
        return self._run(argv, [film] if film else [], self.made, budget, on_line)

    def _run(
        self,
        argv: Sequence[str],
        reads: list[Path],
        writes: Path | None,
        budget: Budget,
        on_line: OnLine | None,
    ) -> Ended:
        files = [*reads, *self._tool(argv[0]).files]
        command = Command(argv, files, writes, budget, shut_in=self.shut_in)
        try:
            ended = run(command, on_line=on_line, is_wanted=self.is_wanted)
        except SandboxError as error:
            raise UnavailableError("sandbox_failed") from error
        self.cpu_s += ended.cpu_s
        self.peak_bytes = max(self.peak_bytes, ended.peak_bytes)
        _raise_for(ended)
        return ended

    def _tool(self, path: str) -> Tool:
        return next(t for t in (self.tools.ffmpeg, self.tools.ffprobe) if str(t.path) == path)


def _raise_for(ended: Ended) -> None:
    """Whatever ended it from outside. That it failed by itself is the caller's to judge."""
    match ended.stopped:
        case Stop.UNWANTED:
            raise LeaseLost
        case Stop.TOO_LONG | Stop.SILENT | Stop.THREADS:
            # A machine with too much to do looks the same, and one with many processors has many
            # threads: try again before blaming the film.
            raise RetryableError(f"encoder_{ended.stopped.value}")
        case Stop.TALKATIVE | Stop.SPREADING:
            raise Refused("film_too_heavy")
        case None:
            pass
    if ended.out_of_budget:
        raise Refused("film_too_heavy")
    if ended.killed_from_outside:
        raise RetryableError("encoder_killed")
    if not ended.well and "No space left on device" in ended.errors:
        raise UnavailableError("disk_full")
