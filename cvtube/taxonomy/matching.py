"""What somebody meant by the words they typed: one thing, one of several, or nothing we know.

Completion in the browser sends the code it put in beside the text. Without it (no script, or
words typed in full) the text alone decides, and where it cannot, people choose from a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from cvtube.i18n import LANGUAGES
from cvtube.taxonomy.job_names import called, names_of, suggest_occupations
from cvtube.taxonomy.occupations import Occupation, occupation
from cvtube.taxonomy.places import Place, place, suggest_places
from cvtube.taxonomy.text import fold

OFFERED = 12


class Named(Protocol):
    """A thing with a code and a name in each language."""

    @property
    def code(self) -> str: ...

    def named(self, language: str) -> str: ...


N = TypeVar("N", bound=Named)


@dataclass(frozen=True)
class Match(Generic[N]):
    """The one meant, or else those that may be."""

    one: N | None = None
    several: Sequence[N] = ()


def match_occupation(text: str, code: str = "") -> Match[Occupation]:
    """The occupation somebody typed, by any of its names, in either gender, singular or plural."""
    found = _match(
        text,
        occupation(code),
        called(text),
        suggest_occupations(text, OFFERED, forgive=False),
    )
    # What is only nearly so is asked about, however few there are.
    return found if found != Match() else Match(several=suggest_occupations(text, OFFERED))


def picked_occupation(text: str, code: str) -> Occupation | None:
    """The occupation that was chosen from the list; words alone, however clear, name none."""
    found = occupation(code)
    return found if found and fold(text) in map(fold, names_of(found.code)) else None


def match_place(text: str, code: str = "") -> Match[Place]:
    """The town somebody typed, by its name or postal code."""
    suggested, typed = suggest_places(text, OFFERED), fold(text)
    exact = [
        known
        for known in suggested
        if typed in map(fold, (known.label, known.name, *known.postal_codes))
    ]
    return _match(text, place(code), exact, suggested)


def _match(text: str, completed: N | None, exact: Sequence[N], suggested: Sequence[N]) -> Match[N]:
    if not fold(text):
        return Match()
    # The code counts only with its own label: the text may have been changed since.
    if completed is not None and fold(text) in {fold(completed.named(one)) for one in LANGUAGES}:
        return Match(completed)
    for found in (exact, suggested):
        if len(found) == 1:
            return Match(found[0])
        if found:
            return Match(several=found[:OFFERED])
    return Match()
