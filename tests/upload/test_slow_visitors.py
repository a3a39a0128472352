"""The product itself beside people who are slow; every kind of them is in tests/server."""

from __future__ import annotations

import socket

import pytest

from tests.upload.live import headers_of
from tests.upload.tus import BYTES

CROWD = 140


@pytest.fixture
def crowd(live):
    """Many connections that begin a request and leave it at that."""
    opened: list[socket.socket] = []

    def come(*lines: str) -> None:
        for _ in range(CROWD):
            connection = socket.create_connection(("127.0.0.1", live.port), timeout=30)
            connection.sendall("\r\n".join(lines).encode())
            opened.append(connection)

    yield come
    for connection in opened:
        connection.close()


def assert_answers(live) -> None:
    for path in ("/healthz", "/login", "/readyz"):
        connection = live.connect()
        connection.request("GET", path)
        assert connection.getresponse().status == 200
        connection.close()


def test_140_forms_of_which_one_byte_comes_stop_nobody(live, crowd):
    kind = "Content-Type: application/x-www-form-urlencoded"
    crowd("POST /login HTTP/1.1", "Host: x", kind, "Content-Length: 1000", "", "e")
    assert_answers(live)


def test_140_uploads_without_a_body_stop_nobody(live, people, crowd):
    lines = [f"{name}: {value}" for name, value in headers_of(people, "ada").items()]
    body = (f"Content-Type: {BYTES}", "Content-Length: 4000000")
    crowd("POST /uploads HTTP/1.1", "Host: x", "Upload-Length: 5000000", *body, *lines, "", "")
    assert_answers(live)
