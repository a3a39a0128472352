"""One connection, several requests; what is no request; and what stopping does."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.server.conftest import Server, everything
from tests.services import wait_for

GET = ("GET /page/3 HTTP/1.1", "Host: x", "", "")
LAST = ("GET /page/4 HTTP/1.1", "Host: x", "Connection: close", "", "")


def test_requests_sent_in_one_go_are_answered_one_after_the_other(server):
    both = server.say(*GET[:-1], "\r\n".join(LAST))
    answers = everything(both)
    assert answers.count(b"HTTP/1.1 200 OK") == 2
    assert answers.endswith(b"xxxx")


@pytest.mark.parametrize(
    "framing",
    [
        ("Content-Length: 5", "", "hello"),
        ("Transfer-Encoding: chunked", "", "5\r\nhello\r\n0\r\n\r\n"),
    ],
    ids=["length", "chunks"],
)
def test_what_follows_a_body_is_the_next_request(server, framing):
    post = ("POST /read HTTP/1.1", "Host: x", *framing)
    answers = everything(server.say(*post[:-1], post[-1] + "\r\n".join(LAST)))
    assert [part[-1:] for part in answers.split(b"HTTP/1.1 200 OK")[1:]] == [b"5", b"x"]


def test_a_body_that_nobody_reads_is_not_taken_for_a_request(server):
    inner = "\r\n".join(GET)
    post = ("POST /page/1 HTTP/1.1", "Host: x", f"Content-Length: {len(inner)}", "", inner)
    answers = everything(server.say(*post[:-1], post[-1] + "\r\n".join(LAST)))
    assert answers.count(b"HTTP/1.1 200 OK") == 2


def test_who_asks_before_sending_is_told_once_to_go_on(server):
    asking = ("POST /read HTTP/1.1", "Host: x", "Expect: 100-continue", "Connection: close")
    careful = server.say(*asking, "Content-Length: 5", "", "")
    assert careful.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    careful.sendall(b"hello")
    answer = everything(careful)
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert answer.endswith(b"5")


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (("GET / HTTP/1.1", "Host: x", "X-A: " + "a" * 40_000), 431),
        (("nonsense", "", ""), 400),
        (("POST / HTTP/1.1", "Host: x", "Content-Length: -1", "", ""), 400),
        (("POST / HTTP/1.1", "Host: x", "Content-Length: 1", "Content-Length: 2", "", "aa"), 400),
        (
            (
                "POST / HTTP/1.1",
                "Host: x",
                "Content-Length: 5",
                "Transfer-Encoding: chunked",
                "",
                "0\r\n\r\n",
            ),
            400,
        ),
    ],
)
def test_what_is_no_request_is_refused_and_ends_the_connection(server, lines, status):
    answer = everything(server.say(*lines))
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert answer.count(b"HTTP/1.1") == 1


def test_stopping_lets_answers_end_and_keeps_what_came_of_uploads(tmp_path):
    server = Server(tmp_path, "cvtube.server.worker.LanesWorker")
    (tmp_path / "film").write_bytes(bytes(20_000_000))
    reader = server.say("GET /film HTTP/1.1", "Host: x", "", "")
    upload = "Content-Type: application/offset+octet-stream"
    sender = server.say(
        "PATCH /keep/part HTTP/1.1", "Host: x", upload, "Content-Length: 999999", "", "",
        body=b"x" * 70_000,
    )  # fmt: skip
    reader.recv(1)
    wait_for(lambda: _has(tmp_path / "part.draft", 70_000))
    server.process.send_signal(signal.SIGTERM)
    assert sender.recv(1000).endswith(b"70000")
    assert len(everything(reader)) > 20_000_000
    assert server.process.wait(30) == 0
    server.leave()


def _has(path: Path, size: int) -> None:
    assert path.stat().st_size == size
