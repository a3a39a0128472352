"""What somebody meant by the words they typed: one thing, one of several, or nothing we know.

Completion in the browser sends the code it put in beside the text. Without it (no script, or
words typed in full) the text alone decides, and where it cannot, people choose from a list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from cvtube.taxonomy.occupations import (
    Occupation,
    everyday_names,
    occupation,
    suggest_occupations,
)
from cvtube.taxonomy.places import Place, place, suggest_places
from cvtube.taxonomy.text import fold

OFFERED = 12


class Named(Protocol):
    """A thing with a code and a label."""

    @property
    def code(self) -> str: ...

    @property
    def label(self) -> str: ...


N = TypeVar("N", bound=Named)


@dataclass(frozen=True)
class Match(Generic[N]):
    """The one meant, or else those that may be."""

    one: N | None = None
    several: Sequence[N] = ()


def match_occupation(text: str, code: str = "") -> Match[Occupation]:
    """The occupation somebody typed, in either gender's form."""
    found = _match(
        text,
        occupation(code),
        suggest_occupations(text, OFFERED, forgive=False),
        lambda known: (*known.forms, *everyday_names(known.code)),
    )
    # What is only nearly so is asked about, however few there are.
    return found if found != Match() else Match(several=suggest_occupations(text, OFFERED))


def picked_occupation(text: str, code: str) -> Occupation | None:
    """The occupation that was chosen from the list; words alone, however clear, name none."""
    found = occupation(code)
    return found if found and fold(text) in map(fold, (found.label, *found.forms)) else None


def match_place(text: str, code: str = "") -> Match[Place]:
    """The town somebody typed, by its name or postal code."""
    return _match(
        text,
        place(code),
        suggest_places(text, OFFERED),
        lambda known: (known.name, *known.postal_codes),
    )


def _match(
    text: str, completed: N | None, suggested: Sequence[N], names: Callable[[N], Iterable[str]]
) -> Match[N]:
    typed = fold(text)
    if not typed:
        return Match()
    # The code counts only with its own label: the text may have been changed since.
    if completed is not None and fold(completed.label) == typed:
        return Match(completed)
    exact = [known for known in suggested if typed in map(fold, (known.label, *names(known)))]
    for found in (exact, suggested):
        if len(found) == 1:
            return Match(found[0])
        if found:
            return Match(several=found)
    return Match()
