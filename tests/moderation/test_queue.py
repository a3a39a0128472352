"""Who waits longest is looked at first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from cvtube.db import keyset
from cvtube.moderation import locks, queue
from cvtube.moderation.jobs import forget_old_decisions
from cvtube.moderation.models import PassedVideo
from cvtube.videos import lifecycle, queries
from cvtube.videos.models import Clip, Visibility
from cvtube.videos.sentences import Sentence

pytestmark = pytest.mark.both_databases

PROMISE = timedelta(hours=24)


def ids(runtime, who, **options):
    with runtime.reading() as session:
        page = queue.waiting(session, who, runtime.now(), promise=PROMISE, **options)
        return [film.video_id for film in page.rows]


def take_next(runtime, who):
    with runtime.transaction() as session:
        return queue.take_next(session, who, runtime.now())


@pytest.fixture
def three(studio, people, clock):
    """Three films, sent an hour after each other."""
    films = []
    for owner in (people.ada, people.cy, people.ada):
        films.append(studio.sent(owner))
        clock.advance(hours=1)
    return films


def test_the_oldest_comes_first_with_its_promised_time(runtime, people, three, clock):
    with runtime.reading() as session:
        page = queue.waiting(session, people.ben, runtime.now(), promise=PROMISE)
        assert queue.how_many(session, people.ben) == 3
    assert [film.video_id for film in page.rows] == [film.id for film in three]
    assert page.next is None
    first = page.rows[0]
    assert (first.parts, first.duration_ms, first.job.code) == (1, 12_000, "G1602")
    assert clock() - first.since == timedelta(hours=3)
    assert first.promised == first.since + PROMISE


def test_a_moderator_sees_to_whom_a_film_is_to_be_shown(runtime, people, studio):
    by_link, found = studio.sent(audience=Visibility.PRIVATE_LINK), studio.sent(people.cy)
    client = people.client("ben")
    page = client.get("/moderation", headers={"Accept-Language": "en"}).text
    assert page.count("by link only") == page.count("for recruiters") == 1
    page = client.get(f"/moderation/films/{by_link.id}", headers={"Accept-Language": "en"}).text
    assert "by link only" in page
    with runtime.transaction() as session:
        video = queries.load_video(session, found.id)
        lifecycle.make_link(session, video, runtime.now(), actor=people.cy)
        key = video.link_key
    for address in ("/moderation", f"/moderation/films/{found.id}"):
        page = client.get(address, headers={"Accept-Language": "en"}).text
        assert "for recruiters, and by link" in page
        assert key not in page


def test_the_oldest_part_that_waits_counts(runtime, people, studio, three, clock):
    _ = people.ben
    with runtime.transaction() as session:
        video = queries.load_video(session, three[0].id)
        lifecycle.approve(session, video, clock(), actor=people.ben)
    studio.retake(three[0])
    assert ids(runtime, people.ben) == [three[1].id, three[2].id, three[0].id]


def test_pages_put_together_are_the_queue(runtime, people, three):
    shown, after = [], None
    while True:
        with runtime.reading() as session:
            page = queue.waiting(
                session, people.ben, runtime.now(), promise=PROMISE, after=after, size=2
            )
        shown += [film.video_id for film in page.rows]
        if page.next is None:
            break
        after = keyset.decode_position(page.next)
    assert shown == [film.id for film in three]


def test_films_that_are_not_sent_withdrawn_deleted_or_decided_do_not_wait(
    runtime, people, studio, three, now
):
    _ = people.ben
    with runtime.transaction() as session:
        films = [queries.load_video(session, film.id) for film in three]
        lifecycle.withdraw(session, films[0], now, actor=people.ada)
        lifecycle.delete_video(session, films[1], now, actor=people.cy)
        lifecycle.approve(session, films[2], now, actor=people.ben)
    assert ids(runtime, people.ben) == []
    assert take_next(runtime, people.ben) is None


def suspend(runtime, user, now):
    with runtime.transaction() as session:
        session.merge(user).suspended_at = now


def test_films_of_a_suspended_account_wait_until_it_is_reopened(
    runtime, people, studio, three, now
):
    suspend(runtime, people.ada, now)
    assert ids(runtime, people.ben) == [three[1].id]
    with runtime.reading() as session:
        assert queue.how_many(session, people.ben) == 1
        assert not queue.still_waits(session, three[0].id)
    assert take_next(runtime, people.ben) == take_next(runtime, people.ben) == three[1].id
    suspend(runtime, people.ada, None)
    assert ids(runtime, people.ben) == [film.id for film in three]


def test_nothing_is_decided_about_a_suspended_account_but_what_is_online(
    people, studio, runtime, now
):
    waiting, online = studio.sent(), studio.approved()
    suspend(runtime, people.ada, now)
    ben = people.client("ben")
    address = f"/moderation/films/{waiting.id}"
    page = ben.get(address).text
    assert "Ce compte est suspendu." in page
    assert "/approval" not in page
    late = ben.post(f"{address}/approval", data={"clip": waiting.clips})
    assert (late.status_code, "owner_suspended" in late.text) == (409, True)
    ruling = {"reason": "dark", "words": "At 0:03."}
    for verb, path in (("asked_for_changes", "changes"), ("taken_down", "removal")):
        film = online if path == "removal" else waiting
        fields = {"clip": film.clips[0], **ruling}
        sent = {f"{verb}-{name}": value for name, value in fields.items()}
        answer = ben.post(f"/moderation/films/{film.id}/{path}", data=sent)
        assert answer.status_code == (303 if path == "removal" else 409)


def test_captions_and_recruiters_of_a_suspended_account_wait_as_well(people, studio, runtime, now):
    film = studio.approved()
    with runtime.transaction() as session:
        clip = session.get_one(Clip, film.clips[0])
        said = [Sentence(0, 900, "Bonjour")]
        version = lifecycle.save_captions(session, clip, said, language="fr", version=0)
        lifecycle.confirm_captions(session, clip, now, actor=people.ada, version=version)
    ben = people.client("ben")
    caption_card, uma = "captions-waiting", people.uma
    assert caption_card in ben.get("/moderation").text
    assert "Uma &amp; Co" in ben.get("/moderation/recruiters").text
    suspend(runtime, people.ada, now)
    suspend(runtime, uma, now)
    assert caption_card not in ben.get("/moderation").text
    assert "Uma &amp; Co" not in ben.get("/moderation/recruiters").text


def test_a_moderators_own_film_is_for_somebody_else(runtime, people, studio):
    own = studio.sent(people.ben)
    assert ids(runtime, people.ben) == []
    assert take_next(runtime, people.ben) is None
    assert ids(runtime, people.mo) == [own.id]


def test_next_is_the_oldest_that_nobody_has(runtime, people, three, clock):
    assert take_next(runtime, people.ben) == three[0].id
    assert take_next(runtime, people.mo) == three[1].id
    assert take_next(runtime, people.ben) == three[2].id  # and lets the first one go
    assert take_next(runtime, people.mo) == three[0].id
    with runtime.reading() as session:
        page = queue.waiting(session, people.ben, runtime.now(), promise=PROMISE)
    assert [film.held_by for film in page.rows] == [people.mo.id, None, people.ben.id]
    clock.advance(minutes=16)
    assert take_next(runtime, people.ben) == three[1].id  # which Ben has not seen yet


@pytest.fixture
def six(studio, people, clock):
    """Six films, sent a minute after each other."""
    films = []
    for number in range(6):
        films.append(studio.sent((people.ada, people.cy)[number % 2]).id)
        clock.advance(minutes=1)
    return films


def next_of(client, page=None):
    """Where N leads, pressed on the page of a film or in the queue."""
    sent = {"passed": page} if page else {}
    return client.post("/moderation/next", data=sent).location.rpartition("/")[2]


def test_next_goes_through_all_that_wait_before_it_comes_back(people, six, clock):
    ben, seen = people.client("ben"), []
    for _ in range(13):
        seen.append(next_of(ben, page=seen[-1] if seen else None))
        clock.advance(seconds=20)
    assert seen == [*six, *six, six[0]]


def test_what_one_moderator_has_passed_comes_first_for_another(people, six):
    ben, mo = people.client("ben"), people.client("mo")
    assert [next_of(ben), next_of(ben), next_of(ben)] == six[:3]
    assert [next_of(mo), next_of(mo)] == six[:2]


def test_a_film_that_was_only_looked_at_is_passed_too(people, six):
    """Opened by its address and not reserved, or for so long that it is nobody's any more."""
    assert next_of(people.client("ben"), page=six[0]) == six[1]


