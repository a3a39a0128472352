"""Whose turn it is: fair, the same in SQL and in Python, and nobody waits for ever."""

from __future__ import annotations

import heapq
import random
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from cvtube.jobs import claiming, leases, scheduling
from cvtube.jobs.enqueue import enqueue
from cvtube.jobs.kinds import EXPORT, REENCODE, TRANSCODE
from cvtube.jobs.models import Job, JobState
from cvtube.jobs.scheduling import LATELY
from cvtube.queue.names import Queue
from cvtube.videos import exports, lifecycle, queries, reencoding
from cvtube.videos.models import Clip, OriginalChunk, Stage
from tests import factories
from tests.factories import LEASE

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def send(session, owner, now, chapters=1):
    """A film whose every part has just arrived; ids of its clips."""
    video = factories.make_video(session, owner, now, chapter_titles=[""] * chapters)
    clips = [lifecycle.start_clip(session, c, now, actor=owner) for c in video.chapters]
    for clip in clips:
        lifecycle.complete_upload(session, clip.id, 1, now)
    return [clip.id for clip in clips]


def take(runtime, now, worker="", **settings):
    chosen = runtime.settings.model_copy(update=settings)
    with runtime.transaction() as session:
        return claiming.claim_next(session, Queue.TRANSCODE, now, chosen, worker=worker)


def finish(runtime, held, now):
    with runtime.transaction() as session:
        made = lifecycle.Made(1000, 640, 360, factories.make_assets(held, 1000))
        assert lifecycle.finish_transcode(session, held, made, now)


@pytest.mark.both_databases
def test_a_tenth_film_does_not_hold_up_somebody_elses_first(runtime, now):
    with runtime.transaction() as session:
        ada, cy = (factories.make_user(session, now, name=name) for name in ("Ada", "Cy"))
        tens = [send(session, ada, now)[0] for _ in range(10)]
        (first,) = send(session, cy, now + SECOND)
    taken = []
    for number in range(11):
        held = take(runtime, now + number * SECOND)
        taken.append(held.target_id)
        finish(runtime, held, now + number * SECOND)
    assert taken.index(first) == 1
    assert sorted([*tens, first]) == sorted(taken)
    assert take(runtime, now) is None


@pytest.mark.both_databases
def test_clips_of_one_film_are_made_by_as_many_workers_as_there_are(runtime, now):
    with runtime.transaction() as session:
        clips = send(session, factories.make_user(session, now), now, chapters=4)
    held = [take(runtime, now, worker=f"host:{number}") for number in range(5)]
    assert held[4] is None
    assert sorted(claim.target_id for claim in held[:4]) == sorted(clips)


@pytest.mark.both_databases
def test_what_somebody_had_is_forgotten_after_an_hour(runtime, now):
    with runtime.transaction() as session:
        ada, cy = (factories.make_user(session, now, name=name) for name in ("Ada", "Cy"))
        send(session, ada, now)
    finish(runtime, take(runtime, now), now)
    later = now + LATELY
    with runtime.transaction() as session:
        (older,) = send(session, ada, later - SECOND)
        send(session, cy, later)
    assert take(runtime, later).target_id == older


@pytest.mark.both_databases
def test_first_a_film_as_one_file_then_new_films_and_then_what_is_made_again(runtime, now):
    with runtime.transaction() as session:
        ada = factories.make_user(session, now)
        video = factories.make_video(session, ada, now)
        ready = factories.make_ready_clip(session, video.chapters[0], now, owner=ada)
        session.add(OriginalChunk(key="k", clip_id=ready.id, start=0, size=1))
        session.flush()
        reencoding.order_reencodings(session, Clip.id == ready.id, now)
        (new,) = send(session, ada, now + SECOND)
        session.expire_all()
        exports.order_export(session, queries.load_video(session, video.id), now + 2 * SECOND)
    taken = [take(runtime, now + 3 * SECOND) for _ in range(4)]
    assert [(held.kind, held.target_id) for held in taken[:3]] == [
        (EXPORT, video.id), (TRANSCODE, new), (REENCODE, ready.id),
    ]  # fmt: skip
    assert taken[3] is None


