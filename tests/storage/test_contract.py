"""Every storage keeps what `cvtube.storage.contract` promises; S3 is a real server."""

from __future__ import annotations

import io
import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from cvtube.storage.contract import ObjectNotFound, checked_key, expiry_window

BIG = bytes(range(256)) * 4096 * 3  # 3 MiB: more than one piece, more than is spooled in memory


def read(storage, key):
    with storage.open(key) as pieces:
        return b"".join(pieces)


def test_what_was_put_is_what_is_read(any_storage):
    stored = any_storage.put("films/a/b.mp4", io.BytesIO(BIG))
    assert stored.size == len(BIG)
    assert read(any_storage, "films/a/b.mp4") == BIG
    assert any_storage.head("films/a/b.mp4") == stored


def test_an_object_may_be_empty(any_storage):
    any_storage.put("films/empty", io.BytesIO(b""))
    assert read(any_storage, "films/empty") == b""


def test_a_file_is_put_like_a_stream(any_storage, tmp_path: Path):
    path = tmp_path / "film"
    path.write_bytes(BIG)
    assert any_storage.put_file("films/file", path).size == len(BIG)
    assert read(any_storage, "films/file") == BIG


def test_putting_again_replaces_the_whole(any_storage):
    any_storage.put("k", io.BytesIO(BIG))
    any_storage.put("k", io.BytesIO(b"short"))
    assert read(any_storage, "k") == b"short"


def test_what_is_not_there_is_not_found(any_storage):
    with pytest.raises(ObjectNotFound):
        any_storage.head("films/nothing")
    with pytest.raises(ObjectNotFound), any_storage.open("films/nothing") as pieces:
        list(pieces)
    any_storage.delete("films/nothing")  # no error


def test_listing_and_deleting_go_by_prefix(any_storage):
    for key in ("films/a/1", "films/a/2/3", "films/ab/1", "other/1"):
        any_storage.put(key, io.BytesIO(b"x"))
    assert {stored.key for stored in any_storage.list("films/a/")} == {"films/a/1", "films/a/2/3"}
    assert {stored.key for stored in any_storage.list("films/a")} == {
        "films/a/1", "films/a/2/3", "films/ab/1",
    }  # fmt: skip
    assert any_storage.delete_prefix("films/a/") == 2
    assert {stored.key for stored in any_storage.list("")} == {"films/ab/1", "other/1"}


def test_more_objects_than_one_answer_holds_are_all_deleted(any_storage):
    for number in range(1005):
        any_storage.put(f"many/{number}", io.BytesIO(b"x"))
    assert any_storage.delete_prefix("many/") == 1005
    assert list(any_storage.list("many/")) == []


@pytest.mark.parametrize(
    "key", ["", "/a", "a/", "a//b", "../a", "a/../b", "a/.b", "a b", "é", "a\n", "a" * 513]
)
def test_a_malformed_key_is_a_bug(any_storage, key):
    with pytest.raises(ValueError, match="not a storage key"):
        any_storage.put(key, io.BytesIO(b"x"))
    with pytest.raises(ValueError, match="not a storage key"):
        any_storage.signed_url(key, 60)


def test_a_storage_proves_that_it_works(any_storage):
    any_storage.check()
    assert list(any_storage.list("check/")) == []


def test_signed_addresses_stay_the_same_for_a_while(any_storage):
    any_storage.put("films/a.jpg", io.BytesIO(b"x"))
    assert any_storage.signed_url("films/a.jpg", 3600) == any_storage.signed_url(
        "films/a.jpg", 3600
    )


def test_an_address_lives_as_long_as_asked_and_at_most_half_as_long_again():
    for now in range(1_000_000, 1_010_000, 7):
        assert 3600 < expiry_window(now, 3600) - now <= 5400


def test_good_keys_are_good():
    assert checked_key("films/0abc/1/h264-720.mp4") == "films/0abc/1/h264-720.mp4"


class TestS3:
    """What only a browser sees of S3: its signed addresses."""

    def fetch(self, url, **headers):
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return answer.status, answer.headers, answer.read()

    def test_a_signed_address_can_be_read_in_ranges(self, s3_storage):
        s3_storage.put("films/a.mp4", io.BytesIO(BIG))
        status, headers, body = self.fetch(
            s3_storage.signed_url("films/a.mp4", 60), Range="bytes=256-511"
        )
        assert (status, body) == (206, bytes(range(256)))
        assert headers["Content-Type"] == "video/mp4"
        assert headers["Cache-Control"] == "no-store"

    def test_pictures_may_be_kept_as_long_as_their_address_lives(self, s3_storage):
        s3_storage.put("films/a.jpg", io.BytesIO(b"a picture"))
        _, headers, _ = self.fetch(s3_storage.signed_url("films/a.jpg", 60))
        assert re.fullmatch(r"private, max-age=\d+, immutable", headers["Cache-Control"])

    def test_without_its_signature_nothing_is_readable(self, s3_storage):
        s3_storage.put("films/a.mp4", io.BytesIO(b"secret"))
        url = s3_storage.signed_url("films/a.mp4", 60)
        forged = url[:-1] + ("0" if url[-1] != "0" else "1")
        for spoiled in (url.partition("?")[0], forged):
            with pytest.raises(urllib.error.HTTPError) as refusal:
                self.fetch(spoiled)
            refusal.value.close()
            assert refusal.value.code == 403

    def test_only_the_sites_own_pages_may_read(self, s3_storage):
        s3_storage.put("films/a.mp4", io.BytesIO(b"x"))
        url = s3_storage.signed_url("films/a.mp4", 60)
        _, own, _ = self.fetch(url, Origin="http://localhost")
        _, foreign, _ = self.fetch(url, Origin="http://elsewhere.example")
        assert own["Access-Control-Allow-Origin"] == "http://localhost"
        assert foreign["Access-Control-Allow-Origin"] is None

    def test_pages_are_told_where_the_films_come_from(self, s3_storage, services):
        assert s3_storage.browser_origin == services.s3
