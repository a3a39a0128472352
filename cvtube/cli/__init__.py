"""The `cvtube` command."""

from __future__ import annotations

import sys

import click

from cvtube.cli.database import database
from cvtube.cli.processes import run_clock_process, run_worker
from cvtube.queue.names import ROLES
from cvtube.settings import SettingsError


@click.group()
def commands() -> None:
    """CV Tube: video CVs, from a phone's camera to a recruiter's screen."""


@commands.command()
@click.argument("role", type=click.Choice(list(ROLES)))
def worker(role: str) -> None:
    """Serve the queue of one ROLE."""
    run_worker(role)


@commands.command()
def clock() -> None:
    """Run the periodic tasks."""
    run_clock_process()


commands.add_command(database)


def main() -> None:
    """Run the command; a bad setting is a sentence, not a traceback."""
    try:
        commands.main(prog_name="cvtube")
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
