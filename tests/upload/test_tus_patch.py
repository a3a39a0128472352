"""PATCH: bytes go to where the upload stands, and nowhere else."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from cvtube.upload import streams
from cvtube.upload.protocol import http_date
from cvtube.videos import lifecycle
from cvtube.videos.models import Clip, OriginalChunk, Stage, Video, VideoEvent
from tests.upload.tus import (
    BYTES,
    clip_of,
    code,
    film,
    original,
    stray_objects,
    upload_of,
)


def test_a_film_is_sent_in_parts_and_is_whole_with_the_last(tus, runtime, clock):
    data = film(30_000)
    path = tus.create(30_000).headers["Location"]
    for start in (0, 10_000, 20_000):
        now = clock.advance(hours=1)
        answer = tus.patch(path, start, data[start : start + 10_000])
        assert (answer.status_code, answer.data) == (204, b"")
        assert answer.headers["Upload-Offset"] == str(start + 10_000)
        later = http_date(now + timedelta(days=7)) if start < 20_000 else None
        assert answer.headers.get("Upload-Expires") == later
    assert original(runtime, path) == data
    clip = clip_of(runtime, path)
    assert (clip.stage, clip.original_bytes, clip.uploaded_at) == (Stage.UPLOADED, 30_000, now)
    assert stray_objects(runtime, path) == set()


def test_one_body_is_cut_into_objects_of_a_bounded_size(tus, runtime, monkeypatch):
    monkeypatch.setattr(streams, "CHUNK", 40_000)
    data = film(100_000)
    path = tus.create(100_000).headers["Location"]
    assert tus.patch(path, 0, data).status_code == 204
    with runtime.reading() as session:
        sizes = session.scalars(select(OriginalChunk.size).order_by(OriginalChunk.start)).all()
    assert sizes == [40_000, 40_000, 20_000]
    assert original(runtime, path) == data


@pytest.mark.parametrize("offset", [0, 4999, 5001, 9000, 9001, 10**17])
def test_bytes_for_any_other_place_are_refused_and_change_nothing(tus, runtime, offset):
    path = tus.create(9000, film(5000)).headers["Location"]
    assert code(tus.patch(path, offset, b"x")) == (409, "upload_offset")
    assert upload_of(runtime, path).received == 5000
    assert original(runtime, path) == film(5000)
    assert stray_objects(runtime, path) == set()


@pytest.mark.parametrize("offset", [None, "", "-1", "five", "1e3", "+5", " 5 5"])
def test_an_offset_that_is_no_number_is_refused(tus, offset):
    path = tus.create(9000).headers["Location"]
    answer = tus.patch(path, offset, b"x")
    assert code(answer) == (400, "tus_header")
    assert "Upload-Offset" in answer.json["title"]


@pytest.mark.parametrize("kind", [None, "application/octet-stream", "text/plain", "multipart/x"])
def test_another_content_type_is_refused_before_anything_is_read(tus, runtime, kind):
    path = tus.create(9000).headers["Location"]
    nobody_reads = Breaking(b"")
    answer = tus.patch_stream(path, 0, nobody_reads, announced=3_000_000, content_type=kind)
    assert code(answer) == (415, "tus_content_type")
    assert upload_of(runtime, path).received == 0


def test_a_content_type_may_be_written_in_any_case(tus):
    path = tus.create(9000).headers["Location"]
    assert tus.patch(path, 0, film(9000), content_type=BYTES.upper()).status_code == 204


def test_no_bytes_at_the_right_place_are_fine(tus, runtime):
    path = tus.create(9000, film(5000)).headers["Location"]
    answer = tus.patch(path, 5000)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, "5000")
    assert clip_of(runtime, path).stage is Stage.UPLOADING


def test_more_than_was_announced_is_refused_before_it_is_read(tus, runtime):
    path = tus.create(9000, film(5000)).headers["Location"]
    assert code(tus.patch(path, 5000, bytes(4001))) == (413, "upload_longer_than_said")
    assert original(runtime, path) == film(5000)
    assert stray_objects(runtime, path) == set()


def test_finishing_twice_changes_nothing(tus, runtime):
    data = film(9000)
    path = tus.create(9000, data).headers["Location"]
    answer = tus.patch(path, 9000)  # the first answer got lost
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, "9000")
    assert code(tus.patch(path, 0, data)) == (409, "upload_offset")
    assert code(tus.patch(path, 9000, b"x")) == (413, "upload_longer_than_said")
    assert original(runtime, path) == data
    with runtime.reading() as session:
        verbs = session.scalars(select(VideoEvent.verb)).all()
    assert verbs.count("uploaded") == 1


def test_a_film_of_a_few_bytes_at_a_time_is_looked_at_when_it_can_be(tus, runtime):
    path = tus.create(9000).headers["Location"]
    for place, byte in enumerate(film(20)):
        assert tus.patch(path, place, bytes([byte])).status_code == 204
    assert upload_of(runtime, path).beginning == film(20)
    assert tus.patch(path, 20, film(9000)[20:]).status_code == 204
    assert upload_of(runtime, path).beginning is None
    assert original(runtime, path) == film(9000)


def test_a_late_length_is_said_with_any_patch_and_may_be_said_again(tus, runtime):
    data = film(9000)
    path = tus.create(upload_defer_length=1).headers["Location"]
    assert tus.patch(path, 0, data[:5000]).status_code == 204
    assert tus.patch(path, 5000, data[5000:8000], upload_length=9000).status_code == 204
    assert tus.head(path).headers["Upload-Length"] == "9000"
    assert tus.patch(path, 8000, data[8000:], upload_length=9000).status_code == 204
    assert clip_of(runtime, path).stage is Stage.UPLOADED
    assert original(runtime, path) == data


def test_a_late_length_without_bytes_finishes_what_is_all_there(tus, runtime):
    path = tus.create(upload_defer_length=1).headers["Location"]
    tus.patch(path, 0, film(5000))
    assert clip_of(runtime, path).stage is Stage.UPLOADING
    assert tus.patch(path, 5000, upload_length=5000).status_code == 204
    assert clip_of(runtime, path).stage is Stage.UPLOADED


@pytest.mark.parametrize(("length", "wrong"), [(5000, 6000), (None, 4999)])
def test_a_length_is_said_once_and_not_below_what_is_there(tus, runtime, length, wrong):
    first = {"upload_length": length} if length else {"upload_defer_length": 1}
    path = tus.create(None, **first).headers["Location"]
    sent = 4000 if length else 5000
    tus.patch(path, 0, film(sent))
    answer = tus.patch(path, sent, b"x", upload_length=wrong)
    assert code(answer) == (400, "upload_length_known")
    assert upload_of(runtime, path).length == length


def test_a_late_length_beyond_the_limit_is_refused(tus):
    path = tus.create(upload_defer_length=1).headers["Location"]
    answer = tus.patch(path, 0, film(5000), upload_length=10**12)
    assert code(answer) == (413, "upload_too_big")


def test_a_broken_body_leaves_what_came_of_it(tus, runtime):
    path = tus.create(90_000).headers["Location"]
    data = film(90_000)
    answer = tus.patch_stream(path, 0, Breaking(data[:50_000]), announced=90_000)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, "50000")
    assert original(runtime, path) == data[:50_000]
    assert tus.patch(path, 50_000, data[50_000:]).status_code == 204
    assert original(runtime, path) == data


@pytest.mark.parametrize("gone", ["given up", "expired", "replaced", "film deleted"])
def test_what_was_given_up_takes_no_bytes(tus, runtime, clock, people, gone):
    path = tus.create(9000, film(5000)).headers["Location"]
    clip = clip_of(runtime, path)
    if gone == "given up":
        tus.delete(path)
    elif gone == "expired":
        clock.advance(days=8)
    else:
        with runtime.transaction() as session:
            video = session.get_one(Video, clip.video_id)
            if gone == "film deleted":
                lifecycle.delete_video(session, video, clock(), actor=people.ada)
            else:
                session.refresh(video, ["chapters"])
                lifecycle.start_clip(session, video.chapters[0], clock(), actor=people.ada)
    assert code(tus.patch(path, 5000, b"x")) == (410, "upload_gone")
    with runtime.reading() as session:
        kept = session.scalars(
            select(OriginalChunk.size).where(OriginalChunk.clip_id == clip.id)
        ).all()
        assert kept == [5000]
        assert session.get_one(Clip, clip.id).original_bytes is None


def test_what_never_was_takes_no_bytes(tus):
    assert code(tus.patch("/uploads/" + "a" * 26, 0, b"x")) == (404, "not_found")


def test_another_version_is_refused_and_nothing_is_done(tus, runtime):
    path = tus.create(9000).headers["Location"]
    answer = tus.patch(path, 0, film(9000), tus_resumable="0.2.0")
    assert (code(answer), answer.headers["Tus-Version"]) == ((412, "tus_version"), "1.0.0")
    assert upload_of(runtime, path).received == 0


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
def test_an_upload_has_no_other_verbs(tus, method):
    path = tus.create(9000).headers["Location"]
    answer = tus.send(method, path, {})
    assert code(answer) == (405, "method_not_allowed")
    assert answer.headers["Tus-Resumable"] == "1.0.0"


class Breaking(io.RawIOBase):
    """A body whose connection breaks after some bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        count = self._data.readinto(buffer)
        if not count:
            raise ConnectionResetError
        return count
