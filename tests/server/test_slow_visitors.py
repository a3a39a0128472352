"""However many visitors are slow, silent or malicious, pages and health are answered.

The server has two threads for pages. Whoever holds one of them is one of 140, so if any of these
kinds of visitor did, nobody would be answered for as long as they are there.
"""

from __future__ import annotations

import psutil
import pytest

from tests.server.conftest import DEAF, Server, everything
from tests.services import wait_for

CROWD = 140
FORM = ("POST /read HTTP/1.1", "Host: x", "Content-Length: 1000", "", "a")
HALF_A_HEAD = ("GET / HTTP/1.1", "Host: x", "X-A: ")
UPLOAD = "Content-Type: application/offset+octet-stream"


def phone(name: str, size: int) -> tuple[str, ...]:
    return (f"PATCH /keep/{name} HTTP/1.1", "Host: x", UPLOAD, f"Content-Length: {size}", "", "")


@pytest.mark.parametrize(
    "lines",
    [FORM, HALF_A_HEAD, phone("nothing", 1_000_000), ("",)],
    ids=["one byte of a form", "half a head", "an upload without a body", "nothing"],
)
def test_who_begins_and_says_no_more_stops_nobody(server, lines):
    for _ in range(CROWD):
        server.say(*lines)
    for _ in range(5):
        assert server.ask("/") == "ok"
        assert server.ask("/healthz") == "ok"


def test_phones_on_a_slow_line_stop_nobody_and_lose_nothing(server):
    phones = [server.say(*phone(f"phone-{i}", 90_000), body=b"x" * 70_000) for i in range(CROWD)]
    for _ in range(5):
        assert server.ask("/") == "ok"
    for one in phones:
        one.sendall(b"x" * 20_000)
    for one in phones:
        assert one.recv(1000).endswith(b"90000")


@pytest.mark.parametrize("path", ["/film", "/page/3000000"])
def test_who_does_not_read_stops_nobody(server, path):
    (server.folder / "film").write_bytes(bytes(20_000_000))
    for _ in range(CROWD if path == "/film" else 1):
        server.say(f"GET {path} HTTP/1.1", "Host: x", "", "", taken=DEAF)
    for _ in range(5):
        assert server.ask("/") == "ok"


def test_who_reads_slowly_gets_everything(server):
    film = bytes(range(256)) * 20_000
    (server.folder / "film").write_bytes(film)
    slow = server.say("GET /film HTTP/1.1", "Host: x", "Connection: close", "", "", taken=200_000)
    assert server.ask("/") == "ok"
    assert everything(slow).partition(b"\r\n\r\n")[2] == film


def cut(server: Server, name: str, lines: tuple[str, ...], body: bytes) -> int:
    """Hang up in the middle of a body; how much of it was kept."""
    server.say(*lines, body=body).close()
    kept = server.folder / name
    wait_for(kept.stat)
    return kept.stat().st_size


@pytest.mark.parametrize("came", [1, 40_000, 300_001])
def test_of_a_body_cut_in_half_everything_is_kept_that_came(server, came):
    name = f"cut-{came}"
    assert cut(server, name, phone(name, 1_000_000), b"x" * came) == came


def test_a_silent_upload_is_kept_as_far_as_it_came(hasty):
    for came in (5, 70_000):
        name = f"silent-{came}"
        hasty.say(*phone(name, 1_000_000), body=b"x" * came)
        wait_for((hasty.folder / name).stat)
        assert int(hasty.ask(f"/kept/{name}")) == came


@pytest.mark.parametrize(
    ("lines", "answer"),
    [(FORM, b"HTTP/1.1 408 "), (HALF_A_HEAD, b"HTTP/1.1 408 "), (("",), b"")],
    ids=["one byte of a form", "half a head", "nothing"],
)
def test_nobody_is_waited_for_for_ever(hasty, lines, answer):
    assert everything(hasty.say(*lines)).startswith(answer)
    assert hasty.ask("/") == "ok"


def test_an_answer_that_nobody_takes_is_given_up(hasty):
    (hasty.folder / "film").write_bytes(bytes(20_000_000))
    deaf = hasty.say("GET /film HTTP/1.1", "Host: x", "", "", taken=DEAF)
    wait_for(lambda: _is_answering(hasty))
    wait_for(lambda: _is_hung_up(hasty))
    deaf.settimeout(5)
    assert len(everything_until_reset(deaf)) < 20_000_000


def everything_until_reset(connection) -> bytes:
    try:
        return everything(connection)
    except ConnectionResetError:
        return b""


def _is_answering(server: Server) -> None:
    assert _open_connections(server)


def _is_hung_up(server: Server) -> None:
    assert not _open_connections(server)


def _open_connections(server: Server) -> list[object]:
    """Of the server's processes; the system may have accepted one that they do not know of yet."""
    tree = psutil.Process(server.process.pid).children(recursive=True)
    return [c for p in tree for c in p.net_connections() if c.status == "ESTABLISHED"]
