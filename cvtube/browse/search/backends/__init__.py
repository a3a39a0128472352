"""The text index of each database."""

from __future__ import annotations

from sqlalchemy import Connection, Engine

from cvtube.browse.search.backends.postgresql import PostgreSQLIndex
from cvtube.browse.search.backends.sqlite import SQLiteIndex
from cvtube.browse.search.text_index import TextIndex


def text_index(engine: Engine | Connection) -> TextIndex:
    """The one of this database."""
    return SQLiteIndex() if engine.dialect.name == "sqlite" else PostgreSQLIndex()
