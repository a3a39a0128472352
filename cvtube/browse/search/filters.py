"""What somebody looks for, as it stands in a page's address.

The address is the whole state: it can be kept, shared and gone back to. What it says that
we do not know (an old link, a hand that typed it) is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from sqlalchemy import ColumnElement

from cvtube.browse.search import geo
from cvtube.browse.search.facets import FACETS, Facet, Values
from cvtube.taxonomy import places
from cvtube.taxonomy.occupations import occupation
from cvtube.taxonomy.places import Place
from cvtube.taxonomy.text import fold

DEFAULT_RADIUS_KM = 30


class Arguments(Protocol):
    """A query string, as Werkzeug reads it."""

    def getlist(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True)
class SearchFilters:
    """Each filter that is set; within one facet any of its values will do."""

    text: str = ""
    exact: bool = False
    # What is chosen of each facet, by its name; never empty.
    facets: Mapping[str, Values] = field(default_factory=dict)
    place: Place | None = None
    radius_km: int = DEFAULT_RADIUS_KM
    unknown_place: str = ""  # what was typed, where it names no place
    namesakes: tuple[Place, ...] = ()  # other places of the very name that was typed

    def __bool__(self) -> bool:
        return self != SearchFilters()

    def chosen(self, facet: str) -> Values:
        """The values of a facet that are set."""
        return self.facets.get(facet, ())

    def filters(self) -> dict[str, str | Values]:
        """The filters that are set, by their names in the address; the text is none."""
        place = self.place.label if self.place else self.unknown_place
        return {**self.facets, **({"place": place} if place else {})}

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
        gone = {name, *FACETS[name].narrower}
        facets = {other: values for other, values in self.facets.items() if other not in gone}
        if left := tuple(one for one in self.chosen(name) if value and one != value):
            facets[name] = left
        return replace(self, facets=facets)


_LONGEST = 120  # characters of one argument that are read


def parse(arguments: Arguments) -> SearchFilters:
    """What an address asks for."""

    def text(name: str) -> str:
        return next((" ".join(v.split()) for v in arguments.getlist(name)), "")[:_LONGEST]

    named = text("place")
    suggested = places.suggest_places(named)
    there = next(iter(suggested), None)
    return SearchFilters(
        text=text("q"),
        exact=bool(text("exact")),
        facets=read_facets(arguments),
        place=there,
        radius_km=_radius(text("radius")),
        unknown_place="" if there else named,
        namesakes=tuple(one for one in suggested[1:] if fold(one.name) == fold(named)),
    )


def read_facets(arguments: Arguments) -> dict[str, Values]:
    """What an address chooses of each facet. An occupation implies its field of work."""
    found = {facet.name: _values(arguments, facet) for facet in FACETS.values()}
    if sought := occupation(next(iter(found["occupation"]), None)):
        found["family"] = (sought.family,)
    return {name: values for name, values in found.items() if values}


def _values(arguments: Arguments, facet: Facet) -> Values:
    known = [value for value in arguments.getlist(facet.name) if facet.knows(value)]
    return tuple(known[:1]) if facet.single else tuple(sorted(set(known)))


def _radius(typed: str) -> int:
    known = {str(km): km for km in (*geo.RADII_KM, geo.DEPARTMENT)}
    return known.get(typed, DEFAULT_RADIUS_KM)


def conditions(sought: SearchFilters, today: date) -> dict[str, ColumnElement[bool]]:
    """SQL for each facet that is set, by its name in the address."""
    return {name: FACETS[name].fits(values, today) for name, values in sought.facets.items()}
