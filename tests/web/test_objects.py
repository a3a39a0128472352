"""Parts of stored files are read where they are, and a proxy may send them instead."""

from __future__ import annotations

import io

import pytest
from werkzeug.wsgi import FileWrapper

from cvtube.web.objects import PartOfFile

KEY = f"films/{'a' * 26}/{'b' * 26}/1/film.mp4"
FILM = bytes(range(256)) * 4096


@pytest.fixture
def address(runtime) -> str:
    runtime.storage.put(KEY, io.BytesIO(FILM))
    return runtime.storage.signed_url(KEY, 600).removeprefix(runtime.settings.public_url)


@pytest.mark.parametrize(("first", "last"), [(0, 9), (1_000_000, 1_000_999), (7, 7)])
def test_a_range_is_the_bytes_it_names(client, address, first, last):
    answer = client.get(address, headers={"Range": f"bytes={first}-{last}"})
    assert answer.status_code == 206
    assert answer.data == FILM[first : last + 1]
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(FILM)}"


def test_an_open_end_and_the_last_bytes_are_ranges_too(client, address):
    assert client.get(address, headers={"Range": "bytes=1048000-"}).data == FILM[1_048_000:]
    assert client.get(address, headers={"Range": "bytes=-10"}).data == FILM[-10:]


def test_the_server_gets_a_file_that_stands_where_the_range_begins(tmp_path):
    path = tmp_path / "film"
    path.write_bytes(FILM)
    part = PartOfFile(path, 1_000_000, 1000)
    assert io.FileIO(part.fileno(), closefd=False).tell() == 1_000_000
    assert b"".join(FileWrapper(part, 300)) == FILM[1_000_000:1_001_000]
    part.close()


@pytest.fixture
def proxied(runtime) -> None:
    """A proxy in front has the folder as an internal location."""
    settings = runtime.settings.model_copy(update={"accel_path": "/stored/"})
    object.__setattr__(runtime, "settings", settings)


def test_a_proxy_is_told_which_file_to_send(client, address, proxied):
    answer = client.get(address, headers={"Range": "bytes=0-9"})
    assert answer.status_code == 200
    assert answer.data == b""
    assert answer.headers["X-Accel-Redirect"] == f"/stored/{KEY}"
    assert answer.headers["Content-Type"] == "video/mp4"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_wrong_signature_names_no_file_to_the_proxy(client, address, proxied):
    answer = client.get(address.replace("film.mp4", "other.mp4"))
    assert answer.status_code == 404
    assert "X-Accel-Redirect" not in answer.headers
