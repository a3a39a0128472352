"""Claims, leases and attempts, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cvtube.jobs import claiming, leases, reconciling
from cvtube.jobs.kinds import TRANSCODE
from cvtube.videos import lifecycle
from cvtube.videos.models import Clip, Stage
from tests import factories
from tests.factories import LEASE

pytestmark = pytest.mark.both_databases

SILENCE = timedelta(seconds=5)


@pytest.fixture
def clip_id(runtime, now):
    with runtime.transaction() as session:
        ada = factories.make_user(session, now)
        video = factories.make_video(session, ada, now)
        clip = lifecycle.start_clip(session, video.chapters[0], now, actor=ada)
        lifecycle.complete_upload(session, clip.id, 1, now)
        return clip.id


def claim(runtime, clip_id, at, max_tries=4):
    with runtime.transaction() as session:
        return claiming.claim(
            session, TRANSCODE, clip_id, at, lease=LEASE, max_tries=max_tries, worker="a:1"
        )


def row(runtime, clip_id):
    with runtime.reading() as session:
        return session.get_one(Clip, clip_id)


def job(runtime, clip_id):
    with runtime.reading() as session:
        return factories.job_of(session, TRANSCODE, clip_id)


def test_only_one_worker_gets_a_clip(runtime, clip_id, now):
    first = claim(runtime, clip_id, now)
    assert first is not None
    assert first.attempt == 1
    assert claim(runtime, clip_id, now) is None


def test_a_kept_lease_keeps_others_out(runtime, clip_id, now):
    first = claim(runtime, clip_id, now)
    at = now + LEASE - timedelta(seconds=1)
    with runtime.transaction() as session:
        assert leases.extend(session, first, at, lease=LEASE, progress=40)
    assert claim(runtime, clip_id, now + LEASE) is None
    assert job(runtime, clip_id).progress == 40


def test_a_silent_worker_is_replaced_and_fenced_off(runtime, clip_id, now):
    silent = claim(runtime, clip_id, now)
    second = claim(runtime, clip_id, now + LEASE)
    assert second is not None
    assert second.attempt == 2
    with runtime.transaction() as session:
        assert not leases.extend(session, silent, now + LEASE, lease=LEASE, progress=99)
        assert not claiming.give_back(session, silent, now, wait=SILENCE)


def test_a_clip_is_not_tried_for_ever(runtime, clip_id, now):
    for tries in range(3):
        assert claim(runtime, clip_id, now + tries * LEASE, max_tries=3) is not None
    assert claim(runtime, clip_id, now + 3 * LEASE, max_tries=3) is None


def test_a_clip_given_back_for_no_fault_of_its_own_keeps_its_tries(runtime, clip_id, now):
    for _ in range(5):
        held = claim(runtime, clip_id, now, max_tries=1)
        assert held is not None
        with runtime.transaction() as session:
            assert claiming.give_back(session, held, now, wait=timedelta(minutes=1))
        assert claim(runtime, clip_id, now, max_tries=1) is None  # not due yet
        now += timedelta(minutes=1)
    # but the fencing number has grown
    assert job(runtime, clip_id).attempt == row(runtime, clip_id).attempt == 5


def test_a_killed_process_frees_its_clip_at_once(runtime, clip_id, now):
    claim(runtime, clip_id, now)
    with runtime.transaction() as session:
        leases.release(session, "b:1", now)  # somebody else's
    assert claim(runtime, clip_id, now) is None
    with runtime.transaction() as session:
        leases.release(session, "a:1", now)
    assert claim(runtime, clip_id, now) is not None


def test_expired_claims_wait_longer_each_time(runtime, clip_id, now):
    waits = []
    for _ in range(4):
        held = claim(runtime, clip_id, now)
        now += LEASE
        with runtime.transaction() as session:
            (lost,) = leases.expired(session, now)
            assert lost == held
            assert claiming.requeue(session, lost, now)
        due = job(runtime, clip_id).not_before
        waits.append((due - now).total_seconds())
        now = due
    assert waits == [0, 10, 60, 60]


def test_nobody_is_rung_for_twice_in_a_row(runtime, clip_id, now):
    with runtime.transaction() as session:
        assert (
            reconciling.unheard(session, [TRANSCODE], now, silence=SILENCE) == 0
        )  # the last byte has just rung
        assert reconciling.unheard(session, [TRANSCODE], now + SILENCE, silence=SILENCE) == 1
        assert reconciling.unheard(session, [TRANSCODE], now + SILENCE, silence=SILENCE) == 0
        assert reconciling.unheard(session, [TRANSCODE], now + 2 * SILENCE, silence=SILENCE) == 1


def test_nobody_is_rung_for_what_is_not_due_or_taken(runtime, clip_id, now):
    held = claim(runtime, clip_id, now)
    with runtime.transaction() as session:
        assert reconciling.unheard(session, [TRANSCODE], now, silence=SILENCE) == 0
        claiming.give_back(session, held, now, wait=timedelta(minutes=1))
        assert reconciling.unheard(session, [TRANSCODE], now, silence=SILENCE) == 0
        later = now + timedelta(minutes=1)
        assert reconciling.unheard(session, [TRANSCODE], later, silence=SILENCE) == 1


def test_a_claimed_clip_is_transcoding_until_it_ends(runtime, clip_id, now):
    held = claim(runtime, clip_id, now)
    assert row(runtime, clip_id).stage is Stage.TRANSCODING
    with runtime.transaction() as session:
        assert lifecycle.fail_transcode(session, held, "broken", now)
        assert not lifecycle.fail_transcode(session, held, "again", now)
