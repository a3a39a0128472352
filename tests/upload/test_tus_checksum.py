"""Upload-Checksum: bytes that do not match are never part of an upload."""

from __future__ import annotations

import io

import pytest

from cvtube.upload import streams
from cvtube.videos.models import Stage
from tests.upload.tus import checksum, clip_of, code, film, original, stray_objects, upload_of


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_bytes_that_match_are_taken(tus, runtime, algorithm):
    data = film(9000)
    path = tus.create(9000).headers["Location"]
    for part, start in ((data[:5000], 0), (data[5000:], 5000)):
        answer = tus.patch(path, start, part, upload_checksum=checksum(part, algorithm))
        assert answer.status_code == 204
    assert original(runtime, path) == data
    assert clip_of(runtime, path).stage is Stage.UPLOADED


def test_the_specification_s_own_example(tus, runtime):
    path = tus.create(9000).headers["Location"]
    right = "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="
    assert tus.patch(path, 0, b"hello world", upload_checksum=right).status_code == 204


def test_bytes_that_do_not_match_are_thrown_away(tus, runtime, monkeypatch):
    monkeypatch.setattr(streams, "CHUNK", 20_000)  # some of it is stored before all of it is known
    path = tus.create(90_000, film(5000)).headers["Location"]
    answer = tus.patch(path, 5000, bytes(70_000), upload_checksum=checksum(b"other"))
    assert code(answer) == (460, "checksum_mismatch")
    assert upload_of(runtime, path).received == 5000
    assert original(runtime, path) == film(5000)
    assert stray_objects(runtime, path) == set()


def test_a_part_of_a_checked_body_is_no_use(tus, runtime):
    data = film(90_000)
    path = tus.create(90_000).headers["Location"]
    short = io.BytesIO(data[:50_000])
    answer = tus.patch_stream(path, 0, short, announced=90_000, upload_checksum=checksum(data))
    assert code(answer) == (400, "body_broken")
    assert upload_of(runtime, path).received == 0
    assert stray_objects(runtime, path) == set()


def test_it_works_with_the_creation_too(tus, runtime):
    data = film(5000)
    answer = tus.create(5000, data, upload_checksum=checksum(data, "sha256"))
    assert answer.status_code == 201
    assert original(runtime, answer.headers["Location"]) == data
    assert code(tus.create(5000, data, upload_checksum=checksum(b""))) == (460, "checksum_mismatch")


@pytest.mark.parametrize("said", ["md5 1B2M2Y8AsgTpgAmY7PhCfg==", "crc32 AAAAAA==", "SHA1 x", ""])
def test_an_algorithm_nobody_promised_is_refused(tus, runtime, said):
    path = tus.create(9000).headers["Location"]
    assert code(tus.patch(path, 0, film(9000), upload_checksum=said)) == (400, "checksum_unknown")
    assert upload_of(runtime, path).received == 0


@pytest.mark.parametrize("said", ["sha1", "sha1 ", "sha1 !!!!", "sha1 QUFB", "sha256 " + "Q" * 28])
def test_a_checksum_that_cannot_be_one_is_refused(tus, runtime, said):
    path = tus.create(9000).headers["Location"]
    answer = tus.patch(path, 0, film(9000), upload_checksum=said)
    assert code(answer) == (400, "tus_header")
    assert "Upload-Checksum" in answer.json["title"]
    assert upload_of(runtime, path).received == 0
