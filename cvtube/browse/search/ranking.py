"""The order of every list, which pages print word for word under "Why this order?".

1. Films whose job sought has the words; then those with the words in the skills; then the
   others that have them.
2. Within that, the newest week of publication first.
3. Within a week, in an order that is shuffled anew every day, so that nobody is always last.

No count of views, no payment and nothing learned takes part.

The shuffle: each film has a number of its own, and each day shuffles these numbers by
`(a * number + b) mod p`. With a and b from a hash of the day this is a universal hash
(Carter and Wegman, 1979): of any two films either one comes first just as often. And it is
whole-number arithmetic, which both databases do alike.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Subquery, case, literal, select, tuple_
from sqlalchemy.orm import Session

from cvtube.browse.search.models import SearchEntry
from cvtube.browse.search.text_index import MatchDepth, TextIndex, TextQuery
from cvtube.db.base import ALPHABET, ID_LENGTH
from cvtube.errors import Refused

PRIME = 2**31 - 1  # the product of two smaller numbers fits into 64 bits
_FIRST_MONDAY = date(1970, 1, 5)
_WRITTEN = re.compile(rf"(\d{{8}})-([123])-(\d{{1,6}})-(\d{{1,10}})-([{ALPHABET}]{{{ID_LENGTH}}})")


@dataclass(frozen=True)
class Cursor:
    """Where a film stands in a list, on the day on which the list was opened."""

    day: date
    depth: int
    week: int
    turn: int
    video_id: str

    def __str__(self) -> str:
        return f"{self.day:%Y%m%d}-{self.depth}-{self.week}-{self.turn}-{self.video_id}"


def read_cursor(written: str | None) -> Cursor | None:
    """The cursor an address names; raises Refused("bad_request") for one we never wrote."""
    if not written:
        return None
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise Refused("bad_request")
    day, depth, week, turn, video_id = found.groups()
    try:
        opened = date.fromisoformat(day)
    except ValueError as error:
        raise Refused("bad_request") from error
    return Cursor(opened, int(depth), int(week), int(turn), video_id)


def week_of(day: date) -> int:
    """Whole weeks since the first Monday of 1970."""
    return (day - _FIRST_MONDAY) // timedelta(weeks=1)


def shuffle_key(video_id: str) -> int:
    """A film's own number, drawn once and for all."""
    return _number(video_id) % PRIME


def shuffle_of(day: date) -> tuple[int, int]:
    """The day's a and b."""
    return _number(f"a {day.isoformat()}") % (PRIME - 1) + 1, _number(
        f"b {day.isoformat()}"
    ) % PRIME


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


class Ranking:
    """Films with their cursors: SQL that `search` pages through."""

    def __init__(
        self, where: ColumnElement[bool], words: TextQuery, index: TextIndex, day: date
    ) -> None:
        a, b = shuffle_of(day)
        self.day = day
        self._rows: Subquery = (
            select(
                SearchEntry.video_id.label("video_id"),
                _depth(words, index).label("depth"),
                # Counted down, so that all parts of a cursor grow in the same direction.
                (-SearchEntry.week).label("age"),
                ((SearchEntry.shuffle_key * a + b) % PRIME).label("turn"),
            )
            .where(where)
            .subquery("ranked")
        )

    def after(self, session: Session, cursor: Cursor | None, limit: int) -> list[Cursor]:
        """The first films behind a cursor, or from the beginning."""
        statement = select(self._rows).order_by(*self._order()).limit(limit)
        if cursor is not None:
            statement = statement.where(tuple_(*self._order()) > _as_tuple(cursor))
        return [self._cursor(row) for row in session.execute(statement)]

    def before(self, session: Session, cursor: Cursor, limit: int) -> list[Cursor]:
        """The last films in front of a cursor, the nearest first."""
        statement = (
            select(self._rows)
            .where(tuple_(*self._order()) < _as_tuple(cursor))
            .order_by(*(part.desc() for part in self._order()))
            .limit(limit)
        )
        return [self._cursor(row) for row in session.execute(statement)]

    def find(self, session: Session, video_id: str) -> Cursor | None:
        """A film's own cursor, if it is in the list."""
        row = session.execute(select(self._rows).where(self._rows.c.video_id == video_id)).first()
        return self._cursor(row) if row else None

    def _order(self) -> tuple[ColumnElement[Any], ...]:
        rows = self._rows.c
        return rows.depth, rows.age, rows.turn, rows.video_id

    def _cursor(self, row: Any) -> Cursor:
        return Cursor(self.day, row.depth, -row.age, row.turn, row.video_id)


def _depth(words: TextQuery, index: TextIndex) -> ColumnElement[int]:
    if not words:
        return literal(int(MatchDepth.ANYWHERE))
    return case(
        (index.holds(words, MatchDepth.JOB), int(MatchDepth.JOB)),
        (index.holds(words, MatchDepth.SKILLS), int(MatchDepth.SKILLS)),
        else_=int(MatchDepth.ANYWHERE),
    )


def _as_tuple(cursor: Cursor) -> Any:
    return tuple_(cursor.depth, -cursor.week, cursor.turn, cursor.video_id)
