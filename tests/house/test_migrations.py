"""The migrations lead from nothing to exactly what the models say, and back."""

from __future__ import annotations

import secrets

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, make_url, text

from cvtube import schema
from cvtube.cli.database import alembic_config, upgrade_schema
from cvtube.db.session import open_engine


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request, tmp_path, services):
    """The address of a database without a single table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/fresh/cvtube.db"
        return
    name = f"fresh_{secrets.token_hex(6)}"
    admin = open_engine(services.postgresql)
    with admin.connect() as connection:
        autocommit = connection.execution_options(isolation_level="AUTOCOMMIT")
        autocommit.execute(text(f"CREATE DATABASE {name}"))
        url = make_url(services.postgresql).set(database=name)
        yield url.render_as_string(hide_password=False)
        autocommit.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def differences(url):
    engine = open_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": schema.is_modelled, "compare_type": True}
        )
        found = compare_metadata(context, schema.metadata)
    engine.dispose()
    return found


def tables(url):
    engine = open_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def test_a_migrated_database_is_what_the_models_say(empty_database):
    upgrade_schema(empty_database)
    assert differences(empty_database) == []


def test_migrating_again_changes_nothing(empty_database):
    upgrade_schema(empty_database)
    before = tables(empty_database)
    upgrade_schema(empty_database)
    assert tables(empty_database) == before


def test_every_migration_can_be_taken_back(empty_database):
    upgrade_schema(empty_database)
    command.downgrade(alembic_config(empty_database), "base")
    assert tables(empty_database) == {"alembic_version"}


def test_there_is_one_line_of_history():
    assert len(ScriptDirectory.from_config(alembic_config("sqlite://")).get_heads()) == 1
