"""Everybody at every address of a film, in every state it may be in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from cvtube.accounts.models import User
from cvtube.app import create_app
from cvtube.videos import lifecycle
from cvtube.videos.models import Chapter, Clip, TranscriptCue, Video
from tests import factories
from tests.browse.media import LANDSCAPE
from tests.personas import NAMES

PARTS = (
    "master.m3u8", "h264-720.m3u8", "audio.m3u8", "captions.fr.vtt", "chapters.vtt",
    "storyboard.vtt", "poster.jpg", "storyboard.jpg",
)  # fmt: skip
PROGRAM = {"Accept": "application/json"}
OWNER, STAFF, AUDIENCE = {"ada"}, {"ben", "adm"}, {"rae"}


@pytest.fixture
def film(people, runtime, now):
    """Ada's film of two parts, ready, for her eyes only."""
    with runtime.transaction() as session:
        video = factories.make_video(session, people.ada, now, chapter_titles=("Un", "Deux"))
        for chapter in video.chapters:
            clip = factories.make_ready_clip(session, chapter, now, owner=people.ada)
            session.add(
                TranscriptCue(
                    clip_id=clip.id, language="fr", start_ms=0, end_ms=900, text="Oui", shown=True
                )
            )
    return video


def admitted(people, video_id, *, cut):
    """Who gets an answer at each address below the film; the others must get a 404."""
    found = {}
    for name in NAMES:
        client = people.client(name)
        for part in PARTS:
            answer = client.get(f"/films/{video_id}/{cut}/{part}")
            assert answer.status_code in {200, 302, 404}, (name, part)
            if answer.status_code != 404:
                found.setdefault(part, set()).add(name)
    return found


def watching(people, video_id):
    return {
        name
        for name in NAMES
        if people.client(name).get(f"/films/{video_id}").status_code == 200
    }  # fmt: skip


def everywhere(*groups):
    names = set().union(*groups)
    return dict.fromkeys(PARTS, names) if names else {}


def act(runtime, verb, film, people, **words):
    with runtime.transaction() as session:
        actor = people.ada if verb in {lifecycle.publish, lifecycle.withdraw} else people.ben
        video = session.get_one(Video, film.id)
        verb(session, video, runtime.now(), actor=actor, **words)


def test_a_draft_is_its_owners_alone(people, film):
    assert admitted(people, film.id, cut="working") == everywhere(OWNER)
    assert admitted(people, film.id, cut="made") == everywhere(OWNER)
    assert admitted(people, film.id, cut="published") == {}
    assert watching(people, film.id) == set()


def test_a_film_that_waits_is_its_owners_and_the_moderators(people, runtime, film):
    act(runtime, lifecycle.publish, film, people)
    assert admitted(people, film.id, cut="working") == everywhere(OWNER, STAFF)
    assert admitted(people, film.id, cut="published") == {}
    assert watching(people, film.id) == set()


def test_an_approved_film_is_for_verified_recruiters_as_published(people, runtime, film):
    act(runtime, lifecycle.publish, film, people)
    act(runtime, lifecycle.approve, film, people)
    assert admitted(people, film.id, cut="published") == everywhere(OWNER, STAFF, AUDIENCE)
    assert admitted(people, film.id, cut="working") == everywhere(OWNER, STAFF)
    assert admitted(people, film.id, cut="made") == everywhere(OWNER, STAFF)
    assert watching(people, film.id) == OWNER | STAFF | AUDIENCE


def test_where_the_audience_is_everyone_it_is_for_everyone(people, runtime, film):
    act(runtime, lifecycle.publish, film, people)
    act(runtime, lifecycle.approve, film, people)
    people._app = create_app(
        replace(
            runtime, settings=runtime.settings.model_copy(update={"audience": "everyone"})
        )
    )  # fmt: skip
    assert admitted(people, film.id, cut="published") == everywhere(NAMES)
    assert admitted(people, film.id, cut="working") == everywhere(OWNER, STAFF)
    assert watching(people, film.id) == set(NAMES)


def test_a_film_taken_down_or_withdrawn_is_gone_with_the_next_request(people, runtime, film):
    act(runtime, lifecycle.publish, film, people)
    act(runtime, lifecycle.approve, film, people)
    rae = people.client("rae")
    assert rae.get(f"/films/{film.id}/published/master.m3u8").status_code == 200

    with runtime.transaction() as session:
        clip = session.scalars(select(Clip)).first()
        lifecycle.take_down(
            session, clip, runtime.now(), actor=people.ben, reason="scam", words="…"
        )
    for part in PARTS:
        assert rae.get(f"/films/{film.id}/published/{part}").status_code == 404
    assert rae.get(f"/films/{film.id}").status_code == 404

    act(runtime, lifecycle.withdraw, film, people)
    assert admitted(people, film.id, cut="working") == everywhere(OWNER)


