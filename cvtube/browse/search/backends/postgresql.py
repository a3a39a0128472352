"""The words of films in PostgreSQL: a tsvector with a GIN index.

No text search configuration takes part. Words come folded and are cast as they are: the
parser of `to_tsvector` would take C++ for C, and two words for one where it sees a path,
a number or an address. Weights A and B mark the job sought and the skills.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, bindparam, column, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import Session

from cvtube.browse.search.models import SearchEntry
from cvtube.browse.search.text_index import Choice, MatchDepth, Phrase, Term, Text, TextQuery

_CREATE = (
    """
    CREATE TABLE search_index (
        entry_id INTEGER PRIMARY KEY REFERENCES search_entry (id) ON DELETE CASCADE,
        document TSVECTOR NOT NULL
    )
    """,
    "CREATE INDEX ix_search_index_document ON search_index USING gin (document)",
)

_WEIGHTS = {MatchDepth.JOB: "A", MatchDepth.SKILLS: "AB", MatchDepth.ANYWHERE: ""}
_INDEX = table("search_index", column("entry_id"), column("document", TSVECTOR))


class PostgreSQLIndex:
    """See `TextIndex`."""

    def create(self, connection: Connection) -> None:
        for statement in _CREATE:
            connection.execute(text(statement))

    def put(self, session: Session, entry_id: int, text_: Text) -> None:
        session.execute(
            text(
                "INSERT INTO search_index (entry_id, document)"
                " VALUES (:entry, CAST(:document AS tsvector))"
                " ON CONFLICT (entry_id) DO UPDATE SET document = excluded.document"
            ),
            {"entry": entry_id, "document": _document(text_)},
        )

    def forget(self, session: Session, entry_id: int) -> None:
        session.execute(
            text("DELETE FROM search_index WHERE entry_id = :entry"), {"entry": entry_id}
        )

    def words(self, session: Session, entry_id: int) -> frozenset[str]:
        found = session.execute(
            text("SELECT tsvector_to_array(document) FROM search_index WHERE entry_id = :entry"),
            {"entry": entry_id},
        ).scalar()
        return frozenset(found or ())

    def holds(self, words: TextQuery, depth: MatchDepth) -> ColumnElement[bool]:
        query = bindparam(None, _expression(words, _WEIGHTS[depth]), TSQUERY)
        found = select(_INDEX.c.entry_id).where(_INDEX.c.document.bool_op("@@")(query))
        return SearchEntry.id.in_(found)


def _document(text_: Text) -> str:
    # A weight belongs to a position; one position for each place a word may stand in will do.
    return " ".join(
        f"'{word}':{number}{weight}"
        for number, weight, part in (
            (1, "A", text_.job),
            (2, "B", text_.skills),
            (3, "", text_.rest),
        )
        for word in sorted(set(part))
    )


def _expression(words: TextQuery, weights: str) -> str:
    return " & ".join(f"({_choice(choice, weights)})" for choice in words.choices)


def _choice(choice: Choice, weights: str) -> str:
    return " | ".join(f"({_phrase(phrase, weights)})" for phrase in choice)


def _phrase(phrase: Phrase, weights: str) -> str:
    return " & ".join(_term(term, weights) for term in phrase)


def _term(term: Term, weights: str) -> str:
    marks = ("*" if term.start else "") + weights
    return f"'{term.word}':{marks}" if marks else f"'{term.word}'"
