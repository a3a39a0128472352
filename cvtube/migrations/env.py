"""Alembic's entry: the models on one side, the configured database on the other."""

from __future__ import annotations

from alembic import context

from cvtube import schema
from cvtube.db.session import open_engine

engine = open_engine(context.config.attributes["url"])
try:
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # Before any transaction: the copied table replaces the dropped one, and what refers to
            # it must not go with it.
            connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
        context.configure(
            connection=connection,
            target_metadata=schema.metadata,
            # SQLite cannot alter a table in place: Alembic copies it instead.
            render_as_batch=True,
            compare_type=True,
            include_name=schema.is_modelled,
        )
        with context.begin_transaction():
            context.run_migrations()
finally:  # also where a migration refuses
    engine.dispose()
