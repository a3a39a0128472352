"""Staff who open what recruiters cannot see leave a line in the log; nobody else does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from cvtube.videos import lifecycle, queries
from cvtube.videos.models import TranscriptCue, VideoEvent, Visibility
from tests import factories

HIDDEN = {
    "paused": lambda video, now: setattr(video, "paused_at", now),
    "expired": lambda video, now: setattr(video, "expires_at", now - timedelta(days=1)),
    "by link alone": lambda video, _: setattr(video, "visibility", Visibility.PRIVATE_LINK),
    "its owner suspended": lambda video, now: setattr(video.owner, "suspended_at", now),
}
PATHS = (
    "/films/{}",
    "/films/{}/published/master.m3u8",
    "/films/{}/working/audio.m3u8",
    "/films/{}/published/captions.fr.vtt",
    "/moderation/films/{}",
)


@pytest.fixture
def film(people, runtime, now):
    """Ada's film, online."""
    ada, ben = people.ada, people.ben
    with runtime.transaction() as session:
        video = factories.make_video(session, ada, now, occupation_code="G1602")
        clip = factories.make_ready_clip(session, video.chapters[0], now, owner=ada)
        line = {"start_ms": 0, "end_ms": 900, "text": "Bonjour", "shown": True}
        session.add(TranscriptCue(clip_id=clip.id, language="fr", **line))
        lifecycle.publish(session, video, now, actor=ada)
        lifecycle.approve(session, video, now, actor=ben)
    return video


def hide(runtime, film, how):
    with runtime.transaction() as session:
        HIDDEN[how](queries.load_video(session, film.id), runtime.now())


def written(runtime, film):
    """Who opened it, in order."""
    wanted = select(VideoEvent.actor_id).where(
        VideoEvent.video_id == film.id, VideoEvent.verb == "opened_unseen"
    )
    with runtime.reading() as session:
        return list(session.scalars(wanted.order_by(VideoEvent.at, VideoEvent.id)))


def opened(people, name, path, film):
    return people.client(name).get(path.format(film.id)).status_code


@pytest.mark.both_databases
@pytest.mark.parametrize("how", HIDDEN)
def test_what_staff_open_while_recruiters_cannot_is_in_the_log_once_an_hour(
    runtime, people, film, clock, how
):
    hide(runtime, film, how)
    for _ in range(2):
        for name in ("ben", "adm"):
            assert opened(people, name, "/films/{}", film) == 200
    assert sorted(written(runtime, film)) == sorted([people.ben.id, people.adm.id])
    clock.advance(minutes=61)
    assert opened(people, "ben", "/films/{}", film) == 200
    assert written(runtime, film)[2:] == [people.ben.id]


@pytest.mark.parametrize("path", PATHS)
def test_there_is_no_way_around_the_log(runtime, people, film, path):
    hide(runtime, film, "paused")
    assert opened(people, "ben", path, film) == 200
    assert written(runtime, film) == [people.ben.id]


def test_what_recruiters_see_too_is_not_in_the_log(runtime, people, film):
    for path in PATHS:
        assert opened(people, "ben", path, film) == 200
    assert written(runtime, film) == []


def test_nobody_else_is_in_the_log(runtime, people, film):
    hide(runtime, film, "paused")
    assert opened(people, "ada", "/films/{}", film) == 200
    for name in ("rae", "cy", "kim", "nobody"):
        assert opened(people, name, "/films/{}", film) != 200
    assert written(runtime, film) == []


def test_what_waits_for_moderators_is_their_work(runtime, people, now):
    ada = people.ada
    with runtime.transaction() as session:
        video = factories.make_video(session, ada, now)
        factories.make_ready_clip(session, video.chapters[0], now, owner=ada)
        lifecycle.publish(session, video, now, actor=ada)
    assert opened(people, "ben", "/moderation/films/{}", video) == 200
    assert opened(people, "ben", "/films/{}/working/master.m3u8", video) == 200
    assert written(runtime, video) == []


def test_administrators_read_it_in_words(runtime, people, film):
    hide(runtime, film, "paused")
    opened(people, "ben", "/films/{}", film)
    adm = people.client("adm")
    for path in ("/moderation/events", f"/moderation/films/{film.id}/events"):
        english = adm.get(path, headers={"Accept-Language": "en"}).text
        assert "Ben Test opened the video while recruiters could not see it." in english
