"""What nobody goes on with is given up after some days, and forgotten after some more."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, select

from cvtube.upload import jobs
from cvtube.videos.models import Clip, Stage, Video
from cvtube.videos.upload_sessions import UploadSession
from tests.upload.tus import Tus, clip_of, film, metadata, original, upload_of

pytestmark = pytest.mark.both_databases


def test_an_upload_is_given_up_when_its_time_has_run_out(tus, runtime, clock):
    path = tus.create(9000, film(5000)).headers["Location"]
    clock.advance(days=6, hours=23)
    jobs.expire_uploads()
    assert clip_of(runtime, path).stage is Stage.UPLOADING
    clock.advance(hours=1)
    jobs.expire_uploads()
    assert clip_of(runtime, path).stage is Stage.ABANDONED
    with runtime.reading() as session:
        assert session.scalars(select(Video)).one().deleted_at == clock()
    jobs.expire_uploads()  # twice is harmless


def test_each_part_that_comes_prolongs_it(tus, runtime, clock):
    data = film(9000)
    path = tus.create(9000, data[:5000]).headers["Location"]
    for place in (5000, 6000, 7000):
        clock.advance(days=6)
        jobs.expire_uploads()
        assert tus.patch(path, place, data[place : place + 1000]).status_code == 204
    assert original(runtime, path) == data[:8000]


def test_a_finished_upload_never_expires_but_is_forgotten(tus, runtime, clock):
    path = tus.create(9000, film(9000)).headers["Location"]
    clock.advance(days=20)
    jobs.expire_uploads()
    with runtime.reading() as session:
        assert session.scalar(select(func.count()).select_from(UploadSession)) == 0
        assert session.scalars(select(Clip.stage)).one() is Stage.UPLOADED
    assert tus.head(path).status_code == 404


def test_once_its_bytes_are_purged_only_its_size_is_remembered_for_the_quota(tus, runtime, clock):
    path = tus.create(9000, upload_metadata=metadata(filename="me.mp4")).headers["Location"]
    tus.delete(path)
    with runtime.transaction() as session:
        session.execute(delete(Clip))  # what the purge does
    jobs.expire_uploads()
    upload = upload_of(runtime, path)
    assert (upload.clip_id, upload.name, upload.metadata_header) == (None, "", "")
    assert upload.length == 9000
    assert tus.head(path).status_code == 410
    clock.advance(days=8)
    jobs.expire_uploads()
    assert tus.head(path).status_code == 404


def test_one_that_cannot_be_given_up_does_not_stop_the_others(people, runtime, clock, monkeypatch):
    paths = [Tus(people.client(name)).create(9000).headers["Location"] for name in ("ada", "cy")]
    stubborn = upload_of(runtime, paths[0]).id
    clock.advance(days=7)
    real = jobs.cancellation.abandon

    def abandon(session, upload, now):
        if upload.id == stubborn:
            raise jobs.Refused("not_found")
        real(session, upload, now)

    monkeypatch.setattr(jobs.cancellation, "abandon", abandon)
    jobs.expire_uploads()
    assert [clip_of(runtime, path).stage for path in paths] == [Stage.UPLOADING, Stage.ABANDONED]
