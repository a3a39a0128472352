"""The same behind a real gunicorn: bodies that break, chunked bodies, killed processes."""

from __future__ import annotations

import http.client
import socket
import struct

import pytest

from cvtube.upload.streams import CHUNK, READ
from cvtube.videos.models import Stage
from tests.services import wait_for
from tests.upload.live import headers_of
from tests.upload.tus import BYTES, clip_of, film, original, stray_objects


class Sender:
    """Ada's connection, down to the single byte."""

    def __init__(self, live, people) -> None:
        self.live = live
        self.headers = headers_of(people, "ada")

    def request(
        self, method: str, path: str, body=None, **headers: str
    ) -> http.client.HTTPResponse:
        connection = self.live.connect()
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, {**self.headers, **given})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer

    def create(self, length: int) -> str:
        answer = self.request("POST", "/uploads", Upload_Length=str(length))
        assert answer.status == 201
        return str(answer.headers["Location"])

    def patch(self, path: str, offset: int, body) -> http.client.HTTPResponse:
        return self.request("PATCH", path, body, Upload_Offset=str(offset), Content_Type=BYTES)

    def offset(self, path: str) -> int:
        return int(self.request("HEAD", path).headers["Upload-Offset"])

    def begin_patch(self, path: str, offset: int, *framing: str) -> socket.socket:
        """Say everything but the body."""
        connection = socket.create_connection(("127.0.0.1", self.live.port), timeout=30)
        lines = [f"PATCH {path} HTTP/1.1", "Host: localhost", f"Content-Type: {BYTES}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines += [f"Upload-Offset: {offset}", *framing, "", ""]
        connection.sendall("\r\n".join(lines).encode())
        return connection

    def wait_for_offset(self, path: str, least: int) -> int:
        def arrived() -> None:
            assert self.offset(path) >= least

        wait_for(arrived)
        return self.offset(path)


@pytest.fixture
def sender(live, people) -> Sender:
    return Sender(live, people)


def close_rudely(connection: socket.socket) -> None:
    """With a reset instead of an end: what a phone does that loses its network."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def test_a_body_that_ends_too_early_leaves_every_byte_that_came(sender, runtime):
    data = film(1_000_000)
    path = sender.create(len(data))
    connection = sender.begin_patch(path, 0, f"Content-Length: {len(data)}")
    connection.sendall(data[:300_001])
    connection.close()
    assert sender.wait_for_offset(path, 1) == 300_001
    assert original(runtime, path) == data[:300_001]
    assert sender.patch(path, 300_001, data[300_001:]).status == 204
    assert original(runtime, path) == data
    assert clip_of(runtime, path).stage is Stage.UPLOADED


def test_a_connection_that_is_reset_loses_no_more_than_one_read(sender, runtime):
    data = film(1_000_000)
    path = sender.create(len(data))
    connection = sender.begin_patch(path, 0, f"Content-Length: {len(data)}")
    connection.sendall(data[:300_001])
    # A reset takes what the server's kernel has not handed over yet, so wait until it has.
    incoming = runtime.settings.home / "storage/incoming"
    wait_for(lambda: next(f for f in incoming.glob("*") if f.stat().st_size > 300_001 - 2 * READ))
    close_rudely(connection)
    kept = sender.wait_for_offset(path, 1)
    assert 300_001 - READ <= kept <= 300_001
    assert original(runtime, path) == data[:kept]


def test_a_chunked_body_is_taken_and_a_broken_one_leaves_what_came(sender, runtime):
    data = film(1_000_000)
    path = sender.create(len(data))
    connection = sender.begin_patch(path, 0, "Transfer-Encoding: chunked")
    for start in range(0, 300_000, 100_000):
        piece = data[start : start + 100_000]
        connection.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
    connection.close()
    kept = sender.wait_for_offset(path, 1)
    assert 300_000 - READ <= kept <= 300_000
    pieces = (data[start : start + 65_536] for start in range(kept, len(data), 65_536))
    assert sender.patch(path, kept, pieces).status == 204  # http.client sends these in chunks
    assert original(runtime, path) == data


def test_a_chunked_body_that_is_too_long_is_refused_and_leaves_nothing_of_it(sender, runtime):
    path = sender.create(100_000)
    answer = sender.patch(path, 0, iter([film(100_000), b"!"]))
    assert answer.status == 413
    assert sender.offset(path) == 0
    assert stray_objects(runtime, path) == set()


def test_a_killed_server_has_kept_every_chunk_it_acknowledged(sender, live, runtime):
    data = film(2 * CHUNK + 100_000)
    path = sender.create(len(data))
    connection = sender.begin_patch(path, 0, f"Content-Length: {len(data)}")
    connection.sendall(data[: 2 * CHUNK + 50_000])
    assert sender.wait_for_offset(path, 2 * CHUNK) == 2 * CHUNK
    live.kill()
    connection.close()
    live.start()
    assert sender.offset(path) == 2 * CHUNK
    assert original(runtime, path) == data[: 2 * CHUNK]
    assert sender.patch(path, 2 * CHUNK, data[2 * CHUNK :]).status == 204
    assert original(runtime, path) == data


def test_a_sender_who_is_refused_in_mid_body_hears_why(sender, runtime):
    path = sender.create(4_000_000)
    answer = sender.patch(path, 0, b"%PDF-1.7\n" + bytes(3_000_000))
    assert answer.status == 415
    assert sender.request("HEAD", path).status == 410
    assert stray_objects(runtime, path) == set()


def test_a_sender_who_asks_first_is_told_to_go_on(sender):
    path = sender.create(1000)
    connection = sender.begin_patch(path, 0, "Content-Length: 1000", "Expect: 100-continue")
    assert connection.recv(100).startswith(b"HTTP/1.1 100 Continue")
    connection.sendall(film(1000))
    assert connection.recv(100).startswith(b"HTTP/1.1 204 ")
    connection.close()


def test_a_connection_goes_on_after_a_body_at_the_wrong_place(sender):
    path = sender.create(100_000)
    connection = sender.live.connect()
    bytes_here = {**sender.headers, "Content-Type": BYTES}
    for offset, status in (("7", 409), ("0", 204)):
        connection.request("PATCH", path, film(90_000), {**bytes_here, "Upload-Offset": offset})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == status
    connection.close()
