"""Where people live and look: French communes with their postal codes.

A candidate names a commune, never a street: the district somebody lives in is a criterion
the law forbids (Code du travail, art. L. 1132-1).
"""

from __future__ import annotations

import bisect
import csv
import itertools
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from cvtube.taxonomy.text import fold

EARTH_RADIUS_KM = 6371.0
_ABBREVIATIONS = {"st": "saint", "ste": "sainte"}
_ARTICLE = re.compile(r"(?:l|la|le|les) ")


@dataclass(frozen=True)
class Place:
    """A commune or municipal district."""

    code: str  # INSEE, not postal
    name: str
    department: str
    postal_codes: tuple[str, ...]
    population: int
    latitude: float | None
    longitude: float | None

    @property
    def label(self) -> str:
        """The name with its department, as people tell towns of one name apart."""
        return f"{self.name} ({self.department})"

    def named(self, language: str) -> str:  # noqa: ARG002 (the vocabularies' protocol)
        """The label: towns have one name for everybody."""
        return self.label


@cache
def places() -> dict[str, Place]:
    """Every place by its INSEE code."""
    with files("cvtube").joinpath("data/communes.csv").open(encoding="utf-8") as file:
        return {row["code"]: _place(row) for row in csv.DictReader(file)}


def place(code: str | None) -> Place | None:
    """The place of an INSEE code, if there is one."""
    return places().get(code or "")


def suggest_places(text: str, limit: int = 8) -> list[Place]:
    """Places by the start of their name or of a postal code, the most populous first.

    A department may follow the name ("Saint-Denis 93"), and an article may be missing.
    """
    typed = " ".join(_ABBREVIATIONS.get(word, word) for word in fold(text).split())
    name, _, department = typed.rpartition(" ")
    there = {
        code
        for code in _beginning_with(name, _names())
        if places()[code].department == department.upper()
    }
    codes = there | _beginning_with(typed, _postal_codes() if typed.isdigit() else _names())

    def rank(known: Place) -> tuple[bool, int]:
        # With its department, a name is meant to the letter: even the smallest place comes first.
        to_the_letter = known.code in there and fold(known.name) == name
        return (not to_the_letter, -known.population)

    return sorted((places()[code] for code in codes), key=rank)[:limit]


def _beginning_with(start: str, index: list[tuple[str, str]]) -> set[str]:
    """The codes of all entries of a sorted index that begin so."""
    if not start:
        return set()
    first = bisect.bisect_left(index, (start, ""))
    rest = itertools.islice(index, first, None)
    return {code for _, code in itertools.takewhile(lambda entry: entry[0].startswith(start), rest)}


@cache
def _names() -> list[tuple[str, str]]:
    """Folded names with their codes, sorted; "La Rochelle" stands under R as well."""
    named = [(fold(known.name), known.code) for known in places().values()]
    bare = [(_ARTICLE.sub("", name), code) for name, code in named if _ARTICLE.match(name)]
    return sorted(named + bare)


@cache
def _postal_codes() -> list[tuple[str, str]]:
    return sorted((post, known.code) for known in places().values() for post in known.postal_codes)


def _place(row: dict[str, str]) -> Place:
    return Place(
        code=row["code"],
        name=row["name"],
        department=row["department"],
        postal_codes=tuple(row["postal_codes"].split()),
        population=int(row["population"] or 0),
        latitude=float(row["latitude"]) if row["latitude"] else None,
        longitude=float(row["longitude"]) if row["longitude"] else None,
    )
