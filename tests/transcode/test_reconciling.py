"""The clock's part: nothing stays stuck, and workers are not rung to death."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cvtube import runtime as runtimes
from cvtube.jobs import claiming, reconciling
from cvtube.jobs.kinds import THERE_IS_WORK, TRANSCODE
from cvtube.jobs.models import TranscodeRun
from cvtube.queue.broker import Broker
from cvtube.queue.names import Queue
from cvtube.queue.notify import NotifyError
from cvtube.videos import keys, lifecycle
from cvtube.videos.models import Clip, Stage
from tests import factories
from tests.factories import LEASE

pytestmark = pytest.mark.both_databases


@pytest.fixture
def notifier(runtime):
    """The runtime's own, in a real Valkey."""
    return runtime.notifier


def uploaded(runtime, now, count=1):
    """Clips whose last byte has come."""
    ids = []
    with runtime.transaction() as session:
        session.info["cvtube_notifier"] = factories.SilentNotifier()
        for number in range(count):
            ada = factories.make_user(session, now, name=f"Ada{number}{now.timestamp()}")
            video = factories.make_video(session, ada, now)
            clip = lifecycle.start_clip(session, video.chapters[0], now, actor=ada)
            lifecycle.complete_upload(session, clip.id, 1, now)
            ids.append(clip.id)
    return ids


def claimed(runtime, clip_id, now):
    with runtime.transaction() as session:
        return claiming.claim(session, TRANSCODE, clip_id, now, lease=LEASE, max_tries=4)


def job(runtime, clip_id):
    with runtime.reading() as session:
        return factories.job_of(session, TRANSCODE, clip_id)


def row(runtime, clip_id):
    with runtime.reading() as session:
        return session.get_one(Clip, clip_id)


def rings(notifier):
    """How often workers were told that there is work."""
    jobs = notifier.queue(Queue.TRANSCODE).jobs
    assert all(list(job.args) == [Queue.TRANSCODE] for job in jobs)
    return len(jobs)


def test_a_silent_workers_clip_is_free_again_and_rung_for(runtime, notifier, clock):
    (clip_id,) = uploaded(runtime, clock())
    held = claimed(runtime, clip_id, clock())
    with runtime.transaction() as session:
        session.add(
            TranscodeRun(
                clip_id=clip_id, attempt=held.attempt, kind="transcode", started_at=clock(),
                bytes_in=1, ffmpeg="9", sandbox="full", host="here",
            )
        )  # fmt: skip
    clock.advance(seconds=14)
    reconciling.reconcile()
    assert row(runtime, clip_id).stage is Stage.TRANSCODING
    clock.advance(seconds=1)
    reconciling.reconcile()
    assert row(runtime, clip_id).stage is Stage.UPLOADED
    assert rings(notifier) == 1
    with runtime.reading() as session:
        (run,) = session.query(TranscodeRun).all()
        assert (run.outcome, run.ended_at) == ("lost", clock())


def test_a_clip_whose_tries_are_used_up_fails_and_leaves_no_object(
    runtime, notifier, clock, tmp_path
):
    (clip_id,) = uploaded(runtime, clock())
    path = tmp_path / "x"
    path.write_bytes(b"x")
    for attempt in range(1, 5):
        held = claimed(runtime, clip_id, clock())
        assert held.attempt == attempt
        runtime.storage.put_file(keys.output(held.video_id, clip_id, attempt, "audio.mp4"), path)
        clock.advance(seconds=15)
        reconciling.reconcile()
        clock.advance(seconds=60)
    clip = row(runtime, clip_id)
    assert (clip.stage, clip.error_code) == (Stage.FAILED, "transcode_gave_up")
    assert list(runtime.storage.list(keys.of_clip(held.video_id, clip_id))) == []


def test_nobody_is_rung_for_what_was_just_rung_for(runtime, notifier, clock):
    uploaded(runtime, clock())
    reconciling.reconcile()
    assert rings(notifier) == 0


def test_when_redis_forgot_everything_all_clips_are_rung_for_again(runtime, notifier, clock):
    ids = uploaded(runtime, clock(), count=5)
    for _ in ids:
        notifier.notify(THERE_IS_WORK[Queue.TRANSCODE], Queue.TRANSCODE)
    notifier.redis.flushdb()  # other tests have theirs on the same server
    clock.advance(seconds=5)
    reconciling.reconcile()
    assert rings(notifier) == len(ids)


def test_a_long_queue_is_not_made_longer(runtime, notifier, clock):
    """Workers are busy: what waits has its ring already."""
    ids = uploaded(runtime, clock(), count=5)
    for _ in ids:
        notifier.notify(THERE_IS_WORK[Queue.TRANSCODE], Queue.TRANSCODE)
    for _ in range(60):
        clock.advance(seconds=1)
        reconciling.reconcile()
    assert rings(notifier) == len(ids)


def test_but_a_ring_that_was_lost_alone_comes_again(runtime, notifier, clock):
    uploaded(runtime, clock(), count=2)
    notifier.notify(THERE_IS_WORK[Queue.TRANSCODE], Queue.TRANSCODE)
    for _ in range(5):
        clock.advance(minutes=1)
        reconciling.reconcile()
    assert rings(notifier) > 1


def test_a_clip_put_back_is_rung_for_as_soon_as_it_is_due_however_long_the_queue(
    runtime, notifier, clock
):
    clip_id, _other = uploaded(runtime, clock(), count=2)
    notifier.notify(THERE_IS_WORK[Queue.TRANSCODE], Queue.TRANSCODE)
    held = claimed(runtime, clip_id, clock())
    with runtime.transaction() as session:
        claiming.give_back(session, held, clock(), wait=timedelta(seconds=10))
    clock.advance(seconds=9)
    reconciling.reconcile()
    assert rings(notifier) == 1
    clock.advance(seconds=1)
    reconciling.reconcile()
    assert rings(notifier) == 2


def test_without_redis_it_goes_on_and_forgets_nothing(runtime, clock):
    (clip_id,) = uploaded(runtime, clock())
    claimed(runtime, clip_id, clock())
    clock.advance(seconds=15)
    away = Broker("redis://127.0.0.1:1")
    runtimes.install(replace(runtime, notifier=away))
    reconciling.reconcile()
    assert row(runtime, clip_id).stage is Stage.UPLOADED
    with pytest.raises(NotifyError):
        away.waiting(Queue.TRANSCODE)
    runtimes.install(runtime)
    reconciling.reconcile()
    assert rings(runtime.notifier) == 1


def test_two_clocks_do_no_harm(runtime, notifier, clock):
    (clip_id,) = uploaded(runtime, clock())
    claimed(runtime, clip_id, clock())
    clock.advance(seconds=15)
    reconciling.reconcile()
    reconciling.reconcile()
    assert rings(notifier) == 1
    assert job(runtime, clip_id).tries == 1
