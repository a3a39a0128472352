"""What a person typed, and what is looked for because of it.

Every typed word may be the start of a word, and the plural of one. Films are found by everything
their job is called (`taxonomy.job_names`), so that nothing needs translating here but initials:
"AS" or "PL" stand for jobs, not for beginnings of words. A word that begins nothing at all is
taken for the known words nearest to it, and the page says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cvtube.browse.search import spelling
from cvtube.browse.search.text_index import Choice, Term, TextQuery
from cvtube.browse.search.tokenize import words_of
from cvtube.taxonomy import job_names
from cvtube.taxonomy.text import fold, singulars

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
_BEGINS_FROM = 3  # letters of a singular that may still be the start of a longer word


@dataclass(frozen=True)
class Understood:
    """The words to look for, and which typed word was taken for which others."""

    words: TextQuery
    corrections: dict[str, list[str]]


def understand(session: Session, text: str, *, exact: bool = False) -> Understood:
    """Make sense of a typed text; `exact` takes it at its word, slips and all."""
    words = _words(text)
    corrections = {} if exact else _corrections(session, words)
    return Understood(TextQuery(tuple(_choice(word, corrections) for word in words)), corrections)


def _words(text: str) -> list[str]:
    words = list(dict.fromkeys(words_of(text[:LONGEST])))
    meant = [word for word in words if word not in _PASSED_OVER]
    return (meant or words)[:MOST]


def _corrections(session: Session, words: Sequence[str]) -> dict[str, list[str]]:
    """The words nearest to each typed one that begins no word of any film, nor of any job."""
    return {
        word: near
        for word in words
        if not job_names.begins_a_name(word)
        and not any(spelling.begins_something(session, one) for one in singulars(word))
        and (near := spelling.nearest(session, word))
    }


def _choice(word: str, corrections: dict[str, list[str]]) -> Choice:
    if near := corrections.get(word):
        return tuple((Term(one, start=False),) for one in near)
    if codes := job_names.abbreviations().get(word):
        itself = () if word in _PASSED_OVER else (word,)
        return tuple((Term(one, start=False),) for one in (*map(fold, codes), *itself))
    return tuple((_term(reading, word),) for reading in singulars(word))


def _term(reading: str, typed: str) -> Term:
    # One letter is a word ("permis B", "C"), not the start of half the dictionary; and what is
    # left of a short word is that word alone: "vets" is "vet", not the start of "veterinary".
    return Term(reading, start=len(reading) > (1 if reading == typed else _BEGINS_FROM))
