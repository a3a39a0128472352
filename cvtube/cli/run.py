"""`cvtube run`: everything on this machine, until Ctrl-C."""

from __future__ import annotations

import signal
from types import FrameType

import click
from sqlalchemy.exc import SQLAlchemyError

from cvtube import runtime as runtimes
from cvtube.accounts.cards import peppers
from cvtube.cli.database import upgrade_schema
from cvtube.cli.preconditions import check_machine, occupied_home
from cvtube.cli.supervisor import Supervised
from cvtube.demo.people import LOG_INS, PASSWORD
from cvtube.demo.progress import Telling
from cvtube.demo.seeding import Seeding, has_strangers, refuse_known_passwords
from cvtube.settings import Settings, load
from cvtube.storage.contract import StorageError

# SIGINT too: a shell that starts us in the background has it ignored. SIGALRM is our own timer's.
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)
AGAIN_AFTER_S = 0.5


@click.command()
@click.option("--demo", is_flag=True, help="Add demo people and videos, with known passwords.")
def run(demo: bool) -> None:
    """Run everything on this machine: web server, workers, clock and their parts."""
    settings = load(demo=True) if demo else load()
    stop_when_told()
    try:
        with occupied_home(settings):
            check_machine(settings)
            with runtimes.opened(settings):  # what each process would stumble over, said once
                pass
            upgrade_schema(settings.database_url)
            with runtimes.opened(settings) as runtime:
                peppers.settle(runtime)
                refuse_known_passwords(runtime)
            _run_stack(without_demo_for_strangers(settings))
    except KeyboardInterrupt:
        signal.setitimer(signal.ITIMER_REAL, 0)
        click.echo(f"Stopped. Everything is saved in {settings.home}.")


def without_demo_for_strangers(settings: Settings) -> Settings:
    """A demonstration has an administrator whose password everybody knows."""
    if not settings.demo:
        return settings
    with runtimes.opened(settings) as runtime, runtime.reading() as session:
        if not has_strangers(session):
            return settings
    click.echo("  This database already has users: no demo data is added.")
    return settings.model_copy(update={"demo": False})


def _run_stack(settings: Settings) -> None:
    stack = Supervised(settings)
    try:
        stack.start()
        stack.wait_until_ready()
        if settings.demo:
            _fill_in(settings)
        else:
            _say_ready(settings)
        stack.keep_alive()
    finally:
        # From here on it takes seconds; a second Ctrl-C would only leave things behind.
        for name in STOPPING:
            signal.signal(name, signal.SIG_IGN)
        click.echo("\nStopping …")
        stack.stop()


def _fill_in(settings: Settings) -> None:
    """Make the demo, and say "ready" as soon as there is something to watch."""
    telling = Telling(when_watchable=lambda: _say_ready(settings, log_ins=True))
    try:
        with runtimes.opened(settings) as runtime:
            Seeding(runtime, telling).run()
    except (SQLAlchemyError, StorageError, OSError) as error:
        telling.watchable()
        click.echo(
            f"  The demo has stopped ({type(error).__name__}). It will continue at the next start."
        )


def _say_ready(settings: Settings, *, log_ins: bool = False) -> None:
    click.echo(f"CV Tube is ready: {settings.public_url}")
    if log_ins:
        for address, what in LOG_INS:
            click.echo(f"  {address:<24} {what}")
        click.echo(f"  Their password: {PASSWORD}")
    click.echo("  Press Ctrl-C to stop.")


def stop_when_told() -> None:
    """Raise KeyboardInterrupt wherever this process is when it is told to stop."""
    for name in STOPPING:
        signal.signal(name, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # Raised while a library is imported that catches everything, or in a destructor, it is lost.
    signal.setitimer(signal.ITIMER_REAL, AGAIN_AFTER_S)
    raise KeyboardInterrupt
