"""`cvtube transcode …`: films made again by a newer ladder, in the background."""

from __future__ import annotations

import click
from sqlalchemy import ColumnElement, true

from cvtube import runtime as runtimes
from cvtube.jobs.enqueue import counts, failures
from cvtube.jobs.kinds import REENCODE
from cvtube.jobs.models import JobState
from cvtube.runtime import Runtime
from cvtube.settings import load
from cvtube.transcode.plan import ladder
from cvtube.videos import reencoding
from cvtube.videos.models import Clip
from cvtube.videos.reencoding import Ordered


@click.group()
def transcode() -> None:
    """Re-encode videos while they stay online."""


@transcode.command()
@click.option(
    "--older-than-ladder", "which", flag_value="older", help="Clips that an older ladder made."
)
@click.option("--all", "which", flag_value="all", help="Every ready clip.")
@click.option("--film", "film_id", help="The clips of the video with this id.")
def again(which: str | None, film_id: str | None) -> None:
    """Queue ready clips for re-encoding. They stay online; new videos come first.

    Asking twice queues nothing twice. Re-encoding needs the uploaded file, which is kept for
    CVTUBE_ORIGINAL_KEPT_DAYS; other clips stay as they are.
    """
    if (which is None) == (film_id is None):
        raise click.UsageError("Give one of --older-than-ladder, --all and --film ID.")
    chosen = {"older": Clip.ladder < ladder.VERSION, "all": true()}.get(which or "")
    settings = load()
    with runtimes.opened(settings) as runtime:
        came = _order(runtime, Clip.video_id == film_id if chosen is None else chosen)
    click.echo(f"{came.ordered} clips will be re-encoded (ladder {ladder.VERSION}).")
    if came.already:
        click.echo(f"{came.already} were queued already.")
    if came.original_gone:
        click.echo(f"{came.original_gone} stay as they are: the uploaded file was deleted.")
    if settings.reencodes_at_once == 0:
        click.echo("Nothing starts until CVTUBE_REENCODES_AT_ONCE is 1 or more.")


def _order(runtime: Runtime, wanted: ColumnElement[bool]) -> Ordered:
    """All of them, a transaction for some at a time: whoever else writes need not wait long."""
    came = Ordered()
    while True:
        with runtime.transaction() as session:
            came += reencoding.order_reencodings(session, wanted, runtime.now(), after=came.last)
        if not came.last:
            return came


@transcode.command()
def status() -> None:
    """Show the progress of re-encoding."""
    with runtimes.opened(load()) as runtime, runtime.reading() as session:
        by_state = counts(session, REENCODE)
        by_code = failures(session, REENCODE)
    words = {
        JobState.WAITING: "waiting",
        JobState.RUNNING: "in progress",
        JobState.DONE: "re-encoded",
        JobState.FAILED: "unchanged",
    }
    for state, word in words.items():
        click.echo(f"{by_state[state]:>7} {word}")
    for code, count in by_code.items():
        click.echo(f"{count:>13} {code}")
