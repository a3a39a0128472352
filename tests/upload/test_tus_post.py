"""POST: an upload begins, and perhaps its bytes come along."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cvtube.upload.protocol import http_date
from cvtube.videos.models import Stage, Video
from cvtube.videos.upload_sessions import UploadSession
from tests import factories
from tests.upload.tus import Tus, clip_of, code, film, metadata, original, upload_of


def test_an_upload_begins_empty_and_says_when_it_will_expire(tus, runtime, now):
    answer = tus.create(100)
    assert answer.status_code == 201
    assert answer.headers["Upload-Offset"] == "0"
    assert answer.headers["Upload-Expires"] == http_date(now + timedelta(days=7))
    assert answer.data == b""
    upload = upload_of(runtime, answer.headers["Location"])
    assert (upload.length, upload.received, upload.owner_id) == (100, 0, upload.owner_id)
    assert clip_of(runtime, answer.headers["Location"]).stage is Stage.UPLOADING


def test_it_makes_a_film_with_one_chapter_and_says_where_its_page_is(tus, runtime, people):
    with runtime.transaction() as session:
        session.merge(people.ada).profile.occupation_code = "G1602"
    answer = tus.create(100)
    with runtime.reading() as session:
        video = session.scalars(select(Video)).one()
        assert (video.owner_id, video.occupation_code) == (people.ada.id, "G1602")
    assert answer.headers["Film-Location"] == f"/my-films/{video.id}"


def test_bytes_may_come_along(tus, runtime):
    data = film(5000)
    answer = tus.create(9000, data)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "5000")
    assert original(runtime, answer.headers["Location"]) == data


def test_a_whole_film_may_come_along(tus, runtime):
    answer = tus.create(5000, film(5000))
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "5000")
    assert "Upload-Expires" not in answer.headers
    assert clip_of(runtime, answer.headers["Location"]).stage is Stage.UPLOADED


def test_the_length_may_be_said_later(tus, runtime):
    path = tus.create(None, upload_defer_length=1).headers["Location"]
    assert upload_of(runtime, path).length is None


@pytest.mark.parametrize(
    ("headers", "header"),
    [
        ({}, "Upload-Length"),
        ({"upload_length": "-1"}, "Upload-Length"),
        ({"upload_length": "1.5"}, "Upload-Length"),
        ({"upload_length": "٣"}, "Upload-Length"),
        ({"upload_length": ""}, "Upload-Length"),
        ({"upload_length": "0x10"}, "Upload-Length"),
        ({"upload_defer_length": "0"}, "Upload-Defer-Length"),
        ({"upload_defer_length": "1", "upload_length": "5"}, "Upload-Defer-Length"),
        ({"upload_length": "5", "upload_metadata": "name not/base64!"}, "Upload-Metadata"),
        ({"upload_length": "5", "upload_metadata": "a QQ==,a QQ=="}, "Upload-Metadata"),
        ({"upload_length": "5", "upload_metadata": ",a QQ=="}, "Upload-Metadata"),
        ({"upload_length": "5", "upload_metadata": "a " + "QUFB" * 600}, "Upload-Metadata"),
        ({"upload_length": "5", "upload_concat": "partial"}, "Upload-Concat"),
        ({"upload_concat": "final;/uploads/a /uploads/b"}, "Upload-Concat"),
    ],
)
def test_a_header_that_says_nothing_is_refused_by_name(tus, runtime, headers, header):
    if any(not str(value).isascii() for value in headers.values()):
        headers = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    answer = tus.create(None, **headers)
    assert answer.status_code == 400
    assert header in answer.json["title"]
    assert nothing_began(runtime)


@pytest.mark.parametrize("version", [None, "0.2.2", "1.0.1", ""])
def test_another_version_is_refused_and_ours_is_named(tus, version):
    answer = tus.create(5, tus_resumable=version)
    assert answer.status_code == 412
    assert answer.headers["Tus-Version"] == answer.headers["Tus-Resumable"] == "1.0.0"


def test_what_is_too_big_is_refused_before_it_is_sent(tus, runtime):
    for length in (2048 * 1024 * 1024 + 1, 10**18, "9" * 40, "9" * 5000):
        answer = tus.create(length)
        assert code(answer) == (413, "upload_too_big")
        assert "2 GB" in answer.json["title"]
    assert nothing_began(runtime)
    assert tus.create(2048 * 1024 * 1024).status_code == 201


def test_an_empty_file_is_refused(tus, runtime):
    assert code(tus.create(0)) == (400, "empty_file")
    assert nothing_began(runtime)


def test_bytes_of_another_type_are_refused_and_nothing_begins(tus, runtime):
    answer = tus.create(5, b"hello", content_type="text/plain")
    assert code(answer) == (415, "tus_content_type")
    assert nothing_began(runtime)


def test_more_bytes_than_announced_are_refused_and_nothing_is_left(tus, runtime):
    assert code(tus.create(5, film(6))) == (413, "upload_longer_than_said")
    assert_nothing_is_left(runtime)


def test_no_film_along_with_the_creation_is_refused_and_nothing_is_left(tus, runtime):
    assert code(tus.create(9000, b"%PDF-1.7" + film(4992))) == (415, "is_a_document")
    assert_nothing_is_left(runtime)


def test_a_name_is_kept_for_its_owner_without_what_breaks_pages(tus, runtime):
    said = metadata(filename="Été \x00\x1b[31m<b>.mp4", fingerprint="abc", filetype="video/mp4")
    upload = upload_of(runtime, tus.create(5, upload_metadata=said).headers["Location"])
    assert (upload.name, upload.fingerprint) == ("Été [31m<b>.mp4", "abc")
    assert upload.metadata_header == said


def test_a_part_is_redone_in_its_own_chapter(tus, runtime, people, now):
    with runtime.transaction() as session:
        video = factories.make_video(session, people.ada, now)
        clip = factories.make_ready_clip(session, video.chapters[0], now, owner=people.ada)
    answer = tus.create(100, upload_metadata=metadata(chapter=video.chapters[0].id))
    assert answer.headers["Film-Location"] == f"/my-films/{video.id}"
    with runtime.reading() as session:
        assert session.scalar(select(func.count()).select_from(Video)) == 1
        chapter = session.get_one(type(video.chapters[0]), video.chapters[0].id)
        assert (chapter.live_clip_id, chapter.next_clip_id) == (
            clip.id,
            clip_of(runtime, answer.headers["Location"]).id,
        )


def test_nobody_sends_into_the_film_of_another(people, runtime, now):
    with runtime.transaction() as session:
        video = factories.make_video(session, people.ada, now)
    said = metadata(chapter=video.chapters[0].id)
    assert code(Tus(people.client("cy")).create(5, upload_metadata=said)) == (404, "not_found")
    assert nothing_began(runtime)


def nothing_began(runtime) -> bool:
    with runtime.reading() as session:
        return session.scalar(select(func.count()).select_from(UploadSession)) == 0


def assert_nothing_is_left(runtime) -> None:
    """No object, and nothing a person would see."""
    assert list(runtime.storage.list("films/")) == []
    with runtime.reading() as session:
        assert all(session.scalars(select(Video.deleted_at)))
