"""Ringing, being served, and what happens when nobody hears."""

from __future__ import annotations

import json
import threading
import zlib
from functools import partial

import pytest

from cvtube.queue.broker import Broker
from cvtube.queue.clock import Nightly, Periodic, call_safely, resolve, run_clock
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


def test_the_clock_calls_what_is_due_and_survives_what_fails(nights):
    calls: list[str] = []
    stop = threading.Event()
    table = (
        Periodic("tests.queue.test_notifier.fail", every_s=0.01),
        Periodic("tests.queue.test_notifier.count", every_s=0.01),
    )
    COUNTED.clear()
    COUNTED.extend([calls, stop])
    run_clock(table, nights, stop)
    assert len(calls) == 3


COUNTED: list = []


def count():
    calls, stop = COUNTED
    calls.append("called")
    if len(calls) == 3:
        stop.set()


def fail():
    raise RuntimeError("this one always fails")


@pytest.mark.parametrize("kind", [partial(Periodic, every_s=1), Nightly])
def test_a_failing_task_is_logged_with_its_name(nights, clock, caplog, kind):
    entry = kind("tests.queue.test_notifier.fail")
    call_safely(entry, nights)
    clock.advance(days=1)
    call_safely(entry, nights)
    assert "tests.queue.test_notifier.fail failed" in caplog.text


def test_a_dotted_path_leads_to_its_function():
    assert resolve("cvtube.queue.clock.resolve") is resolve
