"""`cvtube db …`: the schema, from inside the installed package."""

from __future__ import annotations

import enum
from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, make_url

from cvtube import runtime as runtimes
from cvtube.accounts.cards import peppers
from cvtube.db.session import open_engine
from cvtube.settings import load

MIGRATIONS = Path(__file__).parent.parent / "migrations"


class Schema(enum.Enum):
    """How a database's schema stands to this version of CV Tube."""

    OLDER = enum.auto()
    CURRENT = enum.auto()
    NEWER = enum.auto()  # a newer version was here: what it added is not in this one's way


@click.group("db")
def database() -> None:
    """Look after the database's schema."""


@database.command()
def upgrade() -> None:
    """Bring the schema up to date; does nothing if it is, or if a newer version was here."""
    settings = load()
    upgrade_schema(settings.database_url)
    with runtimes.opened(settings) as runtime:
        peppers.settle(runtime)


@database.command()
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take the schema back to an older REVISION; refuses where waiting work would be lost.

    Stop every process first. See "Upgrade" in docs/operations.md.
    """
    try:
        command.downgrade(alembic_config(load().database_url), revision)
    except CommandError as error:
        raise click.ClickException(str(error)) from error


@database.command()
@click.argument("message")
def revise(message: str) -> None:
    """Write a new migration from the difference between models and database (for developers)."""
    command.revision(alembic_config(load().database_url), message, autogenerate=True)


def upgrade_schema(url: str) -> None:
    """Run every migration that the database has not seen yet."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = open_engine(url)
    with engine.connect() as connection:
        found = compare(connection)
    engine.dispose()
    if found is Schema.NEWER:
        click.echo("The database's schema is newer than this version. It stays as it is.", err=True)
        return
    command.upgrade(alembic_config(url), "head")


def compare(connection: Connection) -> Schema:
    """How the schema stands to what this version's migrations make of it."""
    ours = ScriptDirectory(str(MIGRATIONS))
    there = set(MigrationContext.configure(connection).get_current_heads())
    if there - {script.revision for script in ours.walk_revisions()}:
        return Schema.NEWER
    return Schema.CURRENT if there == set(ours.get_heads()) else Schema.OLDER


def alembic_config(url: str) -> Config:
    """Alembic's configuration without a file of its own."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config