@pytest.mark.both_databases
def test_no_more_clips_are_made_again_at_a_time_than_the_operator_wants(runtime, now):
    with runtime.transaction() as session:
        ada = factories.make_user(session, now)
        for number in range(3):
            video = factories.make_video(session, ada, now)
            clip = factories.make_ready_clip(session, video.chapters[0], now, owner=ada)
            session.add(OriginalChunk(key=f"k{number}", clip_id=clip.id, start=0, size=1))
        session.flush()
        assert reencoding.order_reencodings(session, Clip.id == Clip.id, now).ordered == 3
    assert take(runtime, now, reencodes_at_once=0) is None
    assert take(runtime, now, reencodes_at_once=2).kind is REENCODE
    second = take(runtime, now, reencodes_at_once=2)
    assert take(runtime, now, reencodes_at_once=2) is None
    with runtime.transaction() as session:
        assert reencoding.fail(session, second, "original_gone", now)
    assert take(runtime, now, reencodes_at_once=2) is not None


@pytest.mark.both_databases
def test_many_workers_never_claim_the_same_clip(runtime, now):
    """Real threads, real transactions, all at the same moment."""
    with runtime.transaction() as session:
        clips = [
            clip
            for number in range(4)
            for clip in send(session, factories.make_user(session, now, name=f"P{number}"), now, 5)
        ]
    claimed, start = [], threading.Barrier(6, timeout=20)

    def worker():
        start.wait()
        while held := take(runtime, now):
            claimed.append(held.target_id)

    threads = [threading.Thread(target=worker) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(clips)


@pytest.mark.both_databases
def test_sql_and_python_agree_on_the_order(runtime, now):
    with runtime.transaction() as session:
        for number, films in enumerate((4, 1, 3)):
            owner = factories.make_user(session, now, name=f"P{number}")
            for film in range(films):
                send(session, owner, now + (film * 7 + number) % 5 * SECOND)
    at = now + 10 * SECOND
    take(runtime, at)
    with runtime.reading() as session:
        waiting = select(Clip.id).where(Clip.stage == Stage.UPLOADED)
        places = scheduling.places(session, TRANSCODE, session.scalars(waiting).all(), at)
        told = sorted(places, key=lambda clip: places[clip].ahead)
    assert len(told) == 7
    assert [take(runtime, at).target_id for _ in told] == told


def seconds_behind(session, place, at):
    took = scheduling.took_lately(session, TRANSCODE)
    return scheduling.seconds_at(place, took, scheduling.at_work(session, [TRANSCODE], at))


@pytest.mark.both_databases
@pytest.mark.parametrize("seed", range(4))
def test_the_database_numbers_the_line_as_fair_turns_are_meant(runtime, now, seed):
    chance = random.Random(seed)  # noqa: S311 (a shuffle)
    begun = now - timedelta(minutes=5)
    had, waiting = {}, []
    with runtime.transaction() as session:
        session.info["cvtube_notifier"] = factories.SilentNotifier()
        for number in range(60):
            owner = f"owner{chance.randrange(6)}"
            since, clip_id = now + chance.randrange(20) * SECOND, f"clip{number:03}"
            enqueue(session, TRANSCODE, clip_id, since, owner_id=owner)
            if chance.random() < 0.2:
                of_clip = Job.target_id == clip_id
                held = leases.take(session, of_clip, begun + HOUR, lease=LEASE, worker="")
                session.execute(update(Job).where(of_clip).values(started_at=begun))
                leases.end(session, held, JobState.DONE, begun + MINUTE)
                had[owner] = had.get(owner, 0) + 1
            else:
                waiting.append(Waiting(since, clip_id, owner))
        meant = [one.clip_id for one in in_turn(waiting, had)]
        owners = {one.clip_id: one.owner_id for one in waiting}
        at = now + MINUTE
        places = scheduling.places(session, TRANSCODE, owners, at)
    assert sorted(places, key=lambda clip: places[clip].ahead) == meant
    for ahead, clip in enumerate(meant):
        others = any(owners[before] != owners[clip] for before in meant[:ahead])
        assert places[clip] == (ahead, others)


@pytest.mark.both_databases
def test_a_clip_that_ended_before_it_began_by_the_clock_tells_no_wait(runtime, now):
    with runtime.transaction() as session:
        send(session, factories.make_user(session, now), now)
    finish(runtime, take(runtime, now), now - HOUR)  # the clock was set back
    with runtime.reading() as session:
        assert scheduling.took_lately(session, TRANSCODE) == 0


@pytest.mark.both_databases
def test_the_wait_is_told_from_what_clips_took_and_how_many_hands_there_are(runtime, now):
    with runtime.transaction() as session:
        people = [factories.make_user(session, now, name=f"P{number}") for number in range(4)]
        for owner in people[:2]:
            send(session, owner, now)
    at = now
    for _ in range(2):
        held = take(runtime, at)
        at += timedelta(seconds=60)
        finish(runtime, held, at)
    with runtime.transaction() as session:
        clips = [send(session, owner, at)[0] for owner in people]
    with runtime.reading() as session:
        assert seconds_behind(session, 0, at) == 0  # workers are free
    busy = [take(runtime, at) for _ in range(2)]
    assert {held.target_id for held in busy} == {clips[2], clips[3]}
    with runtime.reading() as session:
        waits = [seconds_behind(session, place, at) for place in range(2)]
        assert waits == [15, 45]  # 60 s a clip, two hands, half done on the average


# -- properties of the order, without a database -----------------------------------------------

TIME = datetime(2026, 3, 2, tzinfo=UTC)
LINES = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 5)), max_size=40
)  # second of arrival, owner


