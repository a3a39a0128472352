"""The `cvtube` command."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from cvtube.home import OTHERS
from cvtube.queue.notify import NotifyError
from cvtube.settings import SettingsError

# Each is imported when it is called: a worker needs no pages, and the clock no encoder.
COMMANDS = {
    "clock": "processes.clock",
    "create-user": "people.create_user",
    "db": "database.database",
    "doctor": "doctor.doctor",
    "init-config": "config_template.init_config",
    "make-card": "cards.make_card",
    "people": "people.people",
    "reindex": "search.reindex",
    "run": "run.run",
    "storage": "storage.storage",
    "transcode": "transcoding.transcode",
    "web": "web.web",
    "worker": "processes.worker",
}

# A table or a column that is not there yet (PostgreSQL's manual, appendix A). SQLite says so
# with an `OperationalError`.
NOT_UP_TO_DATE = {"42P01", "42703"}


class Commands(click.Group):
    """The group of all of them."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _dot, function = COMMANDS[name].partition(".")
        command: click.Command = getattr(import_module(f"{__name__}.{module}"), function)
        return command


@click.group(cls=Commands)
def commands() -> None:
    """CV Tube: video CVs, from a phone's camera to a recruiter's screen."""


def main() -> None:
    """Run the command; what an operator can mend is a sentence, not a traceback."""
    os.umask(OTHERS)  # whatever is written here is about people
    try:
        commands.main(prog_name="cvtube")
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except (OperationalError, ProgrammingError) as error:
        if not _is_mendable(error):
            raise
        reason = str(error.orig).partition("\n")[0]
        _give_up(f"The database could not be used: {reason}")
    except NotifyError as error:
        _give_up(f"The queue could not be used: {error}")


def _is_mendable(error: OperationalError | ProgrammingError) -> bool:
    """Whether the database is away or not up to date; anything else is a bug of ours."""
    state = getattr(error.orig, "sqlstate", None)
    if isinstance(error, ProgrammingError):
        return state in NOT_UP_TO_DATE
    return "syntax error" not in str(error.orig)  # SQLite's word for it, in the same class


def _give_up(sentence: str) -> None:
    click.echo(f"{sentence.rstrip('.')}. See: cvtube doctor", err=True)
    sys.exit(1)
