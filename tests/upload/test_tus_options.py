"""OPTIONS: what this server can do, told to anybody."""

from __future__ import annotations

from tests.upload.tus import Tus


def test_everybody_may_ask_what_the_server_can_do(client):
    answer = Tus(client).options(tus_resumable=None)
    assert answer.status_code == 204
    assert answer.headers["Tus-Resumable"] == answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Max-Size"] == str(2048 * 1024 * 1024)
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"
    assert answer.headers["Tus-Extension"].split(",") == [
        "creation",
        "creation-with-upload",
        "creation-defer-length",
        "checksum",
        "expiration",
        "termination",
    ]


def test_the_version_the_client_speaks_is_ignored(client):
    assert Tus(client).options(tus_resumable="0.2.2").status_code == 204


def test_an_upload_answers_the_same(tus):
    path = tus.create(5).headers["Location"]
    assert tus.options(path).headers["Tus-Extension"] == tus.options().headers["Tus-Extension"]
