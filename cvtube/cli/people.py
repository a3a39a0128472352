"""`cvtube create-user`: the first administrator, and anybody else, without a mail."""

from __future__ import annotations

import sys

import click

from cvtube import runtime, schema  # noqa: F401 (every table, for the mappers)
from cvtube.accounts import people
from cvtube.accounts.models import Role
from cvtube.errors import Refused
from cvtube.settings import load

ROLES = [role.value for role in Role if role is not Role.OTHER]


@click.command("create-user")
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), default=Role.ADMIN.value)
@click.option("--given-name", required=True)
@click.option("--family-name", default="")
@click.option("--organisation", help="The organisation a recruiter recruits for.")
@click.option("--language", type=click.Choice(["fr", "en"]), default="fr")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create_user(email: str, role: str, *, password_stdin: bool, **person: str) -> None:
    """Create an account for EMAIL; asks for its password without showing it."""
    password = _password_from_stdin() if password_stdin else _asked_password()
    settings = load()
    try:
        with runtime.opened(settings) as doors, doors.transaction() as session:
            people.create_user(
                session,
                doors.now(),
                email=email,
                password=password,
                role=Role(role),
                confirmed=True,  # whoever may run this command has confirmed it
                **person,
            )
    except Refused as refused:
        raise click.ClickException(refused.sentence("en")) from refused
    click.echo(f"{email} can now sign in at {settings.public_url} ({role}).")


def _password_from_stdin() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _asked_password() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="Again"))
