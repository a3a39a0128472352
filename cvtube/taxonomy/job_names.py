"""Everything people call a job, in both languages: one vocabulary for profile, script and search.

Three sources: ROME's labels in either gender, their English names, and the words people use
where ROME has others (nobody calls themselves "agent de propreté de locaux"). Masculine and
feminine stand in the tables; singular and plural are one thing here. So whoever is found by one
of these four is found by the others.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from rapidfuzz.distance import DamerauLevenshtein

from cvtube.taxonomy.occupations import Occupation, forms, occupations, rows
from cvtube.taxonomy.text import alike, fold, singulars

SHORTEST_MISTYPED = 5  # letters; shorter words are near too many others ("uber", "over")
ONE_SLIP_UP_TO = 7  # letters; two slips in longer words


@dataclass(frozen=True)
class JobName:
    """One name of one job."""

    name: str  # as it is written, of one person
    code: str
    language: str
    everyday: bool

    @cached_property
    def folded(self) -> str:
        return fold(self.name)


def names_of(code: str) -> tuple[str, ...]:
    """Everything that a job is called, in both languages and genders."""
    return tuple(_by_code().get(code, ()))


def called(text: str) -> list[Occupation]:
    """The jobs of which a text is a name, whatever its number, gender, accents and language."""
    typed = fold(text)
    codes = [
        _names()[place].code
        for place in sorted(_holding([singulars(word) for word in typed.split()]))
        if alike(typed, _names()[place].folded)
    ]
    return [occupations()[code] for code in dict.fromkeys(codes)]


def abbreviations() -> dict[str, tuple[str, ...]]:
    """Codes by folded initials ("as", "pl"): short names that are no beginning of a word."""
    return _abbreviations()


def begins_a_name(word: str) -> bool:
    """Whether a folded word, or what it may be the plural of, begins a word of any name."""
    return any(_beginning(reading) for reading in singulars(word))


def suggest_occupations(
    text: str, limit: int = 8, *, language: str = "fr", forgive: bool = True
) -> list[Occupation]:
    """Occupations all of whose typed words begin a word of a name, best first.

    What is called exactly so comes first; then a name that starts with what was typed, the
    reader's language before the other; shorter names, which mean the more general job, come
    before longer ones. Where nothing is found so, slips of the finger are forgiven.
    """
    words = fold(text).split()
    if not words:
        return []
    codes = _found(words, [singulars(word) for word in words], language)
    if not codes and forgive:
        meant = [_meant(word) for word in words]
        codes = _found([one[0] for one in meant], meant, language)
    return [occupations()[code] for code in codes[:limit]]


def _found(words: Sequence[str], readings: Sequence[Sequence[str]], language: str) -> Sequence[str]:
    """The codes of names in which a word begins with one reading of each typed word."""
    hits = _holding(readings)
    typed, first = " ".join(words), tuple(readings[0])

    def rank(place: int) -> tuple[object, ...]:
        known = _names()[place]
        name = known.folded
        return (
            not alike(typed, name),
            not name.startswith(first),
            known.language != language,
            # An everyday name is not shown itself: before it is typed, it would only puzzle.
            known.everyday and len(words) < len(name.split()),
            len(name),
            place,
        )

    return list(dict.fromkeys(_names()[place].code for place in sorted(hits, key=rank)))


def _holding(readings: Sequence[Sequence[str]]) -> set[int]:
    """The places in `_names` of all names in which one reading of each word begins a word."""
    found = [set[int]().union(*map(_beginning, word)) for word in readings]
    return set.intersection(*found) if found else set()


def _beginning(start: str) -> set[int]:
    """The places in `_names` of all names with a word that begins so."""
    index = _words()
    rest = itertools.islice(index, bisect.bisect_left(index, (start, -1)), None)
    return {place for _, place in itertools.takewhile(lambda one: one[0].startswith(start), rest)}


def _meant(word: str) -> Sequence[str]:
    """The word, or what it may be meant to be if no name has a word that begins so."""
    if len(word) < SHORTEST_MISTYPED or begins_a_name(word):
        return singulars(word)
    slips = 1 if len(word) <= ONE_SLIP_UP_TO else 2
    # It may be only half typed: it is compared with beginnings as long as itself, or nearly.
    lengths = (len(word) - 1, len(word), len(word) + 1)
    beginnings = {known[:n] for known in _spelled() for n in lengths if len(known) >= n}
    near = {
        known: slipped
        for known in sorted(beginnings)
        if (slipped := DamerauLevenshtein.distance(word, known, score_cutoff=slips)) <= slips
    }
    return [known for known, slipped in near.items() if slipped == min(near.values())] or [word]


@cache
def _names() -> Sequence[JobName]:
    """Every name with the code it stands for, everyday ones first."""
    everyday = [
        JobName(form, code, row["language"], everyday=True)
        for row in rows("job_names.csv")
        for code in row["codes"].split()
        for form in forms(row["name"])
    ]
    labels = [
        JobName(name, known.code, language, everyday=False)
        for known in occupations().values()
        for language, names in (("fr", (known.french, *known.forms)), ("en", (known.english,)))
        for name in dict.fromkeys(names)
    ]
    return everyday + labels


@cache
def _by_code() -> dict[str, dict[str, None]]:
    found: dict[str, dict[str, None]] = {}
    for known in _names():
        found.setdefault(known.code, {})[known.name] = None
    return found


@cache
def _words() -> list[tuple[str, int]]:
    """Each folded word of a name with the name's place, sorted."""
    return sorted(
        (word, place) for place, known in enumerate(_names()) for word in set(known.folded.split())
    )


@cache
def _spelled() -> frozenset[str]:
    return frozenset(word for word, _ in _words())


@cache
def _abbreviations() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for known in _names():
        if known.everyday and known.name.isupper():
            found.setdefault(known.folded, {})[known.code] = None
    return {name: tuple(codes) for name, codes in found.items()}
