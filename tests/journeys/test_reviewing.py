"""A moderator watches a real film: it plays by itself, as fast as they like, under their keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from cvtube.videos import lifecycle
from cvtube.videos.models import Visibility
from tests import factories
from tests.browse import media
from tests.browse.conftest import clips  # noqa: F401 (fixtures)
from tests.browser import FILM, until

PLAY_AT_ONCE = "Lire tout de suite, à la vitesse 1,5×"


@pytest.fixture
def app(app):
    """With its protection against forged requests on, as in life."""
    app.config["WTF_CSRF_ENABLED"] = True
    return app


@pytest.fixture
def waiting(people, runtime, clips, clock):  # noqa: F811
    """Two films that wait for Ben, the first for longer."""
    films = []
    for person in (people.ada, people.cy):
        with runtime.transaction() as session:
            owner = session.merge(person)
            video = factories.make_video(session, owner, clock(), chapter_titles=[""])
            media.add_clip(
                session, runtime.storage, video.chapters[0], clock(),
                owner=owner, shape=media.LANDSCAPE, folder=clips["landscape"],
            )  # fmt: skip
            lifecycle.publish(session, video, clock(), actor=owner, audience=Visibility.RECRUITERS)
            films.append(video.id)
        clock.advance(minutes=1)
    return films


def test_a_review_plays_by_itself_where_its_moderator_wishes_so(open_as, waiting):
    page = open_as("ben", "/moderation")
    page.get_by_role("button", name="Vérifier le film suivant").click()
    page.wait_for_url(f"**/{waiting[0]}")
    until(page, f"{FILM}?.readyState >= 1")
    assert page.evaluate(f"{FILM}.paused")  # nobody has asked for it yet
    page.get_by_label(PLAY_AT_ONCE).check()

    page.keyboard.press("n")
    page.wait_for_url(f"**/{waiting[1]}")
    until(page, f"{FILM}?.currentTime > 0.2 && {FILM}.playbackRate === 1.5")
    page.keyboard.press("k")
    until(page, f"{FILM}.paused")

    page.goto(f"/moderation/films/{waiting[0]}")  # to look at, not reserved
    expect(page.get_by_label(PLAY_AT_ONCE)).to_be_checked()
    until(page, f"{FILM}?.readyState >= 1")
    assert page.evaluate(f"{FILM}.paused")
