"""`cvtube reindex`: search, made anew from the films."""

from __future__ import annotations

import click

from cvtube import runtime as runtimes
from cvtube.browse import jobs
from cvtube.settings import load


@click.command()
def reindex() -> None:
    """Build the search index again. The site and its search keep working.

    Rarely needed: the index follows the videos by itself. Use it after restoring a backup, or
    after an update that finds videos by more words.
    """
    with runtimes.opened(load()) as runtime:
        runtimes.install(runtime)
        films = jobs.rebuild()
    click.echo(f"{films} videos read. Those that are online can be found.")
