"""A clock that was set back makes nothing wait for as long as it was set back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cvtube.transcode import jobs, shift
from cvtube.videos import lifecycle, work
from cvtube.videos.books import Kind
from cvtube.videos.caption_track import CaptionTrack, Wording
from cvtube.videos.lifecycle import drafts
from cvtube.videos.models import Clip, Stage
from cvtube.videos.orders import Doing, Reencode
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


def claim(runtime, clip_id, clock, kind=Kind.NEW):
    with runtime.transaction() as session:
        return work.claim(session, clip_id, clock(), lease=LEASE, max_tries=4, kind=kind)


def row(runtime, clip_id):
    with runtime.reading() as session:
        return session.get_one(Clip, clip_id)


def test_a_dead_workers_clip_is_free_one_lease_later(runtime, clock, clip_id):
    claim(runtime, clip_id, clock)
    clock.time -= HOUR
    jobs.reconcile()
    clock.time += LEASE
    jobs.reconcile()
    assert row(runtime, clip_id).stage is Stage.UPLOADED


def test_a_living_worker_keeps_its_clip(runtime, clock, clip_id):
    held = claim(runtime, clip_id, clock)
    clock.time -= HOUR
    for _ in range(3):
        jobs.reconcile()
        clock.time += LEASE / 2
        with runtime.transaction() as session:
            assert work.extend(session, held, clock(), lease=LEASE, progress=1)
    assert row(runtime, clip_id).tries == 1


def test_clocks_that_differ_by_less_than_a_lease_cut_nothing_short(runtime, clock, clip_id):
    claim(runtime, clip_id, clock)
    until = row(runtime, clip_id).lease_until
    clock.time -= LEASE
    jobs.reconcile()
    assert row(runtime, clip_id).lease_until == until


def test_a_clip_that_is_made_again_is_free_again_too(runtime, clock):
    with runtime.transaction() as session:
        ada = factories.make_user(session, clock())
        video = factories.make_video(session, ada, clock())
        clip = factories.make_ready_clip(session, video.chapters[0], clock(), owner=ada)
        clip_id = clip.id
        session.add(
            Reencode(clip_id=clip_id, video_id=video.id, state=Doing.WAITING, ordered_at=clock())
        )
    claim(runtime, clip_id, clock, Kind.AGAIN)
    clock.time -= HOUR
    jobs.reconcile()
    clock.time += LEASE
    jobs.reconcile()
    with runtime.reading() as session:
        assert session.get_one(Reencode, clip_id).state is Doing.WAITING


def test_what_waits_before_its_next_try_waits_no_longer(runtime, clock, clip_id):
    held = claim(runtime, clip_id, clock)
    with runtime.transaction() as session:
        work.give_back(session, held, clock(), wait=shift.LONGEST_WAIT)
    clock.time -= HOUR
    assert claim(runtime, clip_id, clock) is None
    jobs.reconcile()
    assert claim(runtime, clip_id, clock) is not None


def test_what_was_rung_for_in_the_future_is_rung_for_again(runtime, clock, clip_id):
    silence = timedelta(seconds=5)
    with runtime.transaction() as session:
        clock.time += silence
        assert work.unheard(session, clock(), silence=silence) == [clip_id]
        clock.time -= HOUR
        assert work.unheard(session, clock(), silence=silence) == [clip_id]


def test_a_draft_is_free_one_lease_later(runtime, clock, clip_id):
    with runtime.transaction() as session:
        session.add(
            CaptionTrack(
                clip_id=clip_id, state=Wording.DRAFTING, language="fr",
                lease_until=clock() + drafts.LEASE,
            )
        )  # fmt: skip
    clock.time -= HOUR
    jobs.reconcile()
    with runtime.reading() as session:
        track = session.get_one(CaptionTrack, clip_id)
        assert track.lease_until == clock() + drafts.LEASE
