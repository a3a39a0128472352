"""The verbs of a film's life, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cvtube.errors import Refused
from cvtube.jobs import claiming
from cvtube.jobs.kinds import PURGE_VIDEO, TRANSCODE
from cvtube.jobs.models import Job, JobState
from cvtube.taxonomy.occupations import job_sought
from cvtube.videos import lifecycle
from cvtube.videos.lifecycle.write import INDEX_VIDEO
from cvtube.videos.models import Asset, Chapter, Clip, Review, Stage, Video, VideoEvent, Visibility
from tests import factories
from tests.factories import LEASE

pytestmark = pytest.mark.both_databases


@pytest.fixture
def ben(session, now):
    return factories.make_user(session, now, name="Ben", role="moderator")


@pytest.fixture
def film(session, ada, now):
    return factories.make_video(session, ada, now)


def ready_clip(session, film, now, ada):
    return factories.make_ready_clip(session, film.chapters[0], now, owner=ada)


def verbs(session, film):
    events = session.scalars(
        select(VideoEvent).where(VideoEvent.video_id == film.id).order_by(VideoEvent.at)
    )
    return [event.verb for event in events]


def held(session, clip, now):
    claim = claiming.claim(session, TRANSCODE, clip.id, now, lease=LEASE, max_tries=4)
    assert claim is not None
    return claim


def made(claim, duration_ms=5000):
    return lifecycle.Made(duration_ms, 1280, 720, factories.make_assets(claim, duration_ms))


class TestUpload:
    def test_the_last_byte_wakes_the_worker_once(self, session, film, ada, now, notifier):
        clip = lifecycle.start_clip(session, film.chapters[0], now, actor=ada)
        assert lifecycle.complete_upload(session, clip.id, 77, now)
        assert not lifecycle.complete_upload(session, clip.id, 77, now)
        session.commit()

        session.refresh(clip)
        assert (clip.stage, clip.original_bytes) == (Stage.UPLOADED, 77)
        assert notifier.sent == [factories.told(TRANSCODE)]

    def test_nothing_is_rung_for_what_was_rolled_back(self, session, film, ada, now, notifier):
        clip = lifecycle.start_clip(session, film.chapters[0], now, actor=ada)
        lifecycle.complete_upload(session, clip.id, 77, now)
        session.rollback()
        assert notifier.sent == []

    def test_a_new_recording_gives_up_the_one_still_on_its_way(
        self, session, film, ada, now, notifier
    ):
        first = lifecycle.start_clip(session, film.chapters[0], now, actor=ada)
        second = lifecycle.start_clip(session, film.chapters[0], now, actor=ada)
        session.commit()
        session.refresh(first)
        assert first.stage is Stage.ABANDONED
        assert film.chapters[0].next_clip_id == second.id
        assert factories.is_queued(session, PURGE_VIDEO, film.id)

    def test_a_given_up_recording_cannot_be_completed(self, session, film, ada, now):
        clip = lifecycle.start_clip(session, film.chapters[0], now, actor=ada)
        lifecycle.abandon_clip(session, clip.id, now, actor=ada)
        assert not lifecycle.complete_upload(session, clip.id, 77, now)


class TestTranscoding:
    def test_a_first_clip_goes_straight_into_the_film(self, session, film, ada, now):
        clip = ready_clip(session, film, now, ada)
        chapter = session.get_one(Chapter, film.chapters[0].id)
        assert (chapter.live_clip_id, chapter.next_clip_id) == (clip.id, None)
        assert clip.review is Review.NONE  # a draft is nobody's business but its owner's

    def test_what_an_earlier_attempt_made_is_replaced(self, session, film, ada, now):
        clip = lifecycle.start_clip(session, film.chapters[0], now, actor=ada)
        lifecycle.complete_upload(session, clip.id, 1, now)
        claim = held(session, clip, now)
        assert lifecycle.finish_transcode(session, claim, made(claim), now)
        keys = session.scalars(select(Asset.key).where(Asset.clip_id == clip.id)).all()
        assert len(keys) == 5
        assert all(f"/{claim.attempt}/" in key for key in keys)

    def test_a_worker_that_lost_its_clip_finishes_nothing(self, session, film, ada, now):
        clip = lifecycle.start_clip(session, film.chapters[0], now, actor=ada)
        lifecycle.complete_upload(session, clip.id, 1, now)
        lost = held(session, clip, now)
        later = now + 2 * LEASE
        winner = held(session, clip, later)
        assert not lifecycle.finish_transcode(session, lost, made(lost), later)
        assert not lifecycle.fail_transcode(session, lost, "broken", later)
        assert lifecycle.finish_transcode(session, winner, made(winner), later)

    def test_a_failed_clip_says_why(self, session, film, ada, now):
        clip = lifecycle.start_clip(session, film.chapters[0], now, actor=ada)
        lifecycle.complete_upload(session, clip.id, 1, now)
        assert lifecycle.fail_transcode(session, held(session, clip, now), "broken", now)
        session.refresh(clip)
        assert (clip.stage, clip.error_code) == (Stage.FAILED, "broken")
        job = factories.job_of(session, TRANSCODE, clip.id)
        assert (job.state, job.error_code, job.lease_until) == (JobState.FAILED, "broken", None)

    def test_a_film_deleted_in_the_meantime_is_not_finished(
        self, session, film, ada, now, notifier
    ):
        clip = lifecycle.start_clip(session, film.chapters[0], now, actor=ada)
        lifecycle.complete_upload(session, clip.id, 1, now)
        claim = held(session, clip, now)
        lifecycle.delete_video(session, film, now, actor=ada)
        session.commit()
        assert not lifecycle.finish_transcode(session, claim, made(claim), now)
        assert factories.told(PURGE_VIDEO) in notifier.sent
        assert factories.is_queued(session, PURGE_VIDEO, film.id)


class TestPublication:
    def test_a_published_film_goes_to_the_moderators(self, session, film, ada, now, notifier):
        clip = ready_clip(session, film, now, ada)
        lifecycle.publish(session, film, now, actor=ada)
        session.commit()
        session.refresh(clip)
        assert (clip.review, clip.submitted_at) == (Review.PENDING, now)
        assert (INDEX_VIDEO.path, film.id) in notifier.sent

    def test_a_clip_that_gets_ready_later_follows_by_itself(self, session, film, ada, now):
        lifecycle.publish(session, film, now, actor=ada)
        clip = ready_clip(session, film, now, ada)
        assert clip.review is Review.PENDING

    def test_publishing_twice_is_publishing_once(self, session, film, ada, now):
        lifecycle.publish(session, film, now, actor=ada)
        lifecycle.publish(session, film, now, actor=ada)
        assert verbs(session, film).count("published") == 1

    def test_withdrawing_takes_the_film_out_of_the_queue(self, session, film, ada, now):
        clip = ready_clip(session, film, now, ada)
        lifecycle.publish(session, film, now, actor=ada)
        lifecycle.withdraw(session, film, now, actor=ada)
        session.flush()
        session.refresh(clip)
        session.refresh(film)
        assert clip.review is Review.NONE
        assert (film.visibility, film.published_at) == (Visibility.DRAFT, None)


class TestDecisions:
    @pytest.fixture
    def pending(self, session, film, ada, now):
        clip = ready_clip(session, film, now, ada)
        lifecycle.publish(session, film, now, actor=ada)
        session.refresh(clip)
        return clip

    def test_approval_is_of_everything_that_waits(self, session, film, pending, ben, now):
        lifecycle.approve(session, film, now, actor=ben)
        session.refresh(pending)
        assert (pending.review, pending.reviewed_at) == (Review.APPROVED, now)

    def test_the_second_moderator_is_told_that_it_is_decided(
        self, session, film, pending, ben, now
    ):
        lifecycle.approve(session, film, now, actor=ben)
        with pytest.raises(Refused, match="already_decided"):
            lifecycle.approve(session, film, now, actor=ben)
        with pytest.raises(Refused, match="already_decided"):
            lifecycle.reject(session, pending, now, actor=ben, reason="scam", words="No.")

    def test_what_is_to_be_redone_is_told_with_reason_and_words(
        self, session, film, pending, ben, now
    ):
        lifecycle.ask_for_changes(
            session, pending, now, actor=ben, reason="dark", words="Too dark."
        )
        event = session.scalars(
            select(VideoEvent).where(VideoEvent.verb == "asked_for_changes")
        ).one()
        assert (event.reason, event.words, event.actor_id) == ("dark", "Too dark.", ben.id)

    def test_a_redone_clip_replaces_the_refused_one_and_waits_again(
        self, session, film, pending, ada, ben, now
    ):
        lifecycle.ask_for_changes(session, pending, now, actor=ben, reason="dark", words="")
        redone = ready_clip(session, film, now, ada)
        session.refresh(pending)
        assert redone.review is Review.PENDING
        assert pending.stage is Stage.ABANDONED
        assert session.get_one(Chapter, film.chapters[0].id).live_clip_id == redone.id

    def test_an_approved_clip_stays_in_the_film_while_it_is_re_shot(
        self, session, film, pending, ada, ben, now
    ):
        lifecycle.approve(session, film, now, actor=ben)
        better = ready_clip(session, film, now, ada)
        chapter = session.get_one(Chapter, film.chapters[0].id)
        assert (chapter.live_clip_id, chapter.next_clip_id) == (pending.id, better.id)

        lifecycle.approve(session, film, now, actor=ben)
        session.refresh(chapter)
        session.refresh(pending)
        assert (chapter.live_clip_id, chapter.next_clip_id) == (better.id, None)
        assert pending.stage is Stage.ABANDONED

    def test_taking_down_needs_an_approval(self, session, film, pending, ben, now):
        with pytest.raises(Refused, match="already_decided"):
            lifecycle.take_down(session, pending, now, actor=ben, reason="scam", words="")
        lifecycle.approve(session, film, now, actor=ben)
        lifecycle.take_down(session, pending, now, actor=ben, reason="scam", words="")
        session.refresh(pending)
        assert pending.review is Review.REMOVED


def test_nothing_can_be_done_to_a_deleted_film(session, film, ada, now):
    lifecycle.delete_video(session, film, now, actor=ada)
    for verb in (lifecycle.publish, lifecycle.withdraw, lifecycle.delete_video):
        with pytest.raises(Refused, match="not_found"):
            verb(session, film, now, actor=ada)


def test_a_job_is_named_once_and_searches_hear_of_it(session, film, ada, now, notifier):
    session.commit()
    notifier.sent.clear()
    for _ in range(2):
        lifecycle.name_job(session, film, job_sought("A1208"), now, actor=ada)
        session.commit()
    assert film.occupation_code == "A1208"
    assert verbs(session, film).count("job_named") == 1
    assert notifier.sent == [(INDEX_VIDEO.path, film.id)]


def test_every_change_of_state_is_in_the_log(session, film, ada, ben, now):
    ready_clip(session, film, now, ada)
    lifecycle.publish(session, film, now, actor=ada)
    lifecycle.approve(session, film, now, actor=ben)
    lifecycle.delete_video(session, session.get_one(Video, film.id), now, actor=ada)
    session.flush()
    assert sorted(verbs(session, film)) == sorted(
        ["started", "upload_started", "uploaded", "ready", "published", "submitted", "approved",
         "deleted"]
    )  # fmt: skip


def test_the_database_refuses_impossible_rows(session, film, now):
    impossible = [
        {"stage": Stage.FAILED},  # without a code
        {"stage": Stage.READY},  # without a time
        {"stage": Stage.UPLOADED, "review": Review.PENDING},
    ]
    for fields in impossible:
        with pytest.raises(Exception, match=r"(?i)check"), session.begin_nested():
            session.add(Clip(video_id=film.id, created_at=now, **fields))
            session.flush()
    impossible = [
        {"state": JobState.FAILED},  # without a code
        {"state": JobState.RUNNING},  # without a lease
        {"state": JobState.WAITING, "lease_until": now},
        {"state": JobState.WAITING, "progress": 101},
    ]
    for fields in impossible:
        with pytest.raises(Exception, match=r"(?i)check"), session.begin_nested():
            session.add(Job(target_id="x", kind="x", priority=1, queued_at=now, **fields))
            session.flush()
