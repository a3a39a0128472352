"""The words that films are found by, counted, and what a mistyped word probably means.

Only words that are in the index are ever suggested, so a correction always finds something,
and no word list of anybody else decides how people may write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein
from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cvtube.browse.search.models import SearchTerm

AT_MOST = 3  # words a mistyped one may stand for, when several are equally near
_BATCH = 500


def count_words(
    session: Session,
    *,
    gone: Iterable[str] = (),
    come: Iterable[str] = (),
    spellings: Mapping[str, str] | None = None,
) -> None:
    """An entry lost some words and got others."""
    changes = dict.fromkeys(gone, -1) | dict.fromkeys(come, 1)
    # In one order for everybody: two indexers then never wait for each other in a circle.
    ordered = sorted(changes)
    for start in range(0, len(ordered), _BATCH):
        rows = [
            {
                "term": term,
                "spelling": (spellings or {}).get(term, term),
                "documents": changes[term],
            }
            for term in ordered[start : start + _BATCH]
        ]
        _add(session, rows)


def _add(session: Session, rows: list[dict[str, object]]) -> None:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(SearchTerm).values(rows)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[SearchTerm.term],
            set_={"documents": SearchTerm.documents + statement.excluded.documents},
        )
    )


def drop_unused_words(session: Session) -> None:
    """Forget the words that no film has any more."""
    session.execute(delete(SearchTerm).where(SearchTerm.documents <= 0))


def begins_something(session: Session, start: str) -> bool:
    """Whether some film has a word that begins so."""
    statement = select(SearchTerm.term).where(
        SearchTerm.term.startswith(start, autoescape=True), SearchTerm.documents > 0
    )
    return session.scalar(statement.limit(1)) is not None


def nearest(session: Session, word: str) -> list[str]:
    """The known words a mistyped one is nearest to, those of most films first; perhaps none.

    One slip (a letter wrong, missing, too many, or two exchanged) is forgiven in words of
    five to seven letters, two in longer ones, none in shorter ones.
    """
    slips = allowed_slips(word)
    if not slips:
        return []
    rows = session.execute(
        select(SearchTerm.term, SearchTerm.documents).where(
            SearchTerm.documents > 0,
            func.length(SearchTerm.term).between(len(word) - slips, len(word) + slips),
        )
    )
    documents = dict(rows.all())
    near = process.extract(
        word, list(documents), scorer=DamerauLevenshtein.distance, score_cutoff=slips, limit=None
    )
    if not near:
        return []
    best = min(distance for _, distance, _ in near)
    found = [term for term, distance, _ in near if distance == best]
    return sorted(found, key=lambda term: (-documents[term], term))[:AT_MOST]


def allowed_slips(word: str) -> int:
    """How many slips of the finger a word of this length may hold."""
    if len(word) < 5:  # noqa: PLR2004 (the rule itself, said above)
        return 0
    return 1 if len(word) < 8 else 2  # noqa: PLR2004


def spelled(session: Session, terms: Iterable[str]) -> dict[str, str]:
    """The words with their accents, as somebody wrote them."""
    rows = session.execute(
        select(SearchTerm.term, SearchTerm.spelling).where(SearchTerm.term.in_(set(terms)))
    )
    return dict(rows.all())
