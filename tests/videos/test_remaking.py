"""Ordering many clips to be made again, while others order, work and watch."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import event, select, true

from cvtube.jobs import claiming
from cvtube.jobs.enqueue import enqueue
from cvtube.jobs.kinds import REENCODE
from cvtube.jobs.models import Job, JobState
from cvtube.queue.names import Queue
from cvtube.videos import reencoding
from cvtube.videos.models import Clip, OriginalChunk
from tests import factories
from tests.factories import LEASE


@pytest.fixture
def clips(runtime, now):
    """Five that are ready, of which the first is no longer there as it was sent."""
    with runtime.transaction() as session:
        session.info["cvtube_notifier"] = factories.SilentNotifier()
        ada = factories.make_user(session, now)
        video = factories.make_video(session, ada, now, chapter_titles=[""] * 5)
        made = [factories.make_ready_clip(session, c, now, owner=ada) for c in video.chapters]
        for clip in made[1:]:
            session.add(OriginalChunk(key=clip.id, clip_id=clip.id, start=0, size=1))
        return [clip.id for clip in made]


@pytest.fixture
def failed(runtime, clips, now):
    """All of them could not be made again once."""
    with runtime.transaction() as session:
        for clip in session.scalars(select(Clip)):
            enqueue(session, REENCODE, clip.id, now, video_id=clip.video_id, attempts=clip.attempt)
            held = claiming.claim(session, REENCODE, clip.id, now, lease=LEASE, max_tries=4)
            assert reencoding.fail(session, held, "film_broken", now)


def order(runtime, **options):
    with runtime.transaction() as session:
        return reencoding.order_reencodings(session, true(), runtime.now(), **options)


def orders(runtime):
    with runtime.reading() as session:
        return {
            row.target_id: row
            for row in session.scalars(select(Job).where(Job.kind == REENCODE.name))
        }


@pytest.mark.both_databases
def test_a_few_are_ordered_at_a_time_and_none_is_left_out(runtime, clips, failed, monkeypatch):
    monkeypatch.setattr(reencoding, "AT_A_TIME", 2)
    most = []

    @event.listens_for(runtime.engine, "before_cursor_execute")
    def watch(_connection, _cursor, _statement, parameters, *_more):
        most.append(len(parameters))

    came, times = order(runtime), 1
    while came.last:
        came += order(runtime, after=came.last)
        times += 1
    event.remove(runtime.engine, "before_cursor_execute", watch)
    assert (came.ordered, came.already, came.original_gone, times) == (4, 0, 1, 4)
    waiting = {row.target_id for row in orders(runtime).values() if row.state is JobState.WAITING}
    assert waiting == set(clips[1:])
    assert max(most) < 30  # whatever else a statement says, it names two clips


@pytest.mark.both_databases
@pytest.mark.parametrize("before", [None, "failed"])
def test_what_two_operators_order_at_once_is_ordered_once(runtime, clips, before, request):
    if before:
        request.getfixturevalue(before)
    came = []
    second = threading.Thread(target=lambda: came.append(order(runtime)))
    with runtime.transaction() as session:
        came.append(reencoding.order_reencodings(session, true(), runtime.now()))
        session.flush()
        second.start()
        second.join(0.3)
        assert second.is_alive()  # it waits for what becomes of ours
    second.join(20)
    assert [(one.ordered, one.already, one.original_gone) for one in came] == [
        (4, 0, 1), (0, 4, 1),
    ]  # fmt: skip


def test_what_was_ordered_and_taken_up_meanwhile_is_not_taken_away(runtime, clips, monkeypatch):
    """Its attempts would begin anew, and two workers write below the same prefix."""
    real, held = reencoding.enqueue, []

    def with_another_operator(session, kind, clip_id, now, **options):
        with runtime.transaction() as other:
            assert real(other, kind, clip_id, now, **options)
        with runtime.transaction() as other:
            held.append(claiming.claim_next(other, Queue.TRANSCODE, now, many))
        return real(session, kind, clip_id, now, **options)

    many = runtime.settings.model_copy(update={"reencodes_at_once": 9})
    monkeypatch.setattr(reencoding, "enqueue", with_another_operator)
    came = order(runtime)
    assert (came.ordered, came.already) == (0, 4)
    assert len(held) == 4
    row = orders(runtime)[held[0].target_id]
    assert (row.state, row.attempt) == (JobState.RUNNING, held[0].attempt)
