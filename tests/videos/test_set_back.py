"""A clock that was set back makes nothing wait for as long as it was set back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cvtube.captions.jobs import LEASE as LONG
from cvtube.jobs import claiming, leases, reconciling
from cvtube.jobs.enqueue import enqueue
from cvtube.jobs.handler import LONGEST_WAIT
from cvtube.jobs.kinds import DRAFT_CAPTIONS, REENCODE, SEND_MAIL, TRANSCODE
from cvtube.jobs.models import Job, JobState
from cvtube.mail import outbox
from cvtube.videos import lifecycle
from cvtube.videos.models import Clip, Stage
from tests import factories
from tests.factories import LEASE

pytestmark = pytest.mark.both_databases

HOUR = timedelta(hours=1)


@pytest.fixture
def clip_id(runtime, clock):
    with runtime.transaction() as session:
        ada = factories.make_user(session, clock())
        video = factories.make_video(session, ada, clock())
        clip = lifecycle.start_clip(session, video.chapters[0], clock(), actor=ada)
        lifecycle.complete_upload(session, clip.id, 1, clock())
        return clip.id


def claim(runtime, clip_id, clock, kind=TRANSCODE):
    with runtime.transaction() as session:
        return claiming.claim(session, kind, clip_id, clock(), lease=LEASE, max_tries=4)


def row(runtime, clip_id):
    with runtime.reading() as session:
        return session.get_one(Clip, clip_id)


def job(runtime, clip_id):
    with runtime.reading() as session:
        return factories.job_of(session, TRANSCODE, clip_id)


def test_a_dead_workers_clip_is_free_one_lease_later(runtime, clock, clip_id):
    claim(runtime, clip_id, clock)
    clock.time -= HOUR
    reconciling.reconcile()
    clock.time += LEASE
    reconciling.reconcile()
    assert row(runtime, clip_id).stage is Stage.UPLOADED


def test_a_living_worker_keeps_its_clip(runtime, clock, clip_id):
    held = claim(runtime, clip_id, clock)
    clock.time -= HOUR
    for _ in range(3):
        reconciling.reconcile()
        clock.time += LEASE / 2
        with runtime.transaction() as session:
            assert leases.extend(session, held, clock(), lease=LEASE, progress=1)
    assert job(runtime, clip_id).tries == 1


def test_clocks_that_differ_by_less_than_a_lease_cut_nothing_short(runtime, clock, clip_id):
    claim(runtime, clip_id, clock)
    until = job(runtime, clip_id).lease_until
    clock.time -= LEASE
    reconciling.reconcile()
    assert job(runtime, clip_id).lease_until == until


def test_a_clip_that_is_made_again_is_free_again_too(runtime, clock):
    with runtime.transaction() as session:
        ada = factories.make_user(session, clock())
        video = factories.make_video(session, ada, clock())
        clip = factories.make_ready_clip(session, video.chapters[0], clock(), owner=ada)
        clip_id = clip.id
        enqueue(session, REENCODE, clip_id, clock(), video_id=video.id, attempts=clip.attempt)
    claim(runtime, clip_id, clock, REENCODE)
    clock.time -= HOUR
    reconciling.reconcile()
    clock.time += LEASE
    reconciling.reconcile()
    with runtime.reading() as session:
        assert factories.job_of(session, REENCODE, clip_id).state is JobState.WAITING


def test_what_waits_before_its_next_try_waits_no_longer(runtime, clock, clip_id):
    held = claim(runtime, clip_id, clock)
    with runtime.transaction() as session:
        claiming.give_back(session, held, clock(), wait=LONGEST_WAIT)
    clock.time -= HOUR
    assert claim(runtime, clip_id, clock) is None
    reconciling.reconcile()
    assert claim(runtime, clip_id, clock) is not None


def test_what_was_rung_for_in_the_future_is_rung_for_again(runtime, clock, clip_id):
    silence = timedelta(seconds=5)
    with runtime.transaction() as session:
        clock.time += silence
        assert reconciling.unheard(session, [TRANSCODE], clock(), silence=silence) == 1
        clock.time -= HOUR
        assert reconciling.unheard(session, [TRANSCODE], clock(), silence=silence) == 1


def test_a_draft_is_free_one_lease_later(runtime, clock, clip_id):
    with runtime.transaction() as session:
        enqueue(session, DRAFT_CAPTIONS, clip_id, clock())
        which = (Job.kind == DRAFT_CAPTIONS.name) & (Job.target_id == clip_id)
        leases.take(session, which, clock(), lease=LONG, worker="a:1")
    clock.time -= HOUR
    reconciling.reconcile()
    with runtime.reading() as session:
        assert factories.job_of(session, DRAFT_CAPTIONS, clip_id).lease_until == clock() + LONG


@pytest.mark.parametrize("tries", [1, 2, 4])
def test_a_mail_waits_no_longer_than_after_so_many_tries(runtime, clock, tries):
    with runtime.transaction() as session:
        mail = outbox.post(session, clock(), "zoe@example.org", "account_deleted", "fr", name="Zoé")
    for _ in range(tries):
        with runtime.transaction() as session:
            held = claiming.claim(
                session, SEND_MAIL, mail.id, clock(), lease=LEASE, max_tries=5
            )  # fmt: skip
            assert claiming.requeue(session, held, clock())
            due = factories.job_of(session, SEND_MAIL, mail.id).not_before
        clock.time, before = due, clock()
    clock.time = before - 2 * (due - before)
    reconciling.reconcile()
    with runtime.reading() as session:
        assert factories.job_of(session, SEND_MAIL, mail.id).not_before == clock()
