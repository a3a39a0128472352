"""The `cvtube` command."""

from __future__ import annotations

import sys

import click

from cvtube.cli.cards import make_card
from cvtube.cli.database import database
from cvtube.cli.doctor import doctor
from cvtube.cli.people import create_user
from cvtube.cli.processes import run_clock_process, run_web, run_worker
from cvtube.cli.run import run
from cvtube.cli.search import reindex
from cvtube.cli.settings_text import init_config
from cvtube.cli.standing import CannotStart
from cvtube.cli.storage import storage
from cvtube.cli.transcoding import transcode
from cvtube.queue.names import ROLES
from cvtube.settings import SettingsError


@click.group()
def commands() -> None:
    """CV Tube: video CVs, from a phone's camera to a recruiter's screen."""


@commands.command()
def web() -> None:
    """Serve the site."""
    run_web()


@commands.command()
@click.argument("role", type=click.Choice(list(ROLES)))
def worker(role: str) -> None:
    """Serve the queue of one ROLE."""
    run_worker(role)


@commands.command()
def clock() -> None:
    """Run the periodic tasks."""
    run_clock_process()


for command in (
    create_user, database, doctor, init_config, make_card, reindex, run, storage, transcode,
):  # fmt: skip
    commands.add_command(command)


def main() -> None:
    """Run the command; what an operator can mend is a sentence, not a traceback."""
    try:
        commands.main(prog_name="cvtube")
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except CannotStart as error:
        click.echo(str(error), err=True)
        sys.exit(1)
