"""A film's link: for whoever has it, and no longer than its owner and the moderators let it."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from http import HTTPStatus
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from cvtube.accounts.models import User
from cvtube.app import create_app
from cvtube.browse import jobs
from cvtube.videos import lifecycle, queries
from cvtube.videos.models import Clip, TranscriptCue, Video, Visibility
from cvtube.web.security import limiter
from tests import factories
from tests.browse.media import LANDSCAPE
from tests.personas import NAMES

PARTS = (
    "master.m3u8", "h264-720.m3u8", "audio.m3u8", "captions.fr.vtt", "chapters.vtt",
    "storyboard.vtt", "poster.jpg", "storyboard.jpg",
)  # fmt: skip
PROGRAM = {"Accept": "application/json", "Accept-Language": "en"}
ENGLISH = {"Accept-Language": "en"}
UNKNOWN = "A" * 22


@pytest.fixture
def film(people, runtime, now):
    """Ada's approved film of two parts, for her link alone."""
    assert people.ben  # before any transaction of a test
    with runtime.transaction() as session:
        video = factories.make_video(
            session, people.ada, now, chapter_titles=("Un", "Deux"), occupation_code="J1505"
        )
        for chapter in video.chapters:
            clip = factories.make_ready_clip(session, chapter, now, owner=people.ada)
            cue = {"language": "fr", "start_ms": 0, "end_ms": 900, "text": "Oui", "shown": True}
            session.add(TranscriptCue(clip_id=clip.id, **cue))
        lifecycle.publish(session, video, now, actor=people.ada, audience=Visibility.PRIVATE_LINK)
        lifecycle.make_link(session, video, now, actor=people.ada)
        lifecycle.approve(session, video, now, actor=people.ben)
        return SimpleNamespace(id=video.id, key=video.link_key)


@pytest.fixture
def act(runtime, people, film):
    """Something happens to the film."""

    def act(verb, **words):
        with runtime.transaction() as session:
            verb(session, session.get_one(Video, film.id), runtime.now(), **words)

    return act


def addresses(key):
    return [f"/l/{key}", *(f"/l/{key}/{part}" for part in PARTS)]


def statuses(client, key):
    """What is answered at every address below the link."""
    return {client.get(path).status_code for path in addresses(key)}


# -- for whom --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*NAMES, "kim"])
def test_the_link_is_for_everybody_who_has_it(people, film, name):
    assert statuses(people.client(name), film.key) == {200, 302}


def test_only_moderators_find_the_way_to_the_review_page(people, runtime, film):
    """From wherever they watch a film that is online, in one click."""
    review = f'href="/moderation/films/{film.id}"'
    on_link = {name for name in NAMES if review in people.client(name).get(f"/l/{film.key}").text}
    assert on_link == {"ben", "adm"}
    with runtime.transaction() as session:
        video = session.get_one(Video, film.id)
        everybody = {"actor": people.ada, "audience": Visibility.RECRUITERS}
        lifecycle.change_audience(session, video, runtime.now(), **everybody)
    pages = {name: people.client(name).get(f"/films/{film.id}") for name in NAMES}
    assert pages["rae"].status_code == 200
    assert {name for name, page in pages.items() if review in page.text} == {"ben", "adm"}
    assert people.client("ben").get(f"/moderation/films/{film.id}").status_code == 200


def test_without_the_link_it_is_its_owners_and_the_moderators(people, film):
    welcome = {"ada", "ben", "adm"}
    for name in NAMES:
        client = people.client(name)
        for part in PARTS:
            answer = client.get(f"/films/{film.id}/published/{part}")
            assert (answer.status_code == 404) == (name not in welcome), (name, part)
        page = client.get(f"/films/{film.id}")
        assert (page.status_code == 200) == (name in welcome), name


@pytest.mark.parametrize("audience", ["recruiters", "everyone"])
def test_nobody_finds_a_film_that_is_for_its_link_alone(people, runtime, film, audience):
    jobs.index_video(film.id)
    jobs.index_changed()
    settings = runtime.settings.model_copy(update={"audience": audience})
    people._app = create_app(replace(runtime, settings=settings))
    for address in ("/", "/search", "/search?q=infirmier"):
        assert film.id not in people.client("rae").get(address).text


def test_a_link_shows_the_published_cut_and_nothing_that_is_not_approved(
    people, runtime, film, client
):
    with runtime.transaction() as session:
        video = queries.load_video(session, film.id)
        clip = factories.make_ready_clip(
            session, video.chapters[0], runtime.now(), owner=video.owner, duration_ms=4000
        )
    assert clip.id not in client.get(f"/l/{film.key}/audio.m3u8").text
    assert clip.id in people.client("ada").get(f"/films/{film.id}/working/audio.m3u8").text
    assert client.get(f"/l/{film.key}/working/audio.m3u8").status_code == 404


