"""The real engine in a real worker that is killed: the draft is made all the same, and once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import psutil
import pytest
from sqlalchemy import func, select

from cvtube import runtime as runtimes
from cvtube.captions import jobs
from cvtube.jobs import reconciling
from cvtube.jobs.kinds import DRAFT_CAPTIONS
from cvtube.runtime import utc_now
from cvtube.videos import captions
from cvtube.videos.caption_track import Wording
from cvtube.videos.models import VideoEvent
from tests import factories
from tests.house.source import ROOT
from tools import whisper_model

PATIENCE_S = 180


@pytest.fixture
def runtime(runtime, tmp_path):
    """On the real clock, as the worker is, with an engine."""
    chosen = {
        "captions_engine": "faster-whisper",
        "captions_model": whisper_model.join(tmp_path / "model"),
    }
    real = replace(runtime, now=utc_now, settings=runtime.settings.model_copy(update=chosen))
    runtimes.install(real)
    return real


@pytest.fixture
def worker(runtime):
    settings = runtime.settings
    environment = {
        **os.environ,
        "CVTUBE_HOME": str(settings.home),
        "CVTUBE_DATABASE_URL": settings.database_url,
        "CVTUBE_REDIS_URL": settings.redis_url,
        "CVTUBE_PUBLIC_URL": settings.public_url,
        "CVTUBE_SECRET_KEY": settings.secret_key,
        "CVTUBE_CAPTIONS_ENGINE": settings.captions_engine,
        "CVTUBE_CAPTIONS_MODEL": str(settings.captions_model),
    }
    started = subprocess.Popen(
        [sys.executable, "-m", "cvtube", "worker", "captions"], env=environment
    )
    yield psutil.Process(started.pid)
    started.terminate()
    started.wait(PATIENCE_S)


def until(condition):
    """What the condition returns once it is true; the clock ticks meanwhile."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := condition()):
        assert time.monotonic() < deadline
        jobs.enqueue_drafts()
        reconciling.reconcile()
        time.sleep(0.1)
    return found


def test_what_ines_says_is_written_down_although_the_first_try_is_killed(
    runtime, worker, ready, tools, tmp_path
):
    sound = tmp_path / "audio.mp4"
    film = ROOT / "cvtube/demo/clips/ines-1.mov"
    make = ["-i", str(film), "-vn", "-c:a", "aac", "-map_metadata", "-1", str(sound)]
    subprocess.run([tools.ffmpeg.path, "-v", "error", *make], check=True)
    clip_id = ready(sound, duration_ms=10_400)

    def track():
        with runtime.reading() as session:
            return captions.track_of(session, clip_id)

    def attempt():
        with runtime.reading() as session:
            found = factories.job_of(session, DRAFT_CAPTIONS, clip_id)
            return found.attempt if found else 0

    until(lambda: attempt() == 1)
    for child in worker.children():  # the job's own process; the worker lives on
        os.kill(child.pid, signal.SIGKILL)
    until(lambda: track().state is Wording.DRAFT)
    assert attempt() == 2
    assert (track().language, track().by_machine) == ("fr", True)
    with runtime.reading() as session:
        found = captions.sentences_of(session, clip_id)
        drafted = VideoEvent.verb == "captions_drafted"
        assert session.scalar(select(func.count()).select_from(VideoEvent).where(drafted)) == 1
    assert "infirmière à Nantes depuis" in " ".join(one.text for one in found)
    nurse = next(one for one in found if "infirmière" in one.text)
    assert abs(nurse.start_ms - 3047) < 700  # when the demo's own timings say so
    assert all(one.timed for one in found)
    assert found[-1].end_ms <= 10_400
