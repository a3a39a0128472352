"""Pages of a list that grows while it is read.

A page ends at a row, and the next one starts behind that row (keyset), so that nothing is
shown twice or left out when rows come and go, and page one thousand costs what page one does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, or_

from cvtube.db.base import ALPHABET, ID_LENGTH
from cvtube.errors import Refused

_ID = re.compile(f"[{ALPHABET}]{{{ID_LENGTH}}}")

R = TypeVar("R")


class KeysetPosition(NamedTuple):
    """A row's place in a list that is ordered by time, then by id."""

    at: datetime
    id: str


@dataclass(frozen=True)
class Page(Generic[R]):
    """Some rows, and where the next ones start (None: these are the last)."""

    rows: Sequence[R]
    next: str | None


def page_of(rows: Sequence[R], size: int, place: Callable[[R], KeysetPosition]) -> Page[R]:
    """A page from the rows a query found when it was asked for `size` + 1 of them."""
    if len(rows) <= size:
        return Page(rows, None)
    return Page(rows[:size], encode_position(place(rows[size - 1])))


def behind(
    at: SQLColumnExpression[datetime],
    row_id: SQLColumnExpression[str],
    last: KeysetPosition,
    *,
    newest_first: bool,
) -> ColumnElement[bool]:
    """The rows that come after the last one shown."""
    if newest_first:
        return or_(at < last.at, and_(at == last.at, row_id < last.id))
    return or_(at > last.at, and_(at == last.at, row_id > last.id))


def encode_position(place: KeysetPosition) -> str:
    """The place as it stands in an address."""
    return f"{place.at.astimezone(UTC).isoformat()}~{place.id}"


def decode_position(text: str | None) -> KeysetPosition | None:
    """The place an address names; raises Refused("bad_request") for one we never wrote."""
    if not text:
        return None
    at, _, row_id = text.partition("~")
    try:
        time = datetime.fromisoformat(at)
        # Converting here finds out about times that UTC cannot hold.
        place = KeysetPosition(time.astimezone(UTC), row_id)
    except (ValueError, OverflowError) as error:
        raise Refused("bad_request") from error
    if time.tzinfo is None or not _ID.fullmatch(row_id):
        raise Refused("bad_request")
    return place
