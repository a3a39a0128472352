"""Whatever is wrong with one job, it comes to an end, and the others do not wait for that."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from cvtube import runtime as runtimes
from cvtube.jobs import claiming, reconciling
from cvtube.jobs.enqueue import enqueue
from cvtube.jobs.handler import handler_of
from cvtube.jobs.kinds import PURGE_VIDEO, REENCODE, TRANSCODE
from cvtube.jobs.models import Job, JobState
from cvtube.jobs.worker import run_next
from cvtube.privacy import jobs as privacy_jobs
from cvtube.queue.names import Queue
from cvtube.transcode.handlers import Transcode
from cvtube.videos import lifecycle
from cvtube.videos.models import Clip, Stage, Video
from tests import factories
from tests.factories import LEASE

pytestmark = pytest.mark.both_databases

MOST_TRIES = 4


@pytest.fixture
def notifier(runtime):
    """Remembers what workers are told."""
    heard = factories.SilentNotifier()
    runtimes.install(replace(runtime, notifier=heard))
    return heard


def send(runtime, now, name):
    """A recording that waits for the encoder."""
    with runtime.transaction() as session:
        owner = factories.make_user(session, now, name=name)
        film = factories.make_video(session, owner, now)
        clip = lifecycle.start_clip(session, film.chapters[0], now, actor=owner)
        lifecycle.complete_upload(session, clip.id, 1, now)
        return clip.id


def put(runtime, kind, target_id, now):
    with runtime.transaction() as session:
        enqueue(session, kind, target_id, now)


def claim(runtime, kind, target_id, now, max_tries=MOST_TRIES):
    with runtime.transaction() as session:
        return claiming.claim(session, kind, target_id, now, lease=LEASE, max_tries=max_tries)


def claim_next(runtime, now, **settings):
    chosen = runtime.settings.model_copy(update=settings)
    with runtime.transaction() as session:
        return claiming.claim_next(session, Queue.TRANSCODE, now, chosen)


def job(runtime, kind, target_id):
    with runtime.reading() as session:
        return factories.job_of(session, kind, target_id)


def test_one_that_cannot_be_begun_fails_at_last_and_holds_up_nobody(runtime, clock, monkeypatch):
    spoilt = send(runtime, clock(), "Ada")
    good = send(runtime, clock.advance(seconds=1), "Bo")
    begin = Transcode.begin

    def stumble(self, session, now):
        if self.held.target_id == spoilt:
            raise ValueError(spoilt)
        return begin(self, session, now)

    monkeypatch.setattr(Transcode, "begin", stumble)
    assert claim_next(runtime, clock()).target_id == good
    while job(runtime, TRANSCODE, spoilt).state is not JobState.FAILED:
        assert job(runtime, TRANSCODE, spoilt).tries <= runtime.settings.transcode_attempts
        clock.advance(minutes=2)
        reconciling.reconcile()
        claim_next(runtime, clock())
    with runtime.reading() as session:
        assert session.get_one(Clip, spoilt).stage is Stage.FAILED


def test_one_that_cannot_be_taken_back_keeps_no_other_from_being_told_of(
    runtime, clock, notifier, monkeypatch
):
    spoilt, good = send(runtime, clock(), "Ada"), send(runtime, clock(), "Bo")
    for clip_id in (spoilt, good):
        claim(runtime, TRANSCODE, clip_id, clock())
    with runtime.transaction() as session:
        last = runtime.settings.transcode_attempts
        session.execute(update(Job).where(Job.target_id == spoilt).values(tries=last))

    def stumble(self, *_):
        raise ValueError(self)

    monkeypatch.setattr(Transcode, "fail", stumble)
    clock.advance(minutes=1)
    reconciling.reconcile()
    assert job(runtime, TRANSCODE, good).state is JobState.WAITING
    assert notifier.sent == [factories.told(TRANSCODE)]
    monkeypatch.undo()
    runtimes.install(replace(runtime, notifier=notifier))
    reconciling.reconcile()
    assert job(runtime, TRANSCODE, spoilt).state is JobState.FAILED


def test_one_that_waits_for_its_next_try_gets_it_where_fewer_are_allowed_since(runtime, clock):
    clip_id = send(runtime, clock(), "Ada")
    for _ in range(2):
        held = claim(runtime, TRANSCODE, clip_id, clock())
        with runtime.transaction() as session:
            claiming.requeue(session, held, clock())
        clock.advance(minutes=1)
    assert claim_next(runtime, clock(), transcode_attempts=1).tries == 3


def test_workers_are_not_told_of_what_none_of_them_may_do(runtime, clock, notifier):
    put(runtime, REENCODE, "clip", clock())
    none = runtime.settings.model_copy(update={"reencodes_at_once": 0})
    runtimes.install(replace(runtime, settings=none, notifier=notifier))
    clock.advance(minutes=1)
    reconciling.reconcile()
    assert notifier.sent == []
    runtimes.install(replace(runtime, notifier=notifier))
    reconciling.reconcile()
    assert notifier.sent == [factories.told(REENCODE)]


def test_a_worker_of_long_ago_does_not_end_a_later_errand_for_the_same_target(runtime, clock):
    put(runtime, PURGE_VIDEO, "film", clock())
    stale = claim(runtime, PURGE_VIDEO, "film", clock())
    second = claim(runtime, PURGE_VIDEO, "film", clock.advance(seconds=15))
    assert finish(runtime, second, clock())
    assert job(runtime, PURGE_VIDEO, "film") is None
    put(runtime, PURGE_VIDEO, "film", clock.advance(seconds=1))
    third = claim(runtime, PURGE_VIDEO, "film", clock())
    assert third.attempt == stale.attempt
    assert not finish(runtime, stale, clock())
    assert finish(runtime, third, clock())


def finish(runtime, held, now):
    with runtime.transaction() as session:
        return handler_of(held).finish(session, None, now, runtime.settings)


def test_what_is_deleted_while_its_film_is_being_purged_is_purged_next(runtime, clock, monkeypatch):
    clip_id = send(runtime, clock(), "Ada")
    with runtime.transaction() as session:
        lifecycle.abandon_clip(session, clip_id, clock())
        video_id = session.get_one(Clip, clip_id).video_id
    purge = privacy_jobs.purge_video

    def purge_while_deleted(video_id):
        purge(video_id)
        with runtime.transaction() as session:
            lifecycle.delete_video(session, session.get_one(Video, video_id), clock(), actor=None)

    with monkeypatch.context() as patched:
        patched.setattr(privacy_jobs, "purge_video", purge_while_deleted)
        run_next(Queue.GENERAL)
    run_next(Queue.GENERAL)
    with runtime.reading() as session:
        assert session.get(Video, video_id) is None
    assert job(runtime, PURGE_VIDEO, video_id) is None
