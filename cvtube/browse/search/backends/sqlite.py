"""The words of films in SQLite: an FTS5 table (https://www.sqlite.org/fts5.html)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, String, column, select, table, text
from sqlalchemy.orm import Session

from cvtube.browse.search.models import SearchEntry
from cvtube.browse.search.text_index import Choice, MatchDepth, Phrase, Term, Text, TextQuery

# Words come folded, so the tokenizer has only to leave C++ and C# whole. Nobody asks for
# phrases or for FTS5's own ranking: detail and columnsize leave out what these would need.
_CREATE = """
    CREATE VIRTUAL TABLE search_index USING fts5(
        job, skills, rest,
        tokenize = "unicode61 remove_diacritics 2 tokenchars '+#'",
        prefix = '2 3', detail = column, columnsize = 0
    )
"""

_COLUMNS = {
    MatchDepth.JOB: "{job}",
    MatchDepth.SKILLS: "{job skills}",
    MatchDepth.ANYWHERE: "{job skills rest}",
}
_INDEX = table("search_index", column("rowid"), column("search_index", String))


class SQLiteIndex:
    """See `TextIndex`."""

    def create(self, connection: Connection) -> None:
        connection.execute(text(_CREATE))

    def put(self, session: Session, entry_id: int, text_: Text) -> None:
        self.forget(session, entry_id)
        session.execute(
            text(
                "INSERT INTO search_index (rowid, job, skills, rest)"
                " VALUES (:entry, :job, :skills, :rest)"
            ),
            {
                "entry": entry_id,
                "job": " ".join(text_.job),
                "skills": " ".join(text_.skills),
                "rest": " ".join(text_.rest),
            },
        )

    def forget(self, session: Session, entry_id: int) -> None:
        session.execute(text("DELETE FROM search_index WHERE rowid = :entry"), {"entry": entry_id})

    def words(self, session: Session, entry_id: int) -> frozenset[str]:
        row = session.execute(
            text("SELECT job, skills, rest FROM search_index WHERE rowid = :entry"),
            {"entry": entry_id},
        ).first()
        return frozenset(word for part in row or () for word in part.split())

    def holds(self, words: TextQuery, depth: MatchDepth) -> ColumnElement[bool]:
        found = select(_INDEX.c.rowid).where(
            _INDEX.c.search_index.op("MATCH")(f"{_COLUMNS[depth]} : ({_expression(words)})")
        )
        return SearchEntry.id.in_(found)


def _expression(words: TextQuery) -> str:
    return " AND ".join(f"({_choice(choice)})" for choice in words.choices)


def _choice(choice: Choice) -> str:
    return " OR ".join(f"({_phrase(phrase)})" for phrase in choice)


def _phrase(phrase: Phrase) -> str:
    return " AND ".join(_term(term) for term in phrase)


def _term(term: Term) -> str:
    # Folded words hold no quote; quoted, AND, OR and NOT are words like any other.
    return f'"{term.word}"*' if term.start else f'"{term.word}"'
