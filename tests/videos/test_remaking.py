"""Ordering many clips to be made again, while others order, work and watch."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import event, select, true

from cvtube.videos import reencoding, work
from cvtube.videos.models import Clip, OriginalChunk
from cvtube.videos.orders import Doing, Reencode
from tests import factories
from tests.factories import LEASE


@pytest.fixture
def clips(runtime, now):
    """Five that are ready, of which the first is no longer there as it was sent."""
    with runtime.transaction() as session:
        session.info["cvtube_bell"] = factories.SilentBell()
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
            session.add(
                Reencode(
                    clip_id=clip.id, video_id=clip.video_id, attempt=clip.attempt,
                    state=Doing.FAILED, error_code="film_broken", ordered_at=now,
                )
            )  # fmt: skip


def order(runtime, **options):
    with runtime.transaction() as session:
        return reencoding.order(session, true(), runtime.now(), **options)


def orders(runtime):
    with runtime.reading() as session:
        return {row.clip_id: row for row in session.scalars(select(Reencode))}


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
    waiting = {row.clip_id for row in orders(runtime).values() if row.state is Doing.WAITING}
    assert waiting == set(clips[1:])
    assert max(most) < 12  # whatever else a statement says, it names two clips


@pytest.mark.both_databases
@pytest.mark.parametrize("before", [None, "failed"])
def test_what_two_operators_order_at_once_is_ordered_once(runtime, clips, before, request):
    if before:
        request.getfixturevalue(before)
    came = []
    second = threading.Thread(target=lambda: came.append(order(runtime)))
    with runtime.transaction() as session:
        came.append(reencoding.order(session, true(), runtime.now()))
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
    real, held = reencoding._order, []

    def with_another_operator(session, clip_ids, now):
        with runtime.transaction() as other:
            assert real(other, clip_ids, now) == 4
        with runtime.transaction() as other:
            held.append(work.claim_next(other, now, lease=LEASE, max_tries=4))
        return real(session, clip_ids, now)

    monkeypatch.setattr(reencoding, "_order", with_another_operator)
    came = order(runtime)
    assert (came.ordered, came.already) == (0, 4)
    row = orders(runtime)[held[0].clip_id]
    assert (row.state, row.attempt) == (Doing.WORKING, held[0].attempt)