def test_a_suspended_owners_film_is_gone(people, runtime, film):
    act(runtime, lifecycle.publish, film, people)
    act(runtime, lifecycle.approve, film, people)
    with runtime.transaction() as session:
        session.get_one(User, people.ada.id).suspended_at = runtime.now()
    assert admitted(people, film.id, cut="published") == everywhere(STAFF)


def test_strangers_cannot_tell_a_film_that_is_there_from_one_that_is_not(people, film):
    for name in set(NAMES) - {"ada"}:
        client = people.client(name)
        there, nowhere = (
            client.get(f"/films/{video_id}/working/master.m3u8", headers=PROGRAM)
            for video_id in (film.id, "0" * 26)
        )
        assert (there.status_code, there.data) == (nowhere.status_code, nowhere.data)
        there, nowhere = (client.get(f"/films/{video_id}") for video_id in (film.id, "0" * 26))
        assert there.status_code == nowhere.status_code
        if name == "nobody":
            assert there.status_code == 303
            assert there.location.startswith("/login")


@pytest.mark.parametrize(
    "path",
    [
        "working/h264-721.m3u8", "working/h264.m3u8", "working/x.m3u8", "working/captions.en.vtt",
        "working/captions.french.vtt", "draft/master.m3u8", "working/secret.mp4",
        "working/..%2f..%2fsecret_key",
    ],
)  # fmt: skip
def test_what_a_film_does_not_have_is_not_found(people, film, path):
    assert people.client("ada").get(f"/films/{film.id}/{path}").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_playlists_are_only_read(people, film, method):
    answer = getattr(people.client("ada"), method)(f"/films/{film.id}/working/master.m3u8")
    assert answer.status_code == 405


def test_answers_say_what_they_are_and_are_kept_nowhere(people, film):
    ada = people.client("ada")
    kinds = {
        "master.m3u8": "application/vnd.apple.mpegurl",
        "audio.m3u8": "application/vnd.apple.mpegurl",
        "captions.fr.vtt": "text/vtt; charset=utf-8",
    }
    for part, kind in kinds.items():
        answer = ada.get(f"/films/{film.id}/working/{part}")
        assert answer.content_type == kind
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert ada.head(f"/films/{film.id}/working/{part}").status_code == 200


def test_a_playlist_leads_whoever_holds_it_to_the_bytes_until_it_expires(
    people, runtime, shoot, client
):
    video = shoot(LANDSCAPE)
    text = people.client("rae").get(f"/films/{video.id}/published/audio.m3u8").text
    address = next(line for line in text.splitlines() if line.startswith("/objects/"))

    part = client.get(address, headers={"Range": "bytes=0-7"})
    assert (part.status_code, part.content_type) == (206, "video/mp4")
    assert part.data[4:8] == b"ftyp"
    assert part.headers["Cache-Control"] == "no-store"

    _, _, expires, signature, key = address.split("/", 4)
    assert client.get(f"/objects/{int(expires) + 1}/{signature}/{key}").status_code == 404
    assert client.get(f"/objects/{expires}/{signature[:-1]}/{key}").status_code == 404
    other = key.replace("audio.mp4", "large.mp4")
    assert client.get(f"/objects/{expires}/{signature}/{other}").status_code == 404
    assert client.get(f"/objects/{expires}/{signature}/{key}/..").status_code == 404


def test_the_working_cut_shows_the_next_take_and_the_published_one_the_approved(
    people, runtime, film
):
    act(runtime, lifecycle.publish, film, people)
    act(runtime, lifecycle.approve, film, people)
    with runtime.transaction() as session:
        chapter = session.get_one(Chapter, film.chapters[0].id)
        clip = factories.make_ready_clip(
            session, chapter, runtime.now(), owner=people.ada, duration_ms=4000
        )
        assert chapter.next_clip_id == clip.id
    ada = people.client("ada")
    published = ada.get(f"/films/{film.id}/published/audio.m3u8").text
    working = ada.get(f"/films/{film.id}/working/audio.m3u8").text
    assert clip.id in working
    assert clip.id not in published
    assert people.client("rae").get(f"/films/{film.id}/working/audio.m3u8").status_code == 404
