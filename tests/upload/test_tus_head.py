"""HEAD: where an upload stands."""

from __future__ import annotations

from datetime import timedelta

from cvtube.upload.protocol import http_date
from tests.upload.tus import film, metadata


def test_an_upload_that_has_begun_stands_at_its_first_byte(tus, now):
    said = metadata(filename="film.mp4") + ",flag"
    path = tus.create(100, upload_metadata=said).headers["Location"]
    answer = tus.head(path)
    assert answer.status_code == 200
    assert answer.headers["Upload-Offset"] == "0"
    assert answer.headers["Upload-Length"] == "100"
    assert answer.headers["Upload-Metadata"] == said
    assert answer.headers["Upload-Expires"] == http_date(now + timedelta(days=7))
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Upload-Defer-Length" not in answer.headers


def test_it_stands_where_the_acknowledged_bytes_end(tus):
    path = tus.create(9000, film(5000)).headers["Location"]
    assert tus.head(path).headers["Upload-Offset"] == "5000"


def test_an_unknown_length_is_said_to_be_unknown(tus):
    path = tus.create(upload_defer_length=1).headers["Location"]
    answer = tus.head(path)
    assert answer.headers["Upload-Defer-Length"] == "1"
    assert "Upload-Length" not in answer.headers
    assert "Upload-Metadata" not in answer.headers


def test_a_finished_upload_stands_at_its_end_for_as_long_as_it_is_known(tus, clock):
    path = tus.create(5000, film(5000)).headers["Location"]
    clock.advance(days=20)
    answer = tus.head(path)
    assert answer.headers["Upload-Offset"] == answer.headers["Upload-Length"] == "5000"
    assert "Upload-Expires" not in answer.headers


def test_what_never_was_is_not_found(tus):
    answer = tus.head("/uploads/" + "a" * 26)
    assert answer.status_code == 404
    assert "Upload-Offset" not in answer.headers
    assert answer.headers["Tus-Resumable"] == "1.0.0"


def test_what_was_given_up_is_gone(tus):
    path = tus.create(100).headers["Location"]
    tus.delete(path)
    answer = tus.head(path)
    assert answer.status_code == 410
    assert "Upload-Offset" not in answer.headers


def test_what_ran_out_is_gone(tus, clock):
    path = tus.create(100).headers["Location"]
    clock.advance(days=7)
    assert tus.head(path).status_code == 410


def test_another_version_is_refused(tus):
    path = tus.create(100).headers["Location"]
    assert tus.head(path, tus_resumable="0.1.0").status_code == 412
