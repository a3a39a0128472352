"""What a person typed, and what is looked for because of it.

Every typed word may be the start of a word. A word of the list of synonyms also finds its
equals. A word that begins nothing at all is taken for the known words nearest to it, and
the page says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sqlalchemy.orm import Session

from cvtube.browse import vocabulary
from cvtube.browse.text_index import Choice, Phrase, Term, Words
from cvtube.browse.words import words_of

LONGEST = 120  # characters of a search that are read
MOST = 8  # words of a search that are read

# Little words between the others; nobody looks for them. Folded, French and English.
_PASSED_OVER = frozenset(
    {
        *("a", "ai", "au", "aux", "avec", "ce", "ces", "chez", "dans", "de", "des", "du", "elle"),
        *("en", "est", "et", "il", "je", "la", "le", "les", "ma", "mes", "mon", "ou", "par"),
        *("pour", "que", "qui", "sa", "ses", "son", "sur", "un", "une"),
        *("and", "as", "at", "for", "from", "in", "is", "job", "my", "of", "on", "or", "the"),
        *("to", "with"),
    }
)
_PLURAL_FROM = 5  # letters: below, a final s is as often part of the word ("bus", "sens")


@dataclass(frozen=True)
class Understood:
    """The words to look for, and which typed word was taken for which others."""

    words: Words
    corrections: dict[str, list[str]]


def understand(session: Session, text: str, *, exact: bool = False) -> Understood:
    """Make sense of a typed text; `exact` takes it at its word, slips and all."""
    groups = list(_groups(_words(text)))
    corrections = {} if exact else _corrections(session, groups)
    return Understood(Words(tuple(_choice(group, corrections) for group in groups)), corrections)


@dataclass(frozen=True)
class _Group:
    """Typed words that stand for one thing, and what means the same."""

    typed: tuple[str, ...]
    equals: tuple[tuple[str, ...], ...]


def _words(text: str) -> list[str]:
    words = list(dict.fromkeys(words_of(text[:LONGEST])))
    meant = [word for word in words if word not in _PASSED_OVER]
    return (meant or words)[:MOST]


def _groups(words: Sequence[str]) -> Iterator[_Group]:
    at = 0
    while at < len(words):
        length, equals = _longest_synonym(words[at:])
        yield _Group(tuple(words[at : at + length]), equals)
        at += length


def _longest_synonym(words: Sequence[str]) -> tuple[int, tuple[tuple[str, ...], ...]]:
    for length in range(min(len(words), _longest_phrase()), 0, -1):
        if equals := synonyms().get(tuple(words[:length])):
            return length, equals
    return 1, ()


def _corrections(session: Session, groups: Sequence[_Group]) -> dict[str, list[str]]:
    """The words nearest to each typed one that begins no known word and has no synonym."""
    lonely = (group.typed[0] for group in groups if not group.equals)
    return {
        word: near
        for word in lonely
        if not vocabulary.begins_something(session, _singular(word))
        and (near := vocabulary.nearest(session, word))
    }


def _choice(group: _Group, corrections: dict[str, list[str]]) -> Choice:
    if near := corrections.get(group.typed[0]):
        return tuple((Term(word, start=False),) for word in near)
    typed: Phrase = tuple(_term(word) for word in group.typed)
    return (typed, *(tuple(Term(word, start=False) for word in equal) for equal in group.equals))


def _term(word: str) -> Term:
    # One letter is a word ("permis B", "C"), not the start of half the dictionary.
    return Term(_singular(word), start=len(word) > 1)


def _singular(word: str) -> str:
    """Without the s or x of a plural: what is left begins the singular and the plural."""
    return word[:-1] if len(word) >= _PLURAL_FROM and word[-1] in "sx" else word


@cache
def synonyms() -> dict[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Each phrase of the list with those that mean the same."""
    lines = files("cvtube").joinpath("data/synonyms.txt").read_text(encoding="utf-8").splitlines()
    found: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {}
    for line in lines:
        if not line or line.startswith("#"):
            continue
        phrases = [tuple(_words(phrase)) for phrase in line.split(",")]
        for phrase in phrases:
            others = tuple(other for other in phrases if other != phrase)
            found[phrase] = tuple(dict.fromkeys((*found.get(phrase, ()), *others)))
    return found


@cache
def _longest_phrase() -> int:
    return max(map(len, synonyms()))
