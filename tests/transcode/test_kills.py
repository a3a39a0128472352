"""kill -9 of anything in mid-encode, in a real worker: the clip gets ready, once, all the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from sqlalchemy import select

from cvtube import runtime as runtimes
from cvtube.jobs import reconciling
from cvtube.jobs.kinds import THERE_IS_WORK
from cvtube.queue.names import Queue
from cvtube.runtime import utc_now
from cvtube.videos.models import Stage, VideoEvent

PATIENCE_S = 90
LEASE_S = 5


@pytest.fixture
def runtime(runtime):
    """On the real clock, as the worker is."""
    real = replace(
        runtime, now=utc_now, settings=runtime.settings.model_copy(update={"lease_s": LEASE_S})
    )
    runtimes.install(real)
    return real


@pytest.fixture
def start_worker(runtime):
    """Starts `cvtube worker transcode` on this test's database, storage and queue."""
    started = []
    settings = runtime.settings
    environment = {
        **os.environ,
        "CVTUBE_HOME": str(settings.home),
        "CVTUBE_DATABASE_URL": settings.database_url,
        "CVTUBE_REDIS_URL": settings.redis_url,
        "CVTUBE_PUBLIC_URL": settings.public_url,
        "CVTUBE_SECRET_KEY": settings.secret_key,
        "CVTUBE_LEASE_S": str(LEASE_S),
    }

    def start():
        command = [sys.executable, "-m", "cvtube", "worker", "transcode"]
        started.append(subprocess.Popen(command, env=environment))
        return started[-1]

    yield start
    for worker in started:
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(worker.pid).children(recursive=True):
                child.kill()
        worker.kill()
        worker.wait()


@pytest.fixture
def sent(runtime, send, films):
    found = send(films("full-hd-50.mp4"))
    runtime.notifier.notify(THERE_IS_WORK[Queue.TRANSCODE], "transcode")
    return found


def until(condition):
    """What the condition returns once it is true; the clock ticks meanwhile."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := condition()):
        assert time.monotonic() < deadline
        reconciling.reconcile()
        time.sleep(0.05)
    return found


def encoder(worker):
    """The running ffmpeg that makes the renditions (not the rehearsal's, the worker's own)."""

    def look():
        for child in psutil.Process(worker.pid).children(recursive=True):
            with suppress(psutil.Error):
                of_a_job = child.ppid() != worker.pid and "ffmpeg" in child.name()
                if of_a_job and "-var_stream_map" in child.cmdline():
                    return child
        return None

    return until(look)


def ends_ready(sent, *outcomes):
    until(lambda: sent.row().stage is Stage.READY)
    clip = sent.row()
    assert [run.outcome for run in sent.runs()] == [*outcomes, "ready"]
    # What was shown early goes once the rest is there.
    until(lambda: sent.made_keys() == {asset.key for asset in clip.assets})
    with sent.runtime.reading() as session:
        verbs = session.scalars(
            select(VideoEvent.verb).where(VideoEvent.clip_id == sent.clip_id)
        ).all()
    assert verbs.count("ready") == 1
    until(lambda: not sent.left_in_scratch())


def test_the_encoder_is_killed(sent, start_worker):
    encoder(start_worker()).send_signal(signal.SIGKILL)
    ends_ready(sent, "encoder_killed")


def test_the_jobs_process_is_killed(sent, start_worker):
    worker = start_worker()
    running = encoder(worker)
    job = running.parent()
    assert job.ppid() == worker.pid
    job.kill()
    running.wait(PATIENCE_S)  # its encoder does not outlive it
    ends_ready(sent, "lost")


def test_the_worker_is_killed(sent, start_worker):
    worker = start_worker()
    running = encoder(worker)
    job = running.parent()
    worker.kill()
    job.wait(PATIENCE_S)
    running.wait(PATIENCE_S)
    start_worker()
    ends_ready(sent, "lost")


def test_a_deployment_cuts_the_job_short(sent, start_worker):
    worker = start_worker()
    running = encoder(worker)
    worker.terminate()
    assert worker.wait(PATIENCE_S) == 0
    running.wait(PATIENCE_S)
    start_worker()
    ends_ready(sent, "lost")


def test_redis_forgets_everything_in_mid_encode_and_before(runtime, send, films, start_worker):
    """Two films: one being made, one that waits with its ring."""
    both = [send(films(name)) for name in ("full-hd-50.mp4", "plain.mp4")]
    for _ in both:
        runtime.notifier.notify(THERE_IS_WORK[Queue.TRANSCODE], "transcode")
    encoder(start_worker())
    runtime.notifier.redis.flushdb()
    assert runtime.notifier.waiting(Queue.TRANSCODE) == 0
    for one in both:
        ends_ready(one)


def test_two_workers_and_five_rings_make_it_once(runtime, sent, start_worker):
    for _ in range(5):
        runtime.notifier.notify(THERE_IS_WORK[Queue.TRANSCODE], "transcode")
    start_worker()
    start_worker()
    ends_ready(sent)


def test_a_worker_without_ffmpeg_says_so_and_ends(runtime, start_worker, monkeypatch, tmp_path):
    command = [sys.executable, "-m", "cvtube", "worker", "transcode"]
    environment = {**os.environ, "CVTUBE_HOME": str(tmp_path), "CVTUBE_FFMPEG": "/nowhere"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.strip() == "CVTUBE_FFMPEG: /nowhere does not exist."
    assert Path("/nowhere").exists() is False
