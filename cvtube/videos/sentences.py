"""One sentence that is heard, as machines draft it and people correct it. Pure.

`word_starts` says when each word of the text (as `str.split` counts them) begins; it is empty
where nobody knows. Times are milliseconds after the clip's beginning.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sentence:
    """Words, and when they are heard."""

    start_ms: int
    end_ms: int
    text: str
    word_starts: tuple[int, ...] = ()

    @property
    def words(self) -> list[str]:
        return self.text.split()

    @property
    def timed(self) -> bool:
        """Whether every word has its time."""
        return 0 < len(self.word_starts) == len(self.words)
