"""The jobs one may seek: France Travail's ROME 4.0 (Licence Ouverte 2.0), named in both languages.

French labels carry both genders ("Infirmier / Infirmière"), and so do pages: which of the two a
candidate is, is nobody's search criterion. What else people call a job is in `job_names`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_BOTH = " / "


@dataclass(frozen=True)
class Occupation:
    """One ROME sheet."""

    code: str
    french: str
    english: str

    def named(self, language: str) -> str:
        """What it is called in the reader's language ("fr" or "en")."""
        return self.english if language == "en" else self.french

    @property
    def forms(self) -> tuple[str, ...]:
        """The French label as it is said of one person, a man or a woman."""
        return forms(self.french)

    def said(self, language: str) -> tuple[str, ...]:
        """Its names inside a sentence: "infirmier scolaire", but "DJ" as it is."""
        named = (self.english,) if language == "en" else self.forms
        return tuple(one if one[:2].isupper() else one[0].lower() + one[1:] for one in named)

    @property
    def family(self) -> str:
        """ROME's first letter: the large field of work."""
        return self.code[0]


@dataclass(frozen=True)
class JobSought:
    """The job somebody looks for: one of the vocabulary, or else words of their own."""

    occupation: Occupation | None = None
    words: str = ""

    def named(self, language: str) -> str:
        """What it is called in the reader's language; "" if nobody has said it."""
        return self.occupation.named(language) if self.occupation else self.words

    @property
    def code(self) -> str | None:
        """The vocabulary's code, if it has the job."""
        return self.occupation.code if self.occupation else None

    def __bool__(self) -> bool:
        return bool(self.occupation or self.words)


def job_sought(code: str | None, words: str | None = "") -> JobSought:
    """The job of a row, which has a code, or words, or neither."""
    return JobSought(occupation(code), words or "")


def forms(name: str) -> tuple[str, ...]:
    """A name with both genders as it is said of one person.

    "Directeur / Directrice d'hôtel" is "Directeur d'hôtel" and "Directrice d'hôtel": what
    follows the second form belongs to both.
    """
    one, _, other = name.partition(_BOTH)
    if not other:
        return (one,)
    rest = other.split()[len(one.split()) :]
    return (" ".join([one, *rest]), other)


@cache
def occupations() -> dict[str, Occupation]:
    """Every occupation by code."""
    return {row["code"]: Occupation(**row) for row in rows("occupations.csv")}


def occupation(code: str | None) -> Occupation | None:
    """The occupation of a code, if there is one."""
    return occupations().get(code or "")


def rows(file_name: str) -> Iterator[dict[str, str]]:
    """The rows of one of the package's tables."""
    with files("cvtube").joinpath("data", file_name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)