class Waiting(NamedTuple):
    """A job that waits for a worker."""

    since: datetime
    clip_id: str
    owner_id: str


def in_turn(waiting, had):
    """What is meant by fair turns, taken up one by one: the SQL is compared with it."""
    queues = {}
    for clip in sorted(waiting):
        queues.setdefault(clip.owner_id, []).append(clip)
    heads = [(had.get(owner, 0), queue[0], 0) for owner, queue in queues.items()]
    heapq.heapify(heads)
    while heads:
        count, clip, place = heapq.heappop(heads)
        yield clip
        queue = queues[clip.owner_id]
        if place + 1 < len(queue):
            heapq.heappush(heads, (count + 1, queue[place + 1], place + 1))


def line(arrivals):
    return [
        Waiting(TIME + second * SECOND, f"clip{number:03}", f"owner{owner}")
        for number, (second, owner) in enumerate(arrivals)
    ]


@given(LINES, st.dictionaries(st.sampled_from([f"owner{n}" for n in range(6)]), st.integers(0, 9)))
def test_each_clip_has_one_turn_and_each_persons_come_in_their_order(arrivals, had):
    waiting = line(arrivals)
    order = list(in_turn(waiting, had))
    assert sorted(order) == sorted(waiting)
    for owner in {clip.owner_id for clip in waiting}:
        own = [clip for clip in order if clip.owner_id == owner]
        assert own == sorted(own)


@given(LINES)
def test_nobody_gets_two_more_than_somebody_who_still_waits(arrivals):
    waiting = line(arrivals)
    left, got = Counter(clip.owner_id for clip in waiting), Counter()
    for clip in in_turn(waiting, {}):
        left[clip.owner_id] -= 1
        got[clip.owner_id] += 1
        still_waiting = [owner for owner, clips in left.items() if clips]
        assert all(got[clip.owner_id] - got[owner] <= 1 for owner in still_waiting)


def test_nobody_starves_however_many_new_people_come(runtime, now):
    """One worker, a minute a clip, and somebody new every minute: Ada's second clip gets made.

    It waits until what she had is an hour old; from then on only older clips come before it.
    """
    with runtime.transaction() as session:
        ada = factories.make_user(session, now)
        first, second = send(session, ada, now, chapters=2)
    order = []
    for minute in range(70):
        at = now + timedelta(minutes=minute)
        if minute:
            with runtime.transaction() as session:
                send(session, factories.make_user(session, at, name=f"P{minute}"), at)
        held = take(runtime, at)
        order.append(held.target_id)
        finish(runtime, held, at)
    ours = {first, second}
    minutes = [minute for minute, clip in enumerate(order) if clip in ours]
    assert len(minutes) == 2
    assert minutes[1] <= LATELY / timedelta(minutes=1) + 1


@pytest.mark.both_databases
def test_a_killed_worker_frees_what_it_had_whatever_rang(runtime, now):
    with runtime.transaction() as session:
        send(session, factories.make_user(session, now), now, chapters=2)
    mine = take(runtime, now, worker="a:1")
    others = take(runtime, now, worker="a:2")
    with runtime.transaction() as session:
        leases.release(session, "a:1", now)
    again = take(runtime, now, worker="a:2")
    assert (again.target_id, again.attempt) == (mine.target_id, 2)
    with runtime.reading() as session:
        assert session.get_one(Clip, others.target_id).attempt == 1
        assert session.query(Job).count() == 2
