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

from cvtube.browse import near, typed, wanted
from cvtube.browse.models import SearchEntry
from cvtube.browse.order import Ranked, Spot
from cvtube.browse.text_index import Depth, TextIndex, Words, text_index
from cvtube.browse.wanted import Wanted


@dataclass(frozen=True)
class Search:
    """One search, made sense of."""

    wanted: Wanted
    words: Words
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
            parts.append(self.index.holds(self.words, Depth.ANYWHERE))
        if self.wanted.place:
            parts.append(near.is_near(self.wanted.place, self.wanted.radius_km))
        return and_(*parts)

    def facets(self) -> dict[str, ColumnElement[bool]]:
        """SQL for each facet that is set."""
        return wanted.conditions(self.wanted, self.today)

    def ranked(self, day: date | None = None) -> Ranked:
        """What is found, in order. A list opened yesterday goes on in yesterday's order."""
        where = and_(self.common(), *self.facets().values())
        return Ranked(where, self.words, self.index, day or self.today)


@dataclass(frozen=True)
class Found:
    """One page of what is found, and where the next one starts (None: it was the last)."""

    spots: Sequence[Spot]
    next: Spot | None


def prepare(session: Session, sought: Wanted, now: datetime) -> Search:
    """Make sense of what is wanted."""
    understood = typed.understand(session, sought.text, exact=sought.exact)
    index = text_index(session.get_bind())
    return Search(sought, understood.words, understood.corrections, index, now)


def page(session: Session, search: Search, after: Spot | None, size: int) -> Found:
    """The films behind a spot, at most `size`."""
    ranked = search.ranked(after.day if after else None)
    spots = ranked.after(session, after, size + 1)
    return Found(spots[:size], spots[size - 1] if len(spots) > size else None)


def neighbours(session: Session, search: Search, video_id: str) -> tuple[str | None, str | None]:
    """The films in front of and behind one in the list, if it is in the list."""
    ranked = search.ranked()
    spot = ranked.find(session, video_id)
    if spot is None:
        return None, None
    before, after = ranked.before(session, spot, 1), ranked.after(session, spot, 1)
    return (before[0].video_id if before else None), (after[0].video_id if after else None)
