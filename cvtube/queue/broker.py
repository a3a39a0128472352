"""RQ as what wakes workers (with `cvtube.queue.worker`, the only importers of rq and redis).

No RQ retries, dependencies, schedules or unique job ids: the row's lease does all that, and
a `unique` id stays taken for as long as a failed job is remembered.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property

from redis import Redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue as RqQueue
from rq import Worker
from rq.serializers import JSONSerializer

from cvtube.queue.names import WORKER_ROLES, Queue
from cvtube.queue.notify import Message, NotifyError

RESULT_KEPT_S = 60
FAILURE_KEPT_S = 3600
MESSAGE_FORGOTTEN_S = 600  # the clock tells workers again long before


class Broker:
    """Notifies workers through Redis (or Valkey)."""

    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def redis(self) -> Redis:
        """For web requests: gives up quickly, since a person is waiting."""
        return Redis.from_url(
            self._url,
            socket_connect_timeout=1,
            socket_timeout=2,
            retry=Retry(ExponentialWithJitterBackoff(cap=0.2, base=0.05), 1),
        )

    def notify(self, job: Message, subject_id: str) -> None:
        timeout = next(
            role.job_timeout_s for role in WORKER_ROLES.values() if role.queue == job.queue
        )
        try:
            self.queue(job.queue).enqueue_call(
                job.path,
                args=(subject_id,),
                timeout=timeout,
                result_ttl=RESULT_KEPT_S,
                failure_ttl=FAILURE_KEPT_S,
                ttl=MESSAGE_FORGOTTEN_S,
            )
        except RedisError as error:
            raise NotifyError(type(error).__name__) from error

    def queue(self, name: Queue) -> RqQueue:
        # JSON, not pickle: who can write to Redis must not be able to run code in workers.
        return RqQueue(name.value, connection=self.redis, serializer=JSONSerializer)

    def waiting(self, name: Queue) -> int:
        """How many messages nobody has answered yet."""
        try:
            return int(self.queue(name).count)
        except RedisError as error:
            raise NotifyError(type(error).__name__) from error

    def workers(self) -> Counter[str]:
        """How many workers serve each queue right now."""
        try:
            known = Worker.all(connection=self.redis, serializer=JSONSerializer)
            return Counter(name for worker in known for name in worker.queue_names())
        except RedisError as error:
            raise NotifyError(type(error).__name__) from error

    def check(self) -> str:
        """The server's name and version; raises NotifyError with the reason."""
        try:
            info = self.redis.info("server")
        except RedisError as error:
            raise NotifyError(type(error).__name__) from error
        name = info.get("server_name", "redis")
        return f"{name} {info.get(f'{name}_version', info.get('redis_version'))}"
