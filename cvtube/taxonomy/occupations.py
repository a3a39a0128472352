"""The jobs one may seek: France Travail's ROME 4.0 (Licence Ouverte 2.0).

Labels carry both genders ("Infirmier / Infirmière"), and so do pages: which of the two a
candidate is, is nobody's search criterion. Either form is found, and so are the words people
use where ROME has others (nobody calls themselves "agent de propreté de locaux").
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rapidfuzz.distance import DamerauLevenshtein

from cvtube.taxonomy.text import fold

SHORTEST_MISTYPED = 4  # letters; shorter words are near too many others
ONE_SLIP_UP_TO = 7  # letters; two slips in longer words


@dataclass(frozen=True)
class Occupation:
    """One ROME sheet."""

    code: str
    label: str

    @property
    def forms(self) -> tuple[str, ...]:
        """The label as it is said of one person: "Infirmier scolaire", "Infirmière scolaire"."""
        one, _, other = self.label.partition(" / ")
        if not other:
            return (one,)
        # "Directeur / Directrice d'hôtel": what follows the second form belongs to both.
        rest = other.split()[len(one.split()) :]
        return (" ".join([one, *rest]), other)

    @property
    def said(self) -> tuple[str, ...]:
        """The same inside a sentence: "infirmier scolaire", but "DJ" as it is."""
        return tuple(
            form if form[:2].isupper() else form[0].lower() + form[1:] for form in self.forms
        )

    @property
    def family(self) -> str:
        """ROME's first letter: the large field of work."""
        return self.code[0]


@cache
def occupations() -> dict[str, Occupation]:
    """Every occupation by code."""
    return {row["code"]: Occupation(row["code"], row["label"]) for row in _rows("occupations.csv")}


def occupation(code: str | None) -> Occupation | None:
    """The occupation of a code, if there is one."""
    return occupations().get(code or "")


def everyday_names(code: str) -> tuple[str, ...]:
    """What people call the job besides its label."""
    return tuple(name for name, codes in _everyday() if code in codes)


def suggest_occupations(text: str, limit: int = 8, *, forgive: bool = True) -> list[Occupation]:
    """Occupations all of whose typed words begin a word of a name, best first.

    A name that starts with what was typed comes before one that has it further on; shorter
    names, which mean the more general job, come first. Where nothing is found so, slips of
    the finger are forgiven.
    """
    words = fold(text).split()
    if not words:
        return []
    codes = _found([[word] for word in words])
    if not codes and forgive:
        codes = _found([_meant(word) for word in words])
    return [occupations()[code] for code in codes[:limit]]


def _found(words: list[list[str]]) -> list[str]:
    """The codes of names in which a word begins with one reading of each typed word."""
    everyday = sum(len(codes) for _, codes in _everyday())
    hits = sorted(
        (
            not name.startswith(tuple(words[0])),
            # An everyday name is not shown itself: before it is typed, it would only puzzle.
            place < everyday and len(words) < len(name.split()),
            len(name),
            place,
            code,
        )
        for place, (name, code) in enumerate(_names())
        if all(any(f" {reading}" in f" {name}" for reading in readings) for readings in words)
    )
    return list(dict.fromkeys(code for *_, code in hits))


def _meant(word: str) -> list[str]:
    """The word, or what it may be meant to be if no name has a word that begins so."""
    if len(word) < SHORTEST_MISTYPED or any(known.startswith(word) for known in _words()):
        return [word]
    slips = 1 if len(word) <= ONE_SLIP_UP_TO else 2
    # It may be only half typed: it is compared with beginnings as long as itself, or nearly.
    lengths = (len(word) - 1, len(word), len(word) + 1)
    beginnings = {known[:n] for known in _words() for n in lengths if len(known) >= n}
    near = {
        known: slipped
        for known in beginnings
        if (slipped := DamerauLevenshtein.distance(word, known, score_cutoff=slips)) <= slips
    }
    return [known for known, slipped in near.items() if slipped == min(near.values())] or [word]


@cache
def _names() -> list[tuple[str, str]]:
    """Each folded name with the code it stands for, everyday ones first."""
    everyday = [(fold(name), code) for name, codes in _everyday() for code in codes]
    return everyday + [(fold(known.label), known.code) for known in occupations().values()]


@cache
def _words() -> frozenset[str]:
    return frozenset(word for name, _ in _names() for word in name.split())


@cache
def _everyday() -> list[tuple[str, list[str]]]:
    return [(row["name"], row["codes"].split()) for row in _rows("everyday_jobs.csv")]


def _rows(file_name: str) -> Iterator[dict[str, str]]:
    with files("cvtube").joinpath("data", file_name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)
