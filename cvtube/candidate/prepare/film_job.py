"""The job of a film, as it is answered in one's own words: taken, or asked about. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cvtube.taxonomy.matching import match_occupation, picked_occupation
from cvtube.taxonomy.occupations import JobSought, Occupation, occupation

MOST_OFFERED = 5  # on a small phone, with the question above
LONGEST_WORDS = 80  # characters of a job in one's own words
OWN_WORDS = "own"  # the choice of one's own words


@dataclass(frozen=True)
class Doubt:
    """Words that may mean several jobs, or none we know: people choose, or keep their words."""

    typed: str
    offered: Sequence[Occupation]

    @property
    def may_keep(self) -> bool:
        """Whether the words are short enough to be a job's name."""
        return len(self.typed) <= LONGEST_WORDS


def parse(
    typed: str, *, code: str, choice: str | None, before: JobSought
) -> JobSought | Doubt | None:
    """What was meant by typed words; None: nothing about a job, what there is stays.

    `choice` is what was said when it was asked about: a code, OWN_WORDS, or "" for neither.
    A whole sentence is an answer, too; where nothing in it is a job, it names none.
    """
    if not typed or typed == before.words:
        return None
    if choice == OWN_WORDS and len(typed) <= LONGEST_WORDS:
        return JobSought(words=typed)
    if known := picked_occupation(typed, code) or occupation(choice):
        return JobSought(known)
    match = match_occupation(typed)
    if match.one:
        return JobSought(match.one)
    doubt = Doubt(typed, match.several[:MOST_OFFERED])
    return doubt if doubt.offered or doubt.may_keep else None
