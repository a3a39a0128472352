"""Where people live and look: French communes with their postal codes.

A candidate names a commune, never a street: the district somebody lives in is a criterion
the law forbids (Code du travail, art. L. 1132-1).
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from cvtube.taxonomy.text import fold

EARTH_RADIUS_KM = 6371.0
_ABBREVIATIONS = {"st": "saint", "ste": "sainte"}


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


@cache
def places() -> dict[str, Place]:
    """Every place by its INSEE code."""
    with files("cvtube").joinpath("data/communes.csv").open(encoding="utf-8") as file:
        return {row["code"]: _place(row) for row in csv.DictReader(file)}


def place(code: str | None) -> Place | None:
    """The place of an INSEE code, if there is one."""
    return places().get(code or "")


def suggest_places(text: str, limit: int = 8) -> list[Place]:
    """Places by the start of their name or of a postal code, the most populous first."""
    typed = fold(text)
    if typed.isdigit():
        found = [known for known in places().values() if _has_postal_code(known, typed)]
    else:
        words = " ".join(_ABBREVIATIONS.get(word, word) for word in typed.split())
        found = [places()[code] for name, code in _names() if words and name.startswith(words)]
    return sorted(found, key=lambda known: -known.population)[:limit]


def distance_km(one: Place, other: Place) -> float | None:
    """As the crow flies; None where a place's position is not known."""
    if one.latitude is None or one.longitude is None:
        return None
    if other.latitude is None or other.longitude is None:
        return None
    lat1, lon1, lat2, lon2 = map(
        math.radians, (one.latitude, one.longitude, other.latitude, other.longitude)
    )
    chord = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(chord))


@cache
def _names() -> list[tuple[str, str]]:
    return [(fold(known.name), known.code) for known in places().values()]


def _has_postal_code(known: Place, typed: str) -> bool:
    return any(code.startswith(typed) for code in known.postal_codes)


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