def test_a_film_for_recruiters_may_have_a_link_too(people, act, film, client):
    act(lifecycle.change_audience, actor=people.ada, audience=Visibility.RECRUITERS)
    assert statuses(client, film.key) == {200, 302}
    assert people.client("rae").get(f"/films/{film.id}").status_code == 200


# -- no longer -------------------------------------------------------------------------------


def withdrawn(session, people, now):
    lifecycle.withdraw(session, session.scalars(select(Video)).one(), now, actor=people.ada)


def renewed(session, people, now):
    lifecycle.make_link(session, session.scalars(select(Video)).one(), now, actor=people.ada)


def switched_off(session, people, now):
    video = session.scalars(select(Video)).one()
    lifecycle.switch_off_link(session, video, now, actor=people.ada)


def taken_down(session, people, now):
    clip = session.scalars(select(Clip)).first()
    lifecycle.take_down(session, clip, now, actor=people.ben, reason="scam", words="…")


def deleted(session, people, now):
    lifecycle.delete_video(session, session.scalars(select(Video)).one(), now, actor=people.ada)


def suspended(session, people, now):
    session.get_one(User, people.ada.id).suspended_at = now


def gone(session, people, now):
    session.get_one(User, people.ada.id).deleted_at = now


def paused(session, _people, now):
    session.execute(update(Video).values(paused_at=now))


def expired(session, _people, now):
    session.execute(update(Video).values(expires_at=now))


ENDS = [
    withdrawn, renewed, switched_off, taken_down, deleted, suspended, gone, paused, expired,
]  # fmt: skip


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_whatever_ends_it_ends_it_with_the_next_request(people, runtime, film, client, end):
    assert statuses(client, film.key) == {200, 302}
    with runtime.transaction() as session:
        end(session, people, runtime.now())
    assert statuses(client, film.key) == {404}
    for path in addresses(film.key):
        dead, unknown = (
            client.get(one, headers=PROGRAM) for one in (path, path.replace(film.key, UNKNOWN))
        )
        assert (dead.status_code, dead.data) == (unknown.status_code, unknown.data)


@pytest.fixture
def sent(people, runtime, now):
    """Ada's film of one part, which the moderators have not yet seen."""
    assert people.ben
    with runtime.transaction() as session:
        video = factories.make_video(session, people.ada, now)
        factories.make_ready_clip(session, video.chapters[0], now, owner=people.ada)
        lifecycle.publish(session, video, now, actor=people.ada, audience=Visibility.PRIVATE_LINK)
        lifecycle.make_link(session, video, now, actor=people.ada)
        return SimpleNamespace(id=video.id, key=video.link_key)


def codes(client, key):
    return {client.get(path, headers=PROGRAM).json["code"] for path in addresses(key)}


def decide(runtime, people, verdict):
    with runtime.transaction() as session:
        clip = session.scalars(select(Clip)).one()
        verdict(session, clip, runtime.now(), actor=people.ben, reason="scam", words="…")


def test_until_the_moderators_have_seen_it_the_link_says_come_back(people, runtime, client, sent):
    assert statuses(client, sent.key) == {404}
    assert codes(client, sent.key) == {"film_not_yet"}
    page = client.get(f"/l/{sent.key}", headers=ENGLISH).text
    assert "Please come back later." in page
    assert "Ada" not in page
    # Asked to redo a part, she is at work, and nobody else is told so.
    decide(runtime, people, lifecycle.ask_for_changes)
    assert codes(client, sent.key) == {"film_not_yet"}


def test_of_a_refused_film_the_link_promises_nothing(people, runtime, client, sent):
    decide(runtime, people, lifecycle.reject)
    assert codes(client, sent.key) == {"not_found"}


@pytest.mark.parametrize(
    "end", [withdrawn, renewed, switched_off, deleted, suspended, gone, paused, expired],
    ids=lambda end: end.__name__,
)  # fmt: skip
def test_nor_does_it_once_anything_else_is_in_the_way(people, runtime, client, sent, end):
    with runtime.transaction() as session:
        end(session, people, runtime.now())
    assert codes(client, sent.key) == {"not_found"}


def test_a_taken_back_yes_switches_the_link_off(people, film, client):
    owner = people.client("ada")
    owner.post(f"/my-films/{film.id}/publication", data={"to": "recruiters", "consent": [
        "show", "link", "moderate", "alone", "discreet"]})  # fmt: skip
    key = re.search(r"/l/([\w-]{22})", owner.get(f"/studio/films/{film.id}/link").text)[1]
    assert client.get(f"/l/{key}").status_code == 200
    owner.post(f"/studio/films/{film.id}/consents/link/withdrawal")
    assert client.get(f"/l/{key}").status_code == 404
    assert people.client("rae").get(f"/films/{film.id}").status_code == 200


