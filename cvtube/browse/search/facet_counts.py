"""How many films each filter would leave, counted as if its own group were not set.

So a number always says what choosing it would show, and choosing one value never makes its
neighbours vanish. All groups are counted in one query.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import CTE, Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from cvtube.browse.search.facets import FACETS, Facet
from cvtube.browse.search.pages import Search

Counts = dict[str, Counter[str]]

TOTAL = "total"


def count_facets(session: Session, search: Search, groups: Iterable[str] = FACETS) -> Counts:
    """The numbers of the groups by value, and under "total" that of all that is found."""
    counted = [FACETS[name] for name in groups]
    chosen = search.facets()
    found = (
        select(
            *(facet.counted(search.today).label(facet.name) for facet in counted),
            *(condition.label(f"fits_{name}") for name, condition in chosen.items()),
        )
        .where(search.common())
        .cte("found")
    )
    parts = [_total(found, chosen)]
    # A field of work is counted as if no occupation of it were chosen either.
    parts += [_group(found, one.name, set(chosen) - {one.name, *one.narrower}) for one in counted]
    counts: Counts = {name: Counter() for name in (TOTAL, *(facet.name for facet in counted))}
    for name, value, number in session.execute(union_all(*parts)):
        for one in filter(None, value.split(",")):
            counts[name][one] += number
    for facet in counted:
        _add_up(counts[facet.name], facet)
    return counts


def _total(found: CTE, chosen: Iterable[str]) -> Select[str, str, int]:
    fits = (found.c[f"fits_{name}"] for name in chosen)
    return select(literal(TOTAL), literal(TOTAL), func.count()).select_from(found).where(*fits)


def _group(found: CTE, name: str, others: Iterable[str]) -> Select[str, str, int]:
    fits = (found.c[f"fits_{other}"] for other in sorted(others))
    value = found.c[name]
    return select(literal(name), value, func.count()).where(*fits).group_by(value)


def _add_up(counts: Counter[str], facet: Facet) -> None:
    """Who can start at once can start within a month, too."""
    so_far = 0
    for value in facet.growing:
        so_far += counts[value]
        counts[value] = so_far
