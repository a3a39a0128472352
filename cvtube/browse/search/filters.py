"""What somebody looks for, as it stands in a page's address.

The address is the whole state: it can be kept, shared and gone back to. What it says that
we do not know (an old link, a hand that typed it) is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, SQLColumnExpression, or_

from cvtube.accounts.models import Contract, Experience
from cvtube.browse.search import geo
from cvtube.browse.search.labels import Available
from cvtube.browse.search.models import SearchEntry
from cvtube.taxonomy import places
from cvtube.taxonomy.families import FAMILIES
from cvtube.taxonomy.occupations import occupation
from cvtube.taxonomy.places import Place
from cvtube.taxonomy.text import fold

DEFAULT_RADIUS_KM = 30
WITHIN = {Available.MONTH: timedelta(days=31), Available.QUARTER: timedelta(days=92)}


class Arguments(Protocol):
    """A query string, as Werkzeug reads it."""

    def getlist(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True)
class SearchFilters:
    """Each filter that is set; within one filter any of its values will do."""

    text: str = ""
    exact: bool = False
    family: str = ""
    occupation: str = ""
    contracts: tuple[str, ...] = ()
    available: str = ""
    experience: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    place: Place | None = None
    radius_km: int = DEFAULT_RADIUS_KM
    unknown_place: str = ""  # what was typed, where it names no place
    namesakes: tuple[Place, ...] = ()  # other places of the very name that was typed

    def __bool__(self) -> bool:
        return self != SearchFilters()

    def filters(self) -> dict[str, str | tuple[str, ...]]:
        """The filters that are set, by their names in the address; the text is none."""
        everything: dict[str, str | tuple[str, ...]] = {
            "family": self.family,
            "occupation": self.occupation,
            "contract": self.contracts,
            "available": self.available,
            "experience": self.experience,
            "language": self.languages,
            "licence": self.licences,
            "place": self.place.label if self.place else self.unknown_place,
        }
        return {name: value for name, value in everything.items() if value}

    def address(self) -> dict[str, object]:
        """The arguments of an address that means this and nothing else."""
        found: dict[str, object] = dict(self.filters())
        if self.text:
            found["q"] = self.text
        if self.exact:
            found["exact"] = 1
        if self.place and self.radius_km != DEFAULT_RADIUS_KM:
            found["radius"] = self.radius_km
        return found

    def near(self, place: Place) -> SearchFilters:
        """The same somewhere else."""
        return replace(self, place=place, unknown_place="", namesakes=())

    def without(self, name: str, value: str = "") -> SearchFilters:
        """The same with one filter, or one value of it, taken off."""
        if name == "place":
            away = replace(self, place=None, unknown_place="", namesakes=())
            return replace(away, radius_km=DEFAULT_RADIUS_KM)
        if name == "family":
            return replace(self, family="", occupation="")
        field = _FIELDS.get(name, name)
        values = getattr(self, field)
        left: Any = tuple(v for v in values if v != value) if isinstance(values, tuple) else ""
        return replace(self, **{field: left})


_LONGEST = 120  # characters of one argument that are read
_FIELDS = {"contract": "contracts", "language": "languages", "licence": "licences"}


def read(arguments: Arguments) -> SearchFilters:
    """What an address asks for."""

    def one(name: str, known: Collection[str]) -> str:
        return next((v for v in arguments.getlist(name) if v in known), "")

    def some(name: str, known: Callable[[str], bool]) -> tuple[str, ...]:
        return tuple(sorted({v for v in arguments.getlist(name) if known(v)}))

    def text(name: str) -> str:
        return next((" ".join(v.split()) for v in arguments.getlist(name)), "")[:_LONGEST]

    named = text("place")
    suggested = places.suggest_places(named)
    there = next(iter(suggested), None)
    sought = occupation(text("occupation"))
    return SearchFilters(
        text=text("q"),
        exact=bool(text("exact")),
        family=sought.family if sought else one("family", FAMILIES),
        occupation=sought.code if sought else "",
        contracts=some("contract", lambda v: v in set(Contract)),
        available=one("available", list(Available)),
        experience=some("experience", lambda v: v in set(Experience)),
        languages=some("language", lambda v: len(v) == 2 and v.isalpha() and v.islower()),  # noqa: PLR2004
        licences=some("licence", lambda v: len(v) <= 3 and v.isalnum() and v.isupper()),  # noqa: PLR2004
        place=there,
        radius_km=_radius(text("radius")),
        unknown_place="" if there else named,
        namesakes=tuple(one for one in suggested[1:] if fold(one.name) == fold(named)),
    )


def _radius(typed: str) -> int:
    known = {str(km): km for km in (*geo.RADII_KM, geo.DEPARTMENT)}
    return known.get(typed, DEFAULT_RADIUS_KM)


def conditions(wanted: SearchFilters, today: date) -> dict[str, ColumnElement[bool]]:
    """SQL for each facet that is set, by its name in the address."""
    entry = SearchEntry
    found: dict[str, ColumnElement[bool]] = {}
    if wanted.family:
        found["family"] = entry.family == wanted.family
    if wanted.occupation:
        found["occupation"] = entry.occupation == wanted.occupation
    if wanted.contracts:
        found["contract"] = _any_of(entry.contracts, wanted.contracts)
    if wanted.available:
        found["available"] = available(wanted.available, today)
    if wanted.experience:
        found["experience"] = entry.experience.in_(wanted.experience)
    if wanted.languages:
        found["language"] = _any_of(entry.languages, wanted.languages)
    if wanted.licences:
        found["licence"] = _any_of(entry.licences, wanted.licences)
    return found


def available(when: str, today: date) -> ColumnElement[bool]:
    """SQL: says they can start by then. Who says no day is not found by it."""
    day = today + WITHIN.get(Available(when), timedelta(0))
    return SearchEntry.available_from <= day


def several(values: Iterable[str]) -> str:
    """Facts of which one may have several, as `SearchEntry` keeps them."""
    listed = ",".join(sorted(set(values)))
    return f",{listed}," if listed else ""


def _any_of(column: SQLColumnExpression[str], values: Iterable[str]) -> ColumnElement[bool]:
    return or_(*(column.contains(f",{value},", autoescape=True) for value in values))
