"""`cvtube create-user`: the first administrator, and anybody else, without a mail.

`cvtube people …`: what administrators do on their pages, also when none of them can sign in.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import click
from sqlalchemy.orm import Session

from cvtube import runtime as runtimes
from cvtube.accounts import account_states
from cvtube.accounts import people as accounts
from cvtube.accounts.account_states import Act
from cvtube.accounts.models import Role, User
from cvtube.accounts.suspension import REASONS_FOR, AccountMeasure, SuspensionReason
from cvtube.administration import people as lists
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
        with runtimes.opened(settings) as runtime, runtime.transaction() as session:
            accounts.create_user(
                session,
                runtime.now(),
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


# -- cvtube people ---------------------------------------------------------------------------

Command = Callable[..., None]


@click.group()
def people() -> None:
    """List people, suspend and reopen accounts, change roles.

    WHO is an email address, the number of an access card, or an id. The person gets an email
    with the reason and your words.
    """


@people.command("list")
@click.option("--search", default="", help="Part of a name or an address, or a card's number.")
@click.option("--role", type=click.Choice(ROLES))
@click.option("--state", type=click.Choice([state.value for state in lists.State]))
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True)
def list_people(search: str, role: str | None, state: str | None, limit: int) -> None:
    """List people, the newest first: id, role, state, last sign-in, videos, name, email."""
    wanted = lists.PeopleFilter(
        search.strip(), Role(role) if role else None, lists.State(state) if state else None
    )
    with runtimes.opened(load()) as runtime, runtime.reading() as session:
        page = lists.list_people(session, wanted, size=limit)
    for line in page.rows:
        user = line.user
        seen = user.last_signed_in_at.date().isoformat() if user.last_signed_in_at else "never"
        facts = (user.id, user.role.value, line.state.value, seen, str(line.films))
        click.echo("\t".join((*facts, user.full_name, user.email or "-")))
    if page.next:
        click.echo("There are more people: raise --limit, or search.", err=True)


def _act(measure: AccountMeasure) -> Callable[[Command], Command]:
    """Who, why, and the words to the person: the same for every command."""
    reasons = click.Choice([reason.value for reason in REASONS_FOR[measure]])

    def dressed(command: Command) -> Command:
        for one in (
            click.option("--words", default="", help="Your words to the person."),
            click.option("--reason", type=reasons, required=True),
            click.argument("who"),
        ):
            command = one(command)
        return command

    return dressed


@contextmanager
def _acting(who: str, reason: str, words: str) -> Iterator[tuple[Session, User, datetime, Act]]:
    settings = load()
    act = Act(None, SuspensionReason(reason), words.strip(), settings.contact)
    try:
        with runtimes.opened(settings) as runtime, runtime.transaction() as session:
            yield session, lists.find_person(session, who), runtime.now(), act
    except Refused as refused:
        raise click.ClickException(refused.sentence("en")) from refused


@people.command()
@_act(AccountMeasure.SUSPEND)
def suspend(who: str, reason: str, words: str) -> None:
    """Shut WHO out and hide their videos. Nothing is deleted."""
    with _acting(who, reason, words) as acting:
        account_states.suspend(*acting)
    click.echo(f"{who} is suspended.")


@people.command()
@_act(AccountMeasure.REOPEN)
def reopen(who: str, reason: str, words: str) -> None:
    """Let WHO in again."""
    with _acting(who, reason, words) as acting:
        account_states.reopen(*acting)
    click.echo(f"{who} can sign in again.")


@people.command("end-sessions")
@_act(AccountMeasure.END_SESSIONS)
def end_sessions(who: str, reason: str, words: str) -> None:
    """Sign WHO out everywhere."""
    with _acting(who, reason, words) as acting:
        account_states.end_sessions(*acting)
    click.echo(f"{who} is signed out everywhere.")


@people.command("set-role")
@_act(AccountMeasure.CHANGE_ROLE)
@click.argument("role", type=click.Choice(ROLES))
@click.option("--organisation", default="", help="The organisation a recruiter recruits for.")
def set_role(who: str, role: str, organisation: str, reason: str, words: str) -> None:
    """Give WHO another ROLE. They must sign in again."""
    with _acting(who, reason, words) as acting:
        lists.change_role(*acting, role=Role(role), organisation=organisation.strip())
    click.echo(f"{who} is now: {role}.")


@people.command()
@_act(AccountMeasure.CLOSE)
@click.confirmation_option(prompt="Delete the account and all its videos for good?")
def close(who: str, reason: str, words: str) -> None:
    """Delete the account of WHO, and everything in it, for good."""
    with _acting(who, reason, words) as acting:
        account_states.close(*acting)
    click.echo(f"The account of {who} is closed.")
