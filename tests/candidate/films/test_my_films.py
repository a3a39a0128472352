"""My films: the big button goes on with the film in the making, and so does its card."""

from __future__ import annotations

import re

import pytest

from cvtube.videos import lifecycle, queries
from tests import factories


@pytest.fixture
def browser(people):
    made = people.client("ada")
    made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return made


@pytest.fixture
def films(runtime, people, now):
    """Makes films for Ada, whose parts are ready or empty."""

    def make(*parts, topic="hello"):
        with runtime.transaction() as session:
            ada = session.merge(people.ada)
            titles, topics = [""] * len(parts), [topic] * len(parts)
            video = lifecycle.start_video(
                session, ada, runtime.now(), chapter_titles=titles, topics=topics
            )
            for chapter, ready in zip(video.chapters, parts, strict=True):
                if ready:
                    factories.make_ready_clip(session, chapter, now, owner=ada)
            return video.id

    return make


def first_button(page):
    """Where the big green button leads, and its words."""
    _, main = page.split("<main", 1)
    found = re.search(
        r'<(?:a|button) class="button big"[^>]*?(?:href="([^"]+)")?>.*?</svg>', main, re.DOTALL
    )
    return found[1], main[found.end() :].split("</", 1)[0].strip()


def ways(page):
    return re.findall(r'class="my-film-way">.*?</svg>([^<]+)</span>', page, re.DOTALL)


def publish(runtime, people, film, *, approved=True):
    with runtime.transaction() as session:
        video = queries.load_video(session, film)
        lifecycle.publish(session, video, runtime.now(), actor=session.merge(people.ada))
        if approved:
            lifecycle.approve(session, video, runtime.now(), actor=session.merge(people.ben))


def test_the_big_button_goes_on_with_the_film_in_the_making(browser, films):
    film = films(True, False)
    page = browser.get("/my-films").text
    assert first_button(page) == (f"/studio/films/{film}", "Continue my video")
    assert ways(page) == ["Continue"]
    assert "1 of 2 filmed" in page
    assert "<h2>A new video</h2>" in page
    assert page.index("Continue my video") < page.index("A new video")


def test_of_two_films_in_the_making_it_is_the_one_that_was_worked_on_last(
    browser, films, clock, runtime, people
):
    older = films(True, False)
    clock.advance(minutes=1)
    newer = films(True, False)
    assert first_button(browser.get("/my-films").text)[0] == f"/studio/films/{newer}"
    clock.advance(minutes=1)
    with runtime.transaction() as session:
        chapter = queries.load_video(session, older).chapters[1]
        lifecycle.move_chapter(session, chapter, runtime.now(), actor=people.ada, places=-1)
    assert first_button(browser.get("/my-films").text)[0] == f"/studio/films/{older}"


def test_a_film_that_waits_for_its_moderators_or_is_hidden_is_not_in_the_making(
    browser, films, runtime, people
):
    assert people.ben
    film = films(True)
    assert first_button(browser.get("/my-films").text)[1] == "Continue my video"  # still to be sent
    publish(runtime, people, film, approved=False)
    page = browser.get("/my-films").text
    assert first_button(page)[1] == "Film part by part"
    assert ways(page) == ["Open this video"]
    assert "They will answer within 24 hours." in browser.get(f"/my-films/{film}").text
    with runtime.transaction() as session:
        video = queries.load_video(session, film)
        lifecycle.approve(session, video, runtime.now(), actor=session.merge(people.ben))
        lifecycle.withdraw(session, video, runtime.now(), actor=session.merge(people.ada))
    page = browser.get("/my-films").text
    assert first_button(page)[1] == "Film part by part"
    assert "Hidden" in page


def test_nobody_is_said_to_see_a_film_that_waits_or_was_refused(browser, films, runtime, people):
    assert people.ben
    waiting, again, refused, online = (films(True) for _ in range(4))
    for film in (waiting, again, refused):
        publish(runtime, people, film, approved=False)
    publish(runtime, people, online)
    verbs = ((again, lifecycle.ask_for_changes, "sound"), (refused, lifecycle.reject, "scam"))
    with runtime.transaction() as session:
        for film, verb, reason in verbs:
            clip = queries.load_video(session, film).chapters[0].live_clip
            verb(session, clip, runtime.now(), actor=people.ben, reason=reason, words="x")
    words = ("Once it is accepted: recruiters", "Recruiters can find it", "Make a link",
             "Hide my video")  # fmt: skip
    said = {}
    for film in (waiting, again, refused, online):
        page = browser.get(f"/my-films/{film}").text
        said[film] = [one in page for one in words]
    assert said == {
        waiting: [True, False, True, True],
        again: [True, False, True, False],
        refused: [False, False, False, False],
        online: [False, True, True, True],
    }


def test_a_part_to_be_filmed_again_is_gone_on_with_on_the_films_own_page(
    browser, films, runtime, people
):
    assert people.ben
    film = films(True)
    publish(runtime, people, film, approved=False)
    with runtime.transaction() as session:
        clip = queries.load_video(session, film).chapters[0].live_clip
        lifecycle.ask_for_changes(
            session, clip, runtime.now(), actor=people.ben, reason="sound", words=""
        )
    page = browser.get("/my-films").text
    assert first_button(page) == (f"/my-films/{film}", "Continue my video")
    page = browser.get(f"/my-films/{film}").text
    assert first_button(page)[1] == "Film this part again"
    assert page.count("button big") == 1
    assert "Send another video" not in page
