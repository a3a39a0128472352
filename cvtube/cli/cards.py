"""`cvtube make-card`: accounts for people without an e-mail address, on paper."""

from __future__ import annotations

from pathlib import Path

import click

from cvtube import runtime as runtimes
from cvtube.accounts.cards import issue, printing
from cvtube.accounts.cards.peppers import peppers
from cvtube.app import create_app
from cvtube.settings import load


@click.command("make-card")
@click.argument("given_names", nargs=-1, required=True)
@click.option("--language", type=click.Choice(["fr", "en"]), default="fr")
@click.option(
    "--page",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("cards.html"),
    show_default=True,
    help="The file to print and then delete: it alone holds the PINs.",
)
def make_card(given_names: tuple[str, ...], *, language: str, page: Path) -> None:
    """Make an account and an access card for each of GIVEN_NAMES."""
    try:
        page.touch(mode=0o600, exist_ok=False)  # before anything is made that only it can show
    except OSError as error:
        raise click.ClickException(f"{page} cannot be written: {error.strerror}.") from error
    settings = load()
    with runtimes.opened(settings) as runtime:
        app = create_app(runtime)
        pepper = peppers(runtime)[0]
        blanks = [issue.blank(pepper) for _name in given_names]
        with runtime.transaction() as session, app.test_request_context():
            prints = [
                issue.make_account(
                    session, runtime.now(), blank, maker=None, given_name=name, language=language
                )
                for name, blank in zip(given_names, blanks, strict=True)
            ]
            page.write_text(printing.printable_page(prints), encoding="utf-8")
    click.echo(f"Print {page}, then delete it: {len(prints)} card(s) for {settings.public_url}.")
