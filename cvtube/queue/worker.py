"""One worker process: waits at one queue and runs each job in a forked child.

RQ's defaults notice a killed worker after up to 810 seconds. These do in a few, and the
row's lease (15 s) stands behind them in any case.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from redis import ConnectionError as RedisAway
from redis import Redis, RedisError, ResponseError
from redis.backoff import ExponentialWithJitterBackoff
from redis.retry import Retry
from rq import Queue as RqQueue
from rq import Worker
from rq.exceptions import StopRequested
from rq.executions import Execution
from rq.job import Job as RqJob
from rq.serializers import JSONSerializer

from cvtube.process import die_with_parent
from cvtube.queue.names import WorkerRole
from cvtube.queue.notify import NotifyError

log = logging.getLogger(__name__)

MONITOR_S = 5
WORKER_TTL_S = 20
MAINTENANCE_S = 30
REFUSED_S = 2  # between two tries while the queue takes nothing

OnKilled = Callable[[], None]


class CutWorker(Worker):
    """An RQ worker whose jobs are cut short at shutdown, never waited for.

    Every job may be run again at any time, so a deployment does not wait for an encode.
    """

    told_to_stop = False
    refused = False  # of the whole process

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[RqJob, RqQueue] | None:
        while True:
            try:
                found: tuple[RqJob, RqQueue] | None = super().dequeue_job_and_maintain_ttl(
                    timeout, max_idle_time
                )
            except ResponseError as error:
                self.say_refused(error)
                time.sleep(REFUSED_S)
            else:
                CutWorker.refused = False
                return found

    def execute_job(self, job: RqJob, queue: RqQueue) -> None:
        try:
            super().execute_job(job, queue)
        except ResponseError as error:
            self.say_refused(error)
            if self.horse_pid:  # its job is under way, and nobody else would wait for it
                self.wait_for_horse()

    def maintain_heartbeats(self, job: RqJob, execution: Execution) -> None:
        with suppress(ResponseError):  # the row's own lease is what counts
            super().maintain_heartbeats(job, execution)

    def heartbeat(self, *args: Any, **kwargs: Any) -> None:
        with suppress(ResponseError):
            super().heartbeat(*args, **kwargs)

    def check_for_suspension(self, burst: bool) -> None:
        with suppress(ResponseError):  # it writes a heartbeat, too
            super().check_for_suspension(burst)

    def run_maintenance_tasks(self) -> None:
        with suppress(ResponseError):
            super().run_maintenance_tasks()  # type: ignore[no-untyped-call]

    def say_refused(self, error: ResponseError) -> None:
        """It answers, and takes nothing: its memory or its disk is full. Said once."""
        if not CutWorker.refused:
            log.warning("the queue takes nothing (%s); waiting for it", type(error).__name__)
        CutWorker.refused = True

    def get_heartbeat_ttl(self, job: RqJob, working_time: float = 0.0) -> int:  # noqa: ARG002
        return 3 * MONITOR_S  # RQ adds a fixed minute, during which a dead worker's job looks alive

    def fork_work_horse(self, job: RqJob, queue: RqQueue) -> None:
        self.parent_pid = os.getpid()
        super().fork_work_horse(job, queue)

    def main_work_horse(self, job: RqJob, queue: RqQueue) -> None:
        die_with_parent(self.parent_pid)
        super().main_work_horse(job, queue)

    def handle_warm_shutdown_request(self) -> None:
        self.told_to_stop = True
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]
        if self.horse_pid:
            self.kill_horse()


def serve(
    role: WorkerRole, redis_url: str, *, on_killed: OnKilled, after_fork: Callable[[], None]
) -> None:
    """Serve the role's queue until told to stop (SIGTERM or SIGINT).

    `on_killed` is called when the process that did a job was killed: whatever it held is free.
    `after_fork` runs in each job's process before the job, to drop inherited connections.

    Raises:
        NotifyError: nobody has answered for a minute.
    """

    def horse_killed(_job: RqJob, _pid: int, _status: int, _usage: Any) -> None:
        on_killed()

    connection = Redis.from_url(
        redis_url,
        socket_connect_timeout=2,
        health_check_interval=15,
        # About a minute: a Redis that restarts must not take the workers with it.
        retry=Retry(ExponentialWithJitterBackoff(cap=2, base=0.1), 30),
    )
    _tell_if_away(redis_url)
    os.register_at_fork(after_in_child=after_fork)
    if role.niceness:
        os.nice(role.niceness)
    try:
        while not _served(role, connection, horse_killed):
            time.sleep(REFUSED_S)
    except RedisAway as error:
        raise NotifyError(type(error).__name__) from error
    except StopRequested:  # while it waited
        return


def _served(role: WorkerRole, connection: Redis, horse_killed: Callable[..., None]) -> bool:
    """Serve for as long as RQ does. False: it has given up, and nobody has told it to."""
    worker = CutWorker(
        [RqQueue(role.queue.value, connection=connection, serializer=JSONSerializer)],
        connection=connection,
        serializer=JSONSerializer,
        job_monitoring_interval=MONITOR_S,
        worker_ttl=WORKER_TTL_S,
        maintenance_interval=MAINTENANCE_S,
        work_horse_killed_handler=horse_killed,
        log_job_description=False,
    )
    try:
        worker.work(logging_level="WARNING")
    except ResponseError as error:
        worker.say_refused(error)
    return worker.told_to_stop


def _tell_if_away(redis_url: str) -> None:
    """The wait is silent otherwise, and nobody would know what for."""
    try:
        Redis.from_url(redis_url, socket_connect_timeout=2, socket_timeout=2, retry=None).ping()
    except RedisError:
        log.warning("the queue does not answer; waiting for it, at most about a minute")
