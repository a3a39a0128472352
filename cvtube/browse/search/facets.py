"""How many films each filter would leave, counted as if its own group were not set.

So a number always says what choosing it would show, and choosing one value never makes its
neighbours vanish. All groups are counted in one query.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import CTE, Select, SQLColumnExpression, case, func, literal, select, union_all
from sqlalchemy.orm import Session

from cvtube.browse.search.filters import available
from cvtube.browse.search.labels import Available
from cvtube.browse.search.models import SearchEntry
from cvtube.browse.search.pages import Search

Counts = dict[str, Counter[str]]

TOTAL = "total"
GROUPS = ("family", "occupation", "contract", "available", "experience", "language", "licence")

# A field of work is counted as if no occupation of it were chosen either.
_NOT_FOR = {"family": {"family", "occupation"}}


def count(session: Session, search: Search, groups: Iterable[str] = GROUPS) -> Counts:
    """The numbers of the groups by value, and under "total" that of all that is found."""
    groups = tuple(groups)
    chosen = search.facets()
    columns = _columns(search)
    found = (
        select(
            *(columns[name].label(name) for name in groups),
            *(condition.label(f"fits_{name}") for name, condition in chosen.items()),
        )
        .where(search.common())
        .cte("found")
    )
    parts = [_total(found, chosen)]
    parts += [_group(found, name, set(chosen) - _NOT_FOR.get(name, {name})) for name in groups]
    counts: Counts = {name: Counter() for name in (TOTAL, *groups)}
    for name, value, number in session.execute(union_all(*parts)):
        for one in filter(None, value.split(",")):
            counts[name][one] += number
    _add_sooner(counts.get("available", Counter()))
    return counts


def _columns(search: Search) -> dict[str, SQLColumnExpression[str]]:
    entry = SearchEntry
    soonest = case(*((available(when, search.today), when.value) for when in Available), else_="")
    return {
        "family": entry.family,
        "occupation": entry.occupation,
        "contract": entry.contracts,
        "available": soonest,
        "experience": entry.experience,
        "language": entry.languages,
        "licence": entry.licences,
    }


def _total(found: CTE, chosen: Iterable[str]) -> Select[str, str, int]:
    fits = (found.c[f"fits_{name}"] for name in chosen)
    return select(literal(TOTAL), literal(TOTAL), func.count()).select_from(found).where(*fits)


def _group(found: CTE, name: str, others: Iterable[str]) -> Select[str, str, int]:
    fits = (found.c[f"fits_{other}"] for other in sorted(others))
    value = found.c[name]
    return select(literal(name), value, func.count()).where(*fits).group_by(value)


def _add_sooner(counts: Counter[str]) -> None:
    """Who can start at once can start within a month, too."""
    so_far = 0
    for when in Available:
        so_far += counts[when]
        counts[when] = so_far