def test_a_film_that_is_released_is_passed(people, six):
    ben = people.client("ben")
    assert next_of(ben) == six[0]
    ben.post(f"/moderation/films/{six[0]}/release")
    assert next_of(ben) == six[1]


def test_what_comes_new_is_before_what_was_passed(people, six, studio, clock):
    ben = people.client("ben")
    for film in six:
        assert next_of(ben) == film
        clock.advance(minutes=1)
    new = studio.sent().id
    assert next_of(ben) == new
    assert next_of(ben) == six[0]


def test_a_part_that_is_sent_later_makes_a_passed_film_new(runtime, people, studio, clock):
    first = studio.sent(titles=("Hello", "Proof"))
    clock.advance(minutes=1)
    second = studio.sent(people.cy)
    ben = people.client("ben")
    assert [next_of(ben), next_of(ben)] == [first.id, second.id]
    clock.advance(minutes=1)
    studio.retake(first)
    assert next_of(ben) == first.id


def test_passing_is_forgotten_after_a_week(runtime, people, six, clock):
    ben = people.client("ben")
    assert next_of(ben) == six[0]
    assert next_of(ben) == six[1]
    clock.advance(days=8)
    forget_old_decisions()
    with runtime.reading() as session:
        assert session.scalars(select(PassedVideo)).all() == []
    assert next_of(people.client("ben")) == six[0]


def test_a_page_that_names_nothing_that_waits_passes_nothing(runtime, people, six):
    ben = people.client("ben")
    for junk in ("x" * 5000, "0" * 26, "\x00"):
        assert next_of(ben, page=junk) in six
    with runtime.reading() as session:
        passed = session.scalars(select(PassedVideo.video_id)).all()
    assert sorted(passed) == sorted(six[:2])  # those that were reserved


def test_when_all_others_are_taken_next_stays_where_one_is(runtime, people, studio):
    film = studio.sent()
    assert take_next(runtime, people.ben) == film.id
    assert take_next(runtime, people.ben) == film.id
    assert take_next(runtime, people.mo) is None


def test_a_film_taken_at_the_same_moment_by_another_is_passed_over(
    runtime, people, three, monkeypatch
):
    real = locks.take
    tried = []

    def faster(session, video_id, who, now):
        if not tried:  # Mo takes the first film between Ben's look and his grasp
            tried.append(video_id)
            real(session, video_id, people.mo, now)
        return real(session, video_id, who, now)

    monkeypatch.setattr(locks, "take", faster)
    assert take_next(runtime, people.ben) == three[1].id
    assert tried == [three[0].id]
