"""Several recordings of a chapter, of which one is chosen; on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from cvtube.errors import Refused
from cvtube.jobs import claiming
from cvtube.jobs.kinds import PURGE_VIDEO, REENCODE, TRANSCODE
from cvtube.queue.names import Queue
from cvtube.videos import keys, lifecycle, reencoding
from cvtube.videos.lifecycle import Trim
from cvtube.videos.lifecycle.clips import GAVE_UP
from cvtube.videos.models import (
    Asset,
    Chapter,
    Clip,
    OriginalChunk,
    Review,
    Stage,
    Video,
    VideoEvent,
)
from tests import factories
from tests.factories import LEASE

pytestmark = pytest.mark.both_databases


@pytest.fixture
def chapter(session, ada, now):
    return factories.make_video(session, ada, now).chapters[0]


class Studio:
    """Ada at work on one chapter."""

    def __init__(self, session, chapter, ada, now):
        self.session, self._chapter, self.ada, self.now = session, chapter, ada, now

    @property
    def chapter(self):
        return self.session.get_one(Chapter, self._chapter.id, populate_existing=True)

    def record(self, *, sent=True):
        take = lifecycle.start_take(self.session, self.chapter, self.now, actor=self.ada)
        if sent:
            self.send(take)
        return take

    def send(self, take):
        key = keys.chunk(take.video_id, take.id, 0)
        self.session.add(OriginalChunk(key=key, clip_id=take.id, start=0, size=9))
        self.session.flush()
        return lifecycle.complete_upload(self.session, take.id, 9, self.now)

    def choose(self, take, **trim):
        lifecycle.choose_take(self.session, take, self.now, actor=self.ada, trim=Trim(**trim))

    def encode(self, take):
        held = claiming.claim(self.session, TRANSCODE, take.id, self.now, lease=LEASE, max_tries=4)
        assert held is not None
        made = lifecycle.Made(5000, 1280, 720, factories.make_assets(held, 5000))
        assert lifecycle.finish_transcode(self.session, held, made, self.now)

    def fail(self, take, code):
        held = claiming.claim(self.session, TRANSCODE, take.id, self.now, lease=LEASE, max_tries=4)
        assert lifecycle.fail_transcode(self.session, held, code, self.now)
        self.session.refresh(take)

    def stage(self, take):
        self.session.refresh(take)
        return take.stage


@pytest.fixture
def studio(session, chapter, ada, now):
    return Studio(session, chapter, ada, now)


def test_a_take_waits_until_it_is_chosen(studio, session, notifier):
    take = studio.record()
    session.commit()
    assert studio.stage(take) is Stage.KEPT
    assert (studio.chapter.live_clip_id, studio.chapter.next_clip_id) == (None, None)
    assert notifier.sent == []


def test_choosing_wakes_the_encoder_and_puts_the_take_into_the_film(studio, session, notifier):
    take = studio.record()
    studio.choose(take)
    session.commit()
    assert studio.stage(take) is Stage.UPLOADED
    assert factories.is_queued(session, TRANSCODE, take.id)
    studio.encode(take)
    assert studio.chapter.live_clip_id == take.id


def test_a_take_chosen_on_its_way_is_encoded_with_its_last_byte(studio, session, notifier):
    take = studio.record(sent=False)
    studio.choose(take)
    session.commit()
    assert studio.stage(take) is Stage.UPLOADING
    assert not factories.is_queued(session, TRANSCODE, take.id)
    assert studio.send(take)
    session.commit()
    assert studio.stage(take) is Stage.UPLOADED
    assert factories.is_queued(session, TRANSCODE, take.id)


def test_the_other_takes_stay_to_be_chosen(studio):
    first, second = studio.record(), studio.record()
    studio.choose(first)
    studio.encode(first)
    studio.choose(second)
    assert studio.chapter.live_clip_id == first.id  # in the film until the new one is ready
    studio.encode(second)
    assert studio.chapter.live_clip_id == second.id
    assert studio.stage(first) is Stage.KEPT
    studio.choose(first)
    studio.encode(first)
    assert studio.chapter.live_clip_id == first.id


def test_what_was_made_of_a_take_that_steps_back_goes(studio, session, notifier):
    first, second = studio.record(), studio.record()
    for take in (first, second):
        studio.choose(take)
        studio.encode(take)
    session.commit()
    assert session.scalars(select(Asset.clip_id).distinct()).all() == [second.id]
    assert factories.is_queued(session, PURGE_VIDEO, first.video_id)


def test_a_take_cut_anew_has_other_stills_of_which_none_is_chosen_yet(studio, session, ada, now):
    take = studio.record()
    studio.choose(take)
    studio.encode(take)
    session.refresh(take)
    lifecycle.choose_poster(session, studio.chapter, take, 2, now, actor=ada)
    studio.choose(take, start_ms=1000)
    session.refresh(take)
    assert take.poster_still == 0


def test_changing_ones_mind_while_it_is_encoded_fences_the_worker_off(studio, session, now):
    first, second = studio.record(), studio.record()
    studio.choose(first)
    held = claiming.claim(session, TRANSCODE, first.id, now, lease=LEASE, max_tries=4)
    studio.choose(second)
    assert studio.stage(first) is Stage.KEPT
    made = lifecycle.Made(5000, 1280, 720, factories.make_assets(held, 5000))
    assert not lifecycle.finish_transcode(session, held, made, now)


def test_another_trim_encodes_the_same_take_anew(studio, session, notifier):
    take = studio.record()
    studio.choose(take)
    studio.encode(take)
    session.commit()
    notifier.sent.clear()
    studio.choose(take)
    session.commit()
    assert notifier.sent == []  # the same trim: nothing to do
    studio.choose(take, start_ms=500, end_ms=4000)
    session.commit()
    assert studio.stage(take) is Stage.UPLOADED
    assert (take.trim_start_ms, take.trim_end_ms) == (500, 4000)
    studio.encode(take)
    assert studio.chapter.live_clip_id == take.id
    assert len(session.scalars(select(Asset.key)).all()) == 5


def test_a_take_waits_from_when_it_was_chosen_not_recorded(studio, session, clock):
    take = studio.record()
    studio.now = clock.advance(days=6)
    studio.choose(take)
    assert factories.job_of(session, TRANSCODE, take.id).queued_at == clock()


def test_a_take_that_is_trimmed_while_it_waits_keeps_its_place(studio, session, clock, now):
    take = studio.record()
    studio.choose(take)
    studio.now = clock.advance(minutes=5)
    studio.choose(take, start_ms=500)
    assert factories.job_of(session, TRANSCODE, take.id).queued_at == now


def test_a_failed_take_that_is_chosen_again_is_tried_again(studio, session, clock, notifier):
    take = studio.record()
    studio.choose(take)
    studio.fail(take, GAVE_UP)
    session.commit()
    notifier.sent.clear()
    studio.now = clock.advance(days=2)
    studio.choose(take)
    session.commit()
    assert studio.stage(take) is Stage.UPLOADED
    job = factories.job_of(session, TRANSCODE, take.id)
    assert (take.error_code, job.tries, job.queued_at) == (None, 0, clock())
    assert factories.is_queued(session, TRANSCODE, take.id)
    studio.encode(take)
    assert studio.chapter.live_clip_id == take.id


def test_a_failed_take_whose_bytes_are_gone_says_so_when_it_is_chosen_again(studio, session):
    take = studio.record()
    studio.choose(take)
    studio.fail(take, GAVE_UP)
    session.execute(delete(OriginalChunk))
    with pytest.raises(Refused, match="take_too_old"):
        studio.choose(take)
    assert studio.stage(take) is Stage.FAILED


@pytest.mark.parametrize(
    ("code", "stage"), [(GAVE_UP, Stage.KEPT), ("no_picture", Stage.ABANDONED)]
)
def test_a_take_is_kept_that_failed_through_no_fault_of_its_own(studio, code, stage):
    first, second = studio.record(), studio.record()
    studio.choose(first)
    studio.fail(first, code)
    studio.choose(second)
    assert (studio.stage(first), first.error_code) == (stage, None)


@pytest.mark.parametrize(
    "trim", [{"start_ms": -1}, {"start_ms": 500, "end_ms": 1499}, {"end_ms": 0}]
)
def test_something_must_be_left(studio, trim):
    take = studio.record()
    with pytest.raises(Refused, match="trim_not_valid"):
        studio.choose(take, **trim)
    assert studio.stage(take) is Stage.KEPT


def test_what_moderators_have_is_recorded_again_instead(studio, session, ada, now):
    take = studio.record()
    studio.choose(take)
    studio.encode(take)
    lifecycle.publish(session, session.get_one(Video, take.video_id), now, actor=ada)
    session.refresh(take)
    with pytest.raises(Refused, match="take_decided"):
        studio.choose(take, start_ms=100)
    with pytest.raises(Refused, match="take_in_film"):
        lifecycle.discard_take(session, take, now, actor=ada)


def test_redoing_an_approved_part_reaches_the_moderators_by_itself(studio, session, ada, now):
    ben = factories.make_user(session, now, name="Ben", role="moderator")
    first = studio.record()
    studio.choose(first)
    studio.encode(first)
    video = session.get_one(Video, first.video_id)
    lifecycle.publish(session, video, now, actor=ada)
    lifecycle.approve(session, video, now, actor=ben)
    second = studio.record()
    studio.choose(second)
    studio.encode(second)
    session.refresh(second)
    assert studio.chapter.live_clip_id == first.id
    assert second.review is Review.PENDING
    lifecycle.approve(session, video, now, actor=ben)
    assert studio.chapter.live_clip_id == second.id
    assert studio.stage(first) is Stage.ABANDONED


def test_a_take_without_its_bytes_cannot_be_encoded(studio, session):
    take = studio.record()
    session.execute(delete(OriginalChunk))
    with pytest.raises(Refused, match="take_too_old"):
        studio.choose(take)
    assert studio.stage(take) is Stage.KEPT


def test_a_thrown_away_take_is_gone_at_once(studio, session, ada, now, notifier):
    take = studio.record()
    lifecycle.discard_take(session, take, now, actor=ada)
    session.commit()
    assert studio.stage(take) is Stage.ABANDONED
    assert factories.is_queued(session, PURGE_VIDEO, take.video_id)
    with pytest.raises(Refused, match="not_found"):
        studio.choose(take)


def test_a_deleted_films_takes_go_with_it(studio, session, ada, now):
    kept, on_its_way = studio.record(), studio.record(sent=False)
    video = session.get_one(Video, kept.video_id)
    lifecycle.delete_video(session, video, now, actor=ada)
    assert {studio.stage(kept), studio.stage(on_its_way)} == {Stage.ABANDONED}
    assert not studio.send(on_its_way)
    with pytest.raises(Refused, match="not_found"):
        studio.choose(kept)
    with pytest.raises(Refused, match="not_found"):
        lifecycle.start_take(session, studio.chapter, now, actor=ada)


def test_old_takes_nobody_chose_go_and_others_stay(studio, session, clock):
    forgotten, chosen = studio.record(), studio.record()
    studio.choose(chosen)
    studio.now = clock.advance(days=7)
    fresh = studio.record()
    before = clock() - timedelta(days=7)
    assert lifecycle.discard_old_takes(session, before, clock()) == 1
    assert studio.stage(forgotten) is Stage.ABANDONED
    assert (studio.stage(chosen), studio.stage(fresh)) == (Stage.UPLOADED, Stage.KEPT)


def test_every_step_is_in_the_log(studio, session):
    first, second = studio.record(), studio.record()
    studio.choose(first)
    studio.choose(second)
    wanted = {"take_started", "uploaded", "take_chosen", "take_kept"}
    assert wanted <= set(session.scalars(select(VideoEvent.verb)))


def test_a_sent_file_leaves_the_takes_alone(studio, session, ada, now):
    take = studio.record()
    studio.choose(take)
    clip = lifecycle.start_clip(session, studio.chapter, now, actor=ada)
    assert studio.stage(take) is Stage.KEPT
    assert studio.chapter.next_clip_id == clip.id
    assert session.get_one(Clip, clip.id).chapter_id is None


def test_an_order_to_make_it_again_ends_when_it_is_trimmed_anew(studio, session, settings):
    """What was cut off must not come back with a version that was begun before."""
    take = studio.record()
    studio.choose(take)
    studio.encode(take)
    assert reencoding.order_reencodings(session, Clip.id == take.id, studio.now).ordered == 1
    again = claiming.claim_next(session, Queue.TRANSCODE, studio.now, settings)
    assert again is not None
    assert again.kind is REENCODE
    session.refresh(take)
    studio.choose(take, start_ms=0, end_ms=2000)
    studio.encode(take)
    whole = lifecycle.Made(5000, 1280, 720, factories.make_assets(again, 5000))
    grace = timedelta(hours=1)
    assert not lifecycle.finish_reencode(session, again, whole, studio.now, grace=grace)
    session.refresh(take)
    assert (take.trim_end_ms, take.attempt) == (2000, again.attempt + 1)
