"""What workers and the clock do from their start to their end."""

from __future__ import annotations

import logging
import signal
import threading

import click
from sqlalchemy.orm import configure_mappers

from cvtube import runtime as runtimes
from cvtube.captions import speech
from cvtube.jobs import leases
from cvtube.jobs.clock import run_clock
from cvtube.jobs.handler import handler_for
from cvtube.jobs.kinds import THERE_IS_WORK, of_queue, resolve
from cvtube.queue.names import WORKER_ROLES, Queue
from cvtube.queue.worker import serve
from cvtube.runtime import Runtime
from cvtube.schedule import SCHEDULE
from cvtube.settings import load
from cvtube.toolchain import preflight
from cvtube.transcode import self_test

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def start() -> Runtime:
    """Settings, logs and this process's runtime."""
    settings = load()
    logging.basicConfig(level=settings.log_level, format=LOG_FORMAT)
    installed = runtimes.build(settings)
    runtimes.install(installed)
    return installed


@click.command()
@click.argument("role", type=click.Choice(list(WORKER_ROLES)))
def worker(role: str) -> None:
    """Serve the queue of one ROLE."""
    run_worker(role)


@click.command()
def clock() -> None:
    """Enqueue what is due, and recover lost work."""
    run_clock_process()


def run_worker(role: str) -> None:
    """Serve one role's queue until told to stop."""
    runtime = start()
    # Once, before every job forks from here: it would be done anew for each of them.
    configure_mappers()
    resolve(THERE_IS_WORK[WORKER_ROLES[role].queue].path)
    for kind in of_queue(WORKER_ROLES[role].queue):
        handler_for(kind)
    if WORKER_ROLES[role].queue in {Queue.TRANSCODE, Queue.CAPTIONS}:
        _say_what_is_missing(runtime)
    if WORKER_ROLES[role].queue is Queue.CAPTIONS:
        speech.find_engine(runtime.settings)

    def killed() -> None:
        with runtime.transaction() as session:
            leases.release(session, runtime.name, runtime.now())

    serve(
        WORKER_ROLES[role],
        runtime.settings.redis_url,
        on_killed=killed,
        # A connection shared with the parent would mix up both sides' answers.
        after_fork=lambda: runtime.engine.dispose(close=False),
    )


def _say_what_is_missing(runtime: Runtime) -> None:
    """A worker without ffmpeg ends here. One without a sandbox stays, and has videos wait."""
    try:
        preflight.check_equipment(runtime.settings, self_test.run)
    except preflight.Unsafe as error:
        click.echo(str(error), err=True)


def run_clock_process() -> None:
    """Follow the schedule until told to stop."""
    runtime = start()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    run_clock(SCHEDULE, runtime, stop)
