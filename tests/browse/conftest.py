"""Films to watch, really, and a site to watch them on."""

from __future__ import annotations

from pathlib import Path

import pytest

from cvtube.videos import lifecycle
from tests import factories
from tests.browse import media
from tests.browse.films import moderator


@pytest.fixture(scope="session")
def clips(tmp_path_factory) -> dict[str, Path]:
    """A landscape, a portrait and a square clip, encoded."""
    return media.make_media(tmp_path_factory.mktemp("media"))


@pytest.fixture
def shoot(runtime, clips, now):
    """Makes an approved film of real clips."""

    def make(*shapes: media.Shape, owner=None, titles=None, **profile):
        with runtime.transaction() as session:
            owner = session.merge(owner) if owner else factories.make_user(session, now, name="Eva")
            for field, value in profile.items():
                setattr(owner.profile, field, value)
            titles = titles or [shape.name for shape in shapes]
            video = factories.make_video(session, owner, now, chapter_titles=titles)
            for chapter, shape in zip(video.chapters, shapes, strict=True):
                media.add_clip(
                    session, runtime.storage, chapter, now,
                    owner=owner, shape=shape, folder=clips[shape.name],
                )  # fmt: skip
            lifecycle.publish(session, video, now, actor=owner)
            lifecycle.approve(session, video, now, actor=moderator(session, now))
        return video

    return make
