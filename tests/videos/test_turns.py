"""Whose turn it is: fair, the same in SQL and in Python, and nobody waits for ever."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtube.videos import exports, lifecycle, queries, reencoding, turns, work
from cvtube.videos.books import Kind
from cvtube.videos.models import Clip, OriginalChunk
from cvtube.videos.orders import Reencode
from cvtube.videos.turns import LATELY, Waiting
from tests import factories
from tests.factories import LEASE

SECOND = timedelta(seconds=1)


def send(session, owner, now, chapters=1):
    """A film whose every part has just arrived; ids of its clips."""
    video = factories.make_video(session, owner, now, chapter_titles=[""] * chapters)
    clips = [lifecycle.start_clip(session, c, now, actor=owner) for c in video.chapters]
    for clip in clips:
        lifecycle.complete_upload(session, clip.id, 1, now)
    return [clip.id for clip in clips]


def take(runtime, now, **options):
    with runtime.transaction() as session:
        return work.claim_next(session, now, lease=LEASE, max_tries=4, **options)


def finish(runtime, held, now):
    with runtime.transaction() as session:
        made = work.Made(1000, 640, 360, factories.make_assets(held, 1000))
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
        taken.append(held.clip_id)
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
    assert sorted(claim.clip_id for claim in held[:4]) == sorted(clips)


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
    assert take(runtime, later).clip_id == older


@pytest.mark.both_databases
def test_first_a_film_as_one_file_then_new_films_and_then_what_is_made_again(runtime, now):
    with runtime.transaction() as session:
        ada = factories.make_user(session, now)
        video = factories.make_video(session, ada, now)
        ready = factories.make_ready_clip(session, video.chapters[0], now, owner=ada)
        session.add(OriginalChunk(key="k", clip_id=ready.id, start=0, size=1))
        session.flush()
        reencoding.order(session, Clip.id == ready.id, now)
        (new,) = send(session, ada, now + SECOND)
        session.expire_all()
        exports.order(session, queries.load_video(session, video.id), now + 2 * SECOND)
    taken = [take(runtime, now + 3 * SECOND) for _ in range(4)]
    assert [(held.kind, held.subject_id) for held in taken[:3]] == [
        (Kind.FILE, video.id), (Kind.NEW, new), (Kind.AGAIN, ready.id),
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
        assert reencoding.order(session, Clip.id == Clip.id, now).ordered == 3
    assert take(runtime, now, again_at_once=0) is None
    assert take(runtime, now, again_at_once=2).kind is Kind.AGAIN
    second = take(runtime, now, again_at_once=2)
    assert take(runtime, now, again_at_once=2) is None
    with runtime.transaction() as session:
        assert reencoding.fail(session, second, "original_gone", now)
    assert take(runtime, now, again_at_once=2) is not None


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
            claimed.append(held.clip_id)

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
        told = [
            clip.clip_id for clip in turns.order(turns.waiting(session, at), turns.had(session, at))
        ]
    assert len(told) == 7
    assert [take(runtime, at).clip_id for _ in told] == told


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
        assert turns.seconds_behind(session, 0, at) == 0  # workers are free
    busy = [take(runtime, at) for _ in range(2)]
    assert {held.clip_id for held in busy} == {clips[2], clips[3]}
    with runtime.reading() as session:
        waits = [turns.seconds_behind(session, place, at) for place in range(2)]
        assert waits == [15, 45]  # 60 s a clip, two hands, half done on the average


# -- properties of the order, without a database -----------------------------------------------

TIME = datetime(2026, 3, 2, tzinfo=UTC)
LINES = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 5)), max_size=40
)  # second of arrival, owner


def line(arrivals):
    return [
        Waiting(TIME + second * SECOND, f"clip{number:03}", f"owner{owner}")
        for number, (second, owner) in enumerate(arrivals)
    ]


@given(LINES, st.dictionaries(st.sampled_from([f"owner{n}" for n in range(6)]), st.integers(0, 9)))
def test_each_clip_has_one_turn_and_each_persons_come_in_their_order(arrivals, had):
    waiting = line(arrivals)
    order = list(turns.order(waiting, had))
    assert sorted(order) == sorted(waiting)
    for owner in {clip.owner_id for clip in waiting}:
        own = [clip for clip in order if clip.owner_id == owner]
        assert own == sorted(own)


@given(LINES)
def test_nobody_gets_two_more_than_somebody_who_still_waits(arrivals):
    waiting = line(arrivals)
    left, got = Counter(clip.owner_id for clip in waiting), Counter()
    for clip in turns.order(waiting, {}):
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
        order.append(held.clip_id)
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
        work.release_leases(session, "a:1", now)
    again = take(runtime, now, worker="a:2")
    assert (again.clip_id, again.attempt) == (mine.clip_id, 2)
    with runtime.reading() as session:
        assert session.get_one(Clip, others.clip_id).attempt == 1
        assert session.query(Reencode).count() == 0
