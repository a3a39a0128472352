"""One film, one moderator, for a while."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, update

from cvtube.accounts.models import Role, User
from cvtube.errors import Refused
from cvtube.moderation import locks
from cvtube.videos import lifecycle, queries
from cvtube.videos.models import Video

pytestmark = pytest.mark.both_databases

DAY = datetime(2026, 3, 1, tzinfo=UTC)


def take(runtime, film, who):
    with runtime.transaction() as session:
        return locks.take(session, film.id, who, runtime.now())


def holder(runtime, film):
    with runtime.reading() as session:
        lock = locks.held(session, film.id, runtime.now())
        return lock.moderator_id if lock else None


def test_a_film_is_one_moderators_for_a_quarter_of_an_hour(runtime, people, studio, clock):
    film = studio.sent()
    assert take(runtime, film, people.ben) == clock() + locks.HELD
    with pytest.raises(Refused, match="under_review"):
        take(runtime, film, people.mo)
    clock.advance(minutes=14)
    with pytest.raises(Refused, match="under_review"):
        take(runtime, film, people.mo)
    clock.advance(minutes=1)
    assert holder(runtime, film) is None
    take(runtime, film, people.mo)
    assert holder(runtime, film) == people.mo.id


def test_who_is_still_there_keeps_it(runtime, people, studio, clock):
    film = studio.sent()
    for _ in range(3):
        take(runtime, film, people.ben)
        clock.advance(minutes=10)
    assert holder(runtime, film) == people.ben.id


def test_a_clock_that_is_set_back_makes_it_nobodys(runtime, people, studio, clock):
    film = studio.sent()
    take(runtime, film, people.ben)
    clock.advance(minutes=-1)  # two web servers' clocks may differ
    assert holder(runtime, film) == people.ben.id
    clock.advance(hours=-1)
    assert holder(runtime, film) is None
    take(runtime, film, people.mo)
    assert holder(runtime, film) == people.mo.id


def test_who_takes_another_film_lets_the_first_one_go(runtime, people, studio):
    first, second = studio.sent(), studio.sent(people.cy)
    take(runtime, first, people.ben)
    take(runtime, second, people.ben)
    assert (holder(runtime, first), holder(runtime, second)) == (None, people.ben.id)


def test_giving_back_is_for_who_has_it(runtime, people, studio):
    film = studio.sent()
    take(runtime, film, people.ben)
    other = people.mo
    with runtime.transaction() as session:
        locks.release(session, film.id, other)
    assert holder(runtime, film) == people.ben.id
    with runtime.transaction() as session:
        locks.release(session, film.id, people.ben)
    assert holder(runtime, film) is None


@pytest.mark.parametrize(
    "change", [{"suspended_at": DAY}, {"deleted_at": DAY}, {"role": Role.ADVISER}]
)
def test_who_is_no_moderator_any_more_has_no_film(runtime, people, studio, change):
    film = studio.sent()
    take(runtime, film, people.ben)
    with runtime.transaction() as session:
        session.execute(update(User).where(User.id == people.ben.id).values(**change))
    assert holder(runtime, film) is None
    take(runtime, film, people.mo)
    assert holder(runtime, film) == people.mo.id


def test_of_two_who_reach_for_it_at_once_one_gets_it(runtime, people, studio):
    film = studio.sent()
    reaching = [people.ben, people.mo]
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def reach(who):
        barrier.wait(timeout=20)
        try:
            take(runtime, film, who)
            outcomes.append("taken")
        except Refused as refused:
            outcomes.append(refused.code)

    threads = [threading.Thread(target=reach, args=(who,)) for who in reaching]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["taken", "under_review"]


def test_a_purged_film_takes_its_lock_along(runtime, people, studio, now):
    film = studio.sent()
    take(runtime, film, people.ben)
    with runtime.transaction() as session:
        video = queries.load_video(session, film.id)
        lifecycle.delete_video(session, video, now, actor=people.ada)
    with runtime.transaction() as session:
        session.execute(delete(Video).where(Video.id == film.id))
    assert holder(runtime, film) is None
