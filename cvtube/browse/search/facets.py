"""The facets of search, one entry each: whoever adds a filter begins here.

An entry is all that search has to know: which values an address may name, which films fit, and
what is counted. `filters` reads and writes addresses by it, `facet_counts` counts by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, SQLColumnExpression, case, or_

from cvtube.accounts.models import Contract, Experience
from cvtube.browse.search.labels import Available
from cvtube.browse.search.models import SearchEntry
from cvtube.taxonomy.families import FAMILIES
from cvtube.taxonomy.occupations import occupation

Values = tuple[str, ...]
WITHIN = {
    Available.NOW: timedelta(0),
    Available.MONTH: timedelta(days=31),
    Available.QUARTER: timedelta(days=92),
}


@dataclass(frozen=True)
class Facet:
    """One filter with values to choose from; a film fits if any of the chosen ones is its own."""

    name: str  # in addresses, counts and templates
    knows: Callable[[str], bool]  # whether it has such a value
    fits: Callable[[Values, date], ColumnElement[bool]]  # SQL: the film is found by these today
    counted: Callable[[date], SQLColumnExpression[str]]  # SQL: its value, or several with commas
    single: bool = False  # one value at most can be chosen
    narrower: Values = ()  # facets that mean nothing without this one
    growing: Values = ()  # values that each include those before them


def several(values: Iterable[str]) -> str:
    """Facts of which one may have several, as `SearchEntry` keeps them."""
    listed = ",".join(sorted(set(values)))
    return f",{listed}," if listed else ""


def _facet_of_one(
    name: str,
    column: SQLColumnExpression[str],
    knows: Callable[[str], bool],
    *,
    single: bool = False,
    narrower: Values = (),
) -> Facet:
    """A facet of which each film has one value at most."""
    return Facet(
        name,
        knows,
        lambda values, _today: column.in_(values),
        lambda _today: column,
        single=single,
        narrower=narrower,
    )


def _facet_of_several(
    name: str, column: SQLColumnExpression[str], knows: Callable[[str], bool]
) -> Facet:
    """A facet of which a film may have several values; the column has them as `several` does."""

    def fits(values: Values, _today: date) -> ColumnElement[bool]:
        return or_(*(column.contains(f",{value},", autoescape=True) for value in values))

    return Facet(name, knows, fits, lambda _today: column)


def _available_by(when: Available, today: date) -> ColumnElement[bool]:
    """SQL: says they can start by then. Who says no day is not found by it."""
    return SearchEntry.available_from <= today + WITHIN[when]


def _available(values: Values, today: date) -> ColumnElement[bool]:
    return or_(*(_available_by(Available(value), today) for value in values))


def _soonest(today: date) -> SQLColumnExpression[str]:
    return case(*((_available_by(when, today), when.value) for when in Available), else_="")


def _is_language(value: str) -> bool:
    return len(value) == 2 and value.isalpha() and value.islower()  # noqa: PLR2004 (ISO 639-1)


def _is_licence(value: str) -> bool:
    return len(value) <= 3 and value.isalnum() and value.isupper()  # noqa: PLR2004 (2006/126/EC)


FACETS = {
    facet.name: facet
    for facet in (
        _facet_of_one(
            "family",
            SearchEntry.family,
            FAMILIES.__contains__,
            single=True,
            narrower=("occupation",),
        ),
        _facet_of_one(
            "occupation",
            SearchEntry.occupation,
            lambda value: occupation(value) is not None,
            single=True,
        ),
        _facet_of_several("contract", SearchEntry.contracts, set(Contract).__contains__),
        Facet(
            "available",
            set(Available).__contains__,
            _available,
            _soonest,
            single=True,
            growing=tuple(Available),
        ),
        _facet_of_one("experience", SearchEntry.experience, set(Experience).__contains__),
        _facet_of_several("language", SearchEntry.languages, _is_language),
        _facet_of_several("licence", SearchEntry.licences, _is_licence),
    )
}
