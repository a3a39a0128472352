"""Pages go out compressed by the product itself, whatever stands in front."""

from __future__ import annotations

import gzip

PACKS = {"Accept-Encoding": "gzip, deflate, br"}


def test_a_page_is_packed_for_a_browser_that_unpacks_it(client):
    plain, compressed = client.get("/login"), client.get("/login", headers=PACKS)
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert int(compressed.headers["Content-Length"]) == len(compressed.data) < len(plain.data) / 2
    assert gzip.decompress(compressed.data).startswith(b"<!doctype html>")
    assert "Content-Encoding" not in plain.headers
    for answer in (plain, compressed):
        assert "Accept-Encoding" in answer.headers["Vary"]


def test_the_same_page_has_many_lengths_so_that_none_tells_its_secrets(client):
    lengths = {len(client.get("/login", headers=PACKS).data) for _ in range(20)}
    assert len(lengths) > 3


def test_what_is_small_or_packed_already_stays_as_it_is(client):
    assert "Content-Encoding" not in client.get("/healthz", headers=PACKS).headers


def test_errors_are_packed_too(client):
    answer = client.get("/nowhere", headers=PACKS)
    assert answer.status_code == 404
    assert b"<!doctype html>" in gzip.decompress(answer.data)
