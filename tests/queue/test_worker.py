"""A real worker process: it serves, is cut short, and notices what is killed under it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time

import psutil
import pytest
from rq import Queue as RqQueue
from rq.serializers import JSONSerializer

from cvtube.queue.broker import Broker
from cvtube.queue.names import Queue
from cvtube.queue.notify import Message, NotifyError
from cvtube.queue.worker import CutWorker
from tests.services import wait_for

PATIENCE_S = 30

JOBS = """
import os, pathlib, signal
FOLDER = pathlib.Path(os.environ["FOLDER"])

def note(word):
    (FOLDER / f"{word}-{os.getpid()}").touch()

def quick(subject):
    note("done")

def slow(subject):
    note("slow")
    signal.pause()
"""

WORKER = """
import pathlib, os, sys
sys.path.insert(0, os.environ["FOLDER"])
from cvtube.queue.names import WORKER_ROLES
from cvtube.queue.worker import serve
folder = pathlib.Path(os.environ["FOLDER"])

def killed():
    (folder / "killed").touch()

serve(WORKER_ROLES["general"], os.environ["REDIS"], on_killed=killed,
      after_fork=lambda: (folder / "forked").touch())
"""


@pytest.fixture
def notifier(redis_url):
    made = Broker(redis_url)
    yield made
    made.redis.close()


@pytest.fixture
def worker(redis_url, tmp_path):
    (tmp_path / "slice_jobs.py").write_text(textwrap.dedent(JOBS))
    environment = {**os.environ, "FOLDER": str(tmp_path), "REDIS": redis_url}
    process = subprocess.Popen([sys.executable, "-c", WORKER], env=environment)
    yield process
    process.kill()
    process.wait()


def test_a_queue_that_is_full_ends_no_worker(own_queue, tmp_path, capfd):
    (tmp_path / "slice_jobs.py").write_text(textwrap.dedent(JOBS))
    port = own_queue.connection_pool.connection_kwargs["port"]
    notifier = Broker(f"redis://127.0.0.1:{port}/0")
    environment = {**os.environ, "FOLDER": str(tmp_path), "REDIS": f"redis://127.0.0.1:{port}/0"}
    worker = subprocess.Popen([sys.executable, "-c", WORKER], env=environment)
    try:
        notifier.notify(Message("slice_jobs.quick", Queue.GENERAL), "x")
        first = appears(tmp_path, "done-*")
        (tmp_path / first).unlink()

        def rests() -> None:
            """It has also told the queue that the job is done."""
            workers = own_queue.smembers("rq:workers")
            assert [own_queue.hget(key, "state") for key in workers] == [b"idle"]

        wait_for(rests)
        own_queue.config_set("maxmemory", "1")
        with pytest.raises(NotifyError):
            notifier.notify(Message("slice_jobs.quick", Queue.GENERAL), "x")
        heard = ""
        while "the queue takes nothing" not in heard:
            heard += capfd.readouterr().err
        own_queue.config_set("maxmemory", "0")
        notifier.notify(Message("slice_jobs.quick", Queue.GENERAL), "x")
        appears(tmp_path, "done-*")
        assert worker.poll() is None
        worker.terminate()
        assert worker.wait(PATIENCE_S) == 0
        heard += capfd.readouterr().err
        assert heard.count("the queue takes nothing") == 1
        assert "Traceback" not in heard
    finally:
        worker.kill()
        worker.wait()


def appears(folder, pattern):
    deadline = time.monotonic() + PATIENCE_S
    while not (found := sorted(folder.glob(pattern))):
        assert time.monotonic() < deadline, f"{pattern} did not appear"
        time.sleep(0.02)
    return found[0].name


def pid_of(name):
    return int(name.rpartition("-")[2])


def test_a_job_runs_in_a_process_of_its_own_without_inherited_connections(
    notifier, worker, tmp_path
):
    notifier.notify(Message("slice_jobs.quick", Queue.GENERAL), "x")
    assert pid_of(appears(tmp_path, "done-*")) != worker.pid
    appears(tmp_path, "forked")


def test_a_killed_job_is_told_of_at_once_and_the_worker_lives_on(notifier, worker, tmp_path):
    notifier.notify(Message("slice_jobs.slow", Queue.GENERAL), "thisone")
    os.kill(pid_of(appears(tmp_path, "slow-*")), signal.SIGKILL)
    appears(tmp_path, "killed")
    notifier.notify(Message("slice_jobs.quick", Queue.GENERAL), "x")
    appears(tmp_path, "done-*")


def test_a_killed_worker_takes_its_job_with_it(notifier, worker, tmp_path):
    notifier.notify(Message("slice_jobs.slow", Queue.GENERAL), "x")
    horse = psutil.Process(pid_of(appears(tmp_path, "slow-*")))
    worker.kill()
    horse.wait(PATIENCE_S)


def test_a_worker_that_is_told_to_stop_cuts_its_job_short(notifier, worker, tmp_path):
    notifier.notify(Message("slice_jobs.slow", Queue.GENERAL), "thisone")
    horse = psutil.Process(pid_of(appears(tmp_path, "slow-*")))
    worker.terminate()
    assert worker.wait(PATIENCE_S) == 0
    assert not horse.is_running()
    appears(tmp_path, "killed")


def test_what_a_worker_does_between_two_jobs_needs_no_room_in_the_queue(own_queue, caplog):
    queue = RqQueue(Queue.GENERAL.value, connection=own_queue, serializer=JSONSerializer)
    worker = CutWorker([queue], connection=own_queue, serializer=JSONSerializer)
    worker.register_birth()
    own_queue.config_set("maxmemory", "1")
    worker.check_for_suspension(burst=False)
    worker.heartbeat()
    worker.run_maintenance_tasks()
    assert caplog.records == []
