"""`cvtube reindex`: search, made anew from the films."""

from __future__ import annotations

import click

from cvtube import runtime, schema  # noqa: F401 (every table, for the mappers)
from cvtube.browse import jobs
from cvtube.settings import load


@click.command()
def reindex() -> None:
    """Make the search index anew. The site goes on meanwhile, and so does searching.

    Never needed in everyday life: the index follows the films by itself. Useful after
    restoring a backup, or an update that finds films by more words than before.
    """
    with runtime.opened(load()) as doors:
        runtime.install(doors)
        films = jobs.rebuild()
    click.echo(f"{films} films looked through; those that are shown can be found.")