# -- the page --------------------------------------------------------------------------------


def test_the_page_is_the_film_and_nothing_else(film, client):
    page = client.get(f"/l/{film.key}", headers=ENGLISH).text
    for word in ("Ada", "nurse", "Un", "Deux", "Oui"):
        assert word in page
    for stranger in ("/search", "Similar videos", "/login", "<form", "csrf-token", "/films/"):
        assert stranger not in re.sub(r"/objects/\S+", "", page), stranger
    assert '<meta name="robots" content="noindex, nofollow">' in page
    moments = re.findall(rf'href="/l/{film.key}\?t=(\d+)"', page)
    assert moments == ["12", "12"]  # the second part, and what is said in it
    assert 'data-start="13"' in client.get(f"/l/{film.key}?t=13").text
    assert client.get(f"/l/{film.key}?t=99999").status_code == 200


def test_it_is_kept_nowhere_and_says_nothing_of_itself_elsewhere(film, client):
    for path in addresses(film.key):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "Set-Cookie" not in headers
    assert client.get(f"/l/{film.key}").headers["Referrer-Policy"] == "no-referrer"


def test_playlists_and_tracks_carry_the_link_and_lead_to_the_bytes(runtime, people, shoot, client):
    video = shoot(LANDSCAPE)
    with runtime.transaction() as session:
        film = session.get_one(Video, video.id)
        lifecycle.make_link(session, film, runtime.now(), actor=people.ada)
        key = film.link_key
    page = client.get(f"/l/{key}").text
    assert f'data-source="/l/{key}/master.m3u8"' in page
    assert f'src="/l/{key}/chapters.vtt"' in page
    assert f'src="/l/{key}/storyboard.vtt"' in page
    master = client.get(f"/l/{key}/master.m3u8").text
    assert "audio.m3u8" in master  # beside it, so below the link
    text = client.get(f"/l/{key}/audio.m3u8").text
    address = next(line for line in text.splitlines() if line.startswith("/objects/"))
    assert key not in address
    part = client.get(address, headers={"Range": "bytes=0-7"})
    assert (part.status_code, part.data[4:8]) == (206, b"ftyp")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_is_only_read(film, client, method):
    for path in addresses(film.key):
        assert getattr(client, method)(path).status_code == 405


def test_a_link_with_a_nul_in_it_is_a_bad_request(client):
    assert client.get("/l/%00").status_code == 400


# -- guessing, and what is written down ------------------------------------------------------


@pytest.fixture
def counting(people, runtime, monkeypatch):
    """A site that counts, after the people's own one does not."""
    monkeypatch.setattr(limiter, "enabled", True)
    monkeypatch.setattr(limiter, "_storage_dead", False)
    return create_app(runtime)


def test_guesses_of_a_network_are_counted_and_viewers_are_not(counting, film):
    client = counting.test_client()
    elsewhere = {"REMOTE_ADDR": "203.0.113.77"}
    for _ in range(70):
        assert client.get(f"/l/{film.key}/chapters.vtt").status_code == 200
    guesses = [
        client.get(f"/l/{number:022d}{part}", headers=PROGRAM).status_code
        for number in range(31)
        for part in ("", "/master.m3u8")
    ]
    assert guesses == [404] * 60 + [429] * 2
    # Whoever guesses learns no more, not even of a right one; others go on watching.
    assert client.get(f"/l/{film.key}").status_code == 429
    assert client.get(f"/l/{film.key}", environ_overrides=elsewhere).status_code == 200


def test_no_key_is_written_down(counting, people, runtime, film, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    owner, stranger = people.client("ada"), counting.test_client()
    owner.get(f"/studio/films/{film.id}/link")
    keys = [film.key]
    for _ in range(2):
        owner.post(f"/studio/films/{film.id}/link", data={"consent": "link"})
        with runtime.reading() as session:
            keys.append(session.get_one(Video, film.id).link_key)
    for key in keys:
        for path in addresses(key):
            stranger.get(path)
    for _ in range(80):
        stranger.get(f"/l/{keys[0]}")

    def broken(*_):
        raise RuntimeError(keys[-1])

    counting.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(queries, "film_of_link", broken)
    answer = counting.test_client().get(
        f"/l/{keys[-1]}", environ_overrides={"REMOTE_ADDR": "203.0.113.78"}
    )
    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    spoken = [
        record.getMessage()
        for record in caplog.records
        if record.levelno > logging.DEBUG or not record.name.startswith("cvtube")
    ]
    assert len(set(keys)) == 3
    assert [line for line in spoken for key in keys if key in line] == []
