"""The jobs one may seek: France Travail's ROME 4.0 (Licence Ouverte 2.0).

Labels carry both genders ("Infirmier / Infirmière"), and so do pages: which of the two a
candidate is, is nobody's search criterion. Either form is found.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from cvtube.taxonomy.text import fold


@dataclass(frozen=True)
class Occupation:
    """One ROME sheet."""

    code: str
    label: str

    @property
    def family(self) -> str:
        """ROME's first letter: the large field of work."""
        return self.code[0]


@cache
def occupations() -> dict[str, Occupation]:
    """Every occupation by code."""
    with files("cvtube").joinpath("data/occupations.csv").open(encoding="utf-8") as file:
        return {row["code"]: Occupation(row["code"], row["label"]) for row in csv.DictReader(file)}


def occupation(code: str | None) -> Occupation | None:
    """The occupation of a code, if there is one."""
    return occupations().get(code or "")


def suggest_occupations(text: str, limit: int = 8) -> list[Occupation]:
    """Occupations all of whose typed words begin a word of the label, best first.

    A label that starts with what was typed comes before one that has it further on; shorter
    labels, which name the more general job, come first.
    """
    words = fold(text).split()
    if not words:
        return []
    found = [
        (not folded.startswith(words[0]), len(folded), code)
        for code, folded in _folded().items()
        if all(f" {word}" in f" {folded}" for word in words)
    ]
    return [occupations()[code] for _, _, code in sorted(found)[:limit]]


@cache
def _folded() -> dict[str, str]:
    return {code: fold(known.label) for code, known in occupations().items()}
