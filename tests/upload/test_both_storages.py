"""Local files and a real S3 service take in the same film in the same way."""

from __future__ import annotations

import pytest

from cvtube.settings import Settings
from cvtube.upload import streams
from cvtube.videos.models import Stage
from tests.upload.test_live_server import Sender
from tests.upload.test_tus_patch import Breaking
from tests.upload.tus import checksum, clip_of, code, film, original, stray_objects


@pytest.fixture(params=["local", "s3"])
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    if request.param == "local":
        return settings
    request.getfixturevalue("s3_storage")  # makes the bucket
    url = request.getfixturevalue("s3_bucket_url")
    return settings.model_copy(update={"storage_url": url})


def test_a_film_arrives_in_chunks_over_a_bad_network(tus, runtime, monkeypatch):
    monkeypatch.setattr(streams, "CHUNK", 100_000)
    data = film(400_000)
    path = tus.create(400_000).headers["Location"]
    tus.patch_stream(path, 0, Breaking(data[:150_000]), announced=400_000)
    part = data[150_000:300_000]
    damaged = tus.patch(path, 150_000, bytes(150_000), upload_checksum=checksum(part))
    assert damaged.status_code == 460
    assert tus.patch(path, 150_000, part, upload_checksum=checksum(part)).status_code == 204
    assert tus.patch(path, 300_000, data[300_000:]).status_code == 204
    assert original(runtime, path) == data
    assert clip_of(runtime, path).stage is Stage.UPLOADED
    assert stray_objects(runtime, path) == set()


def test_what_is_no_film_leaves_no_object(tus, runtime):
    path = tus.create(400_000).headers["Location"]
    assert code(tus.patch(path, 0, b"GIF89a" + bytes(100_000))) == (415, "is_a_picture")
    assert list(runtime.storage.list("films/")) == []


def test_any_server_goes_on_where_another_stopped(live, people, runtime):
    """The bytes are in the storage before the answer, so that it does not matter who is asked."""
    sender, data = Sender(live, people), film(300_000)
    path = sender.create(len(data))
    for start in range(0, len(data), 50_000):  # each over a connection of its own
        assert sender.patch(path, start, data[start : start + 50_000]).status == 204
        assert sender.offset(path) == start + 50_000
    assert original(runtime, path) == data
