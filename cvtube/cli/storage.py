"""`cvtube storage …`: the bucket, made once."""

from __future__ import annotations

import click

from cvtube import runtime as runtimes
from cvtube.settings import load
from cvtube.storage.contract import StorageError


@click.group()
def storage() -> None:
    """Manage the storage of videos."""


@storage.command()
def prepare() -> None:
    """Make the bucket if need be, and let the site's pages read from it (CORS)."""
    settings = load()
    try:
        with runtimes.opened(settings) as runtime:
            runtime.storage.prepare(settings.public_url)
            runtime.storage.check()
    except StorageError as error:
        raise click.ClickException(f"The storage does not answer as it should: {error}.") from error
    click.echo("The storage is ready: written, read and deleted.")
