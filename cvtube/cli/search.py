"""`cvtube reindex`: search, made anew from the films."""

from __future__ import annotations

import click

from cvtube import runtime, schema  # noqa: F401 (every table, for the mappers)
from cvtube.browse import jobs
from cvtube.settings import load


@click.command()
def reindex() -> None:
    """Build the search index again. The site and its search keep working.

    Rarely needed: the index follows the videos by itself. Use it after restoring a backup, or
    after an update that finds videos by more words.
    """
    with runtime.opened(load()) as doors:
        runtime.install(doors)
        films = jobs.rebuild()
    click.echo(f"{films} videos read. Those that are online can be found.")
