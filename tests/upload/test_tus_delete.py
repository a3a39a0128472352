"""DELETE: an upload is given up, and everything it has brought goes."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cvtube.jobs import claiming, leases
from cvtube.jobs.kinds import PURGE_VIDEO, TRANSCODE
from cvtube.videos import keys, lifecycle
from cvtube.videos.models import Chapter, Clip, Stage, Video
from tests import factories
from tests.upload.tus import clip_of, code, film, metadata


@pytest.fixture
def notifier(runtime, monkeypatch) -> factories.SilentNotifier:
    silent = factories.SilentNotifier()
    object.__setattr__(runtime, "notifier", silent)
    return silent


@pytest.mark.parametrize("sent", [0, 5000, 9000])
def test_an_upload_its_film_and_its_bytes_go(tus, runtime, notifier, sent):
    path = tus.create(9000, film(9000)[:sent]).headers["Location"]
    clip = clip_of(runtime, path)
    answer = tus.delete(path)
    assert (answer.status_code, answer.data) == (204, b"")
    assert clip_of(runtime, path).stage is Stage.ABANDONED
    with runtime.reading() as session:
        assert session.get_one(Video, clip.video_id).deleted_at is not None
        assert factories.is_queued(
            session, PURGE_VIDEO, clip.video_id
        )  # and the purge takes the bytes
    assert keys.original(clip.video_id, clip.id).startswith(keys.of_video(clip.video_id))


def test_it_is_gone_for_all_requests_that_follow(tus):
    path = tus.create(9000).headers["Location"]
    tus.delete(path)
    assert code(tus.delete(path)) == (410, "upload_gone")
    assert code(tus.patch(path, 0, b"x")) == (410, "upload_gone")
    assert tus.head(path).status_code == 410


def test_a_film_stays_if_only_the_redoing_of_a_part_is_given_up(tus, runtime, people, now):
    with runtime.transaction() as session:
        video = factories.make_video(session, people.ada, now)
        clip = factories.make_ready_clip(session, video.chapters[0], now, owner=people.ada)
    path = tus.create(9000, upload_metadata=metadata(chapter=video.chapters[0].id)).headers[
        "Location"
    ]
    assert tus.delete(path).status_code == 204
    with runtime.reading() as session:
        assert session.get_one(Video, video.id).deleted_at is None
        chapter = session.get_one(Chapter, video.chapters[0].id)
        assert (chapter.live_clip_id, chapter.next_clip_id) == (clip.id, None)


def test_what_is_being_encoded_can_still_be_taken_back(tus, runtime, now):
    path = tus.create(9000, film(9000)).headers["Location"]
    with runtime.transaction() as session:
        held = claiming.claim(
            session, TRANSCODE, clip_of(runtime, path).id, now, lease=factories.LEASE, max_tries=4
        )
    assert tus.delete(path).status_code == 204
    with runtime.transaction() as session:
        assert not leases.extend(session, held, now, lease=factories.LEASE, progress=50)


def test_what_has_become_a_film_is_deleted_on_the_film_s_page(tus, runtime, now):
    path = tus.create(9000, film(9000)).headers["Location"]
    with runtime.transaction() as session:
        clip_id = session.scalars(select(Clip.id)).one()
        held = claiming.claim(session, TRANSCODE, clip_id, now, lease=factories.LEASE, max_tries=4)
        made = lifecycle.Made(9000, 1280, 720, factories.make_assets(held, 9000))
        assert lifecycle.finish_transcode(session, held, made, now)
    assert code(tus.delete(path)) == (409, "upload_in_film")
    assert clip_of(runtime, path).stage is Stage.READY


def test_what_never_was_is_not_found(tus):
    assert code(tus.delete("/uploads/" + "a" * 26)) == (404, "not_found")


def test_another_version_is_refused(tus, runtime):
    path = tus.create(9000).headers["Location"]
    assert code(tus.delete(path, tus_resumable=None)) == (412, "tus_version")
    assert clip_of(runtime, path).stage is Stage.UPLOADING
