"""The words of films, in a table that each database makes in its own way.

SQLite has FTS5, PostgreSQL has tsvector and GIN. Both get the same folded words and nothing
else to decide: no stemming, no stop words, no ranking of their own. So they find the same
films, and `search` puts them into the same order.

The table is called `search_index` on both; an entry's number is the row's.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import ColumnElement, Connection
from sqlalchemy.orm import Session


class MatchDepth(enum.IntEnum):
    """How deep one has to look to find all of the words; the first rule of the order."""

    JOB = 1  # in the job sought
    SKILLS = 2  # there or in the skills
    ANYWHERE = 3


@dataclass(frozen=True)
class Text:
    """A film's words, by where they stand."""

    job: Sequence[str] = ()
    skills: Sequence[str] = ()
    rest: Sequence[str] = ()

    @property
    def words(self) -> frozenset[str]:
        return frozenset((*self.job, *self.skills, *self.rest))


@dataclass(frozen=True)
class Term:
    """A folded word, or with `start` whatever begins with it."""

    word: str
    start: bool = True


Phrase = tuple[Term, ...]  # all of them
Choice = tuple[Phrase, ...]  # any of them


@dataclass(frozen=True)
class TextQuery:
    """What is looked for: every choice must be met by one of its phrases."""

    choices: tuple[Choice, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.choices)


class TextIndex(Protocol):
    """One database's way."""

    def create(self, connection: Connection) -> None:
        """Make the empty table."""

    def put(self, session: Session, entry_id: int, text: Text) -> None:
        """Remember an entry's words in place of those it had."""

    def forget(self, session: Session, entry_id: int) -> None:
        """Remove an entry's words, if it has any."""

    def words(self, session: Session, entry_id: int) -> frozenset[str]:
        """Every word an entry is found by."""

    def holds(self, words: TextQuery, depth: MatchDepth) -> ColumnElement[bool]:
        """SQL: the `SearchEntry` has all of the words, no deeper than asked."""
