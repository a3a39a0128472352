"""Ringing, being served, and what happens when nobody hears."""

from __future__ import annotations

import json
import zlib

import pytest

from cvtube.queue.broker import Broker
from cvtube.queue.names import WORKER_ROLES, Queue
from cvtube.queue.notify import Message, NotifyError, notify_after_commit, try_notify

JOB = Message("cvtube.jobs.worker.run_next", Queue.GENERAL)


@pytest.fixture
def broker(redis_url):
    made = Broker(redis_url)
    yield made
    made.redis.close()


@pytest.fixture
def nobody():
    """A Redis that is not there."""
    made = Broker("redis://127.0.0.1:1/0")
    yield made
    made.redis.close()


def test_a_ring_carries_a_path_and_an_id_and_nothing_else(broker):
    broker.notify(JOB, "someid")
    (job,) = broker.queue(Queue.GENERAL).jobs
    assert (job.func_name, list(job.args), job.kwargs) == (JOB.path, ["someid"], {})
    assert job.timeout == WORKER_ROLES["general"].job_timeout_s
    assert broker.waiting(Queue.GENERAL) == 1
    assert broker.waiting(Queue.TRANSCODE) == 0


def test_what_is_queued_is_json_and_not_pickle(broker):
    """Whoever can write to Redis must not be able to run code in a worker."""
    broker.notify(JOB, "someid")
    (key,) = broker.redis.keys("rq:job:*")
    function, _instance, args, kwargs = json.loads(zlib.decompress(broker.redis.hget(key, "data")))
    assert (function, args, kwargs) == (JOB.path, ["someid"], {})


def test_the_same_work_may_be_rung_for_again(broker):
    broker.notify(JOB, "someid")
    broker.notify(JOB, "someid")
    assert broker.waiting(Queue.GENERAL) == 2


def test_nobody_hearing_is_an_error_of_ours(nobody):
    with pytest.raises(NotifyError):
        nobody.notify(JOB, "someid")
    with pytest.raises(NotifyError):
        nobody.waiting(Queue.GENERAL)
    with pytest.raises(NotifyError):
        nobody.check()


def test_an_unheard_bell_does_not_fail_the_request(nobody):
    assert try_notify(nobody, JOB, "someid") is False


def test_the_bell_rings_when_the_transaction_is_committed(runtime):
    with runtime.transaction() as session:
        notify_after_commit(session, JOB, "someid")
        assert runtime.notifier.waiting(Queue.GENERAL) == 0
    assert runtime.notifier.waiting(Queue.GENERAL) == 1


def test_the_server_says_who_it_is(broker):
    assert broker.check().startswith("valkey ")
