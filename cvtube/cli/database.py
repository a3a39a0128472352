"""`cvtube db …`: the schema, from inside the installed package."""

from __future__ import annotations

from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from sqlalchemy import make_url

from cvtube.settings import load

MIGRATIONS = Path(__file__).parent.parent / "migrations"


@click.group("db")
def database() -> None:
    """Look after the database's schema."""


@database.command()
def upgrade() -> None:
    """Bring the schema up to date; does nothing if it is."""
    upgrade_schema(load().database_url)


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
    command.upgrade(alembic_config(url), "head")


def alembic_config(url: str) -> Config:
    """Alembic's configuration without a file of its own."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config
