"""Pictures load by whatever name the site was opened, for the policy lets in its own alone."""

from __future__ import annotations

import io
import re

import pytest
from sqlalchemy import select

from cvtube.videos import lifecycle
from cvtube.videos.models import Asset, AssetKind
from tests import factories

SIGNED = re.compile(r"""["'(]((?:https?://[^"'/]+)?/objects/[^"')]+)""")


@pytest.fixture
def settings(settings):
    """The site takes itself for one name, and the tests' browser opens it by another."""
    return settings.model_copy(update={"public_url": "http://127.0.0.1:8321"})


@pytest.fixture
def film(runtime, people, now):
    """A film that waits for a moderator, whose pictures are stored."""
    assert people.mo  # before any transaction of a test
    with runtime.transaction() as session:
        video = factories.make_video(session, people.ada, now, occupation_code="G1602")
        clip = factories.make_ready_clip(session, video.chapters[0], now, owner=people.ada)
        lifecycle.publish(session, video, now, actor=people.ada)
        shown = Asset.kind.in_([AssetKind.POSTER, AssetKind.STORYBOARD])
        pictures = session.scalars(select(Asset.key).where(Asset.clip_id == clip.id, shown)).all()
        video_id = video.id
    for key in pictures:
        runtime.storage.put(key, io.BytesIO(b"\xff\xd8\xff a picture"))
    return video_id


@pytest.mark.parametrize(
    ("person", "path", "picture"),
    [
        ("ada", "/my-films", "poster"),
        ("ada", "/my-films/{film}", "poster"),
        ("mo", "/moderation/films/{film}", "storyboard"),
    ],
)
def test_a_page_shows_its_pictures(people, film, person, path, picture):
    browser = people.client(person)
    page = browser.get(path.format(film=film))
    assert page.status_code == 200
    addresses = [found for found in SIGNED.findall(page.text) if picture in found]
    assert addresses
    for address in addresses:
        assert address.startswith("/objects/")
        assert browser.get(address).status_code == 200
