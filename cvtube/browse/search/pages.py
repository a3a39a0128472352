"""Finding films: what is wanted, resolved against what there is, a page at a time.

The index says which films and in what order; whether they may be shown is asked of the
films themselves each time (`cards`). So an index that lags behind can hide, never leak.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import Session

from cvtube.browse.search import filters, geo, query
from cvtube.browse.search.backends import text_index
from cvtube.browse.search.filters import SearchFilters
from cvtube.browse.search.models import SearchEntry
from cvtube.browse.search.ranking import Cursor, Ranking
from cvtube.browse.search.text_index import MatchDepth, TextIndex, TextQuery


@dataclass(frozen=True)
class Search:
    """One search, made sense of."""

    filters: SearchFilters
    words: TextQuery
    corrections: dict[str, list[str]]
    index: TextIndex
    now: datetime

    @property
    def today(self) -> date:
        return self.now.date()

    def common(self) -> ColumnElement[bool]:
        """SQL: what holds whatever facets are set: the words, the place, not expired."""
        parts = [or_(SearchEntry.expires_at.is_(None), SearchEntry.expires_at > self.now)]
        if self.words:
            parts.append(self.index.holds(self.words, MatchDepth.ANYWHERE))
        if self.filters.place:
            parts.append(geo.is_near(self.filters.place, self.filters.radius_km))
        return and_(*parts)

    def facets(self) -> dict[str, ColumnElement[bool]]:
        """SQL for each facet that is set."""
        return filters.conditions(self.filters, self.today)

    def ranked(self, day: date | None = None) -> Ranking:
        """What is found, in order. A list opened yesterday goes on in yesterday's order."""
        where = and_(self.common(), *self.facets().values())
        return Ranking(where, self.words, self.index, day or self.today)


@dataclass(frozen=True)
class Found:
    """One page of what is found, and where the next one starts (None: it was the last)."""

    cursors: Sequence[Cursor]
    next: Cursor | None


def prepare_search(session: Session, sought: SearchFilters, now: datetime) -> Search:
    """Make sense of what is wanted."""
    understood = query.understand(session, sought.text, exact=sought.exact)
    index = text_index(session.get_bind())
    return Search(sought, understood.words, understood.corrections, index, now)


def result_page(session: Session, search: Search, after: Cursor | None, size: int) -> Found:
    """The films behind a cursor, at most `size`."""
    ranked = search.ranked(after.day if after else None)
    cursors = ranked.after(session, after, size + 1)
    return Found(cursors[:size], cursors[size - 1] if len(cursors) > size else None)


def neighbours(session: Session, search: Search, video_id: str) -> tuple[str | None, str | None]:
    """The films in front of and behind one in the list, if it is in the list."""
    ranked = search.ranked()
    cursor = ranked.find(session, video_id)
    if cursor is None:
        return None, None
    before, after = ranked.before(session, cursor, 1), ranked.after(session, cursor, 1)
    return (before[0].video_id if before else None), (after[0].video_id if after else None)
