"""A take in a real Chromium, from the camera to the server."""

from __future__ import annotations

from playwright.sync_api import expect


def test_a_take_is_filmed_sent_while_it_is_filmed_and_looked_at(filming, tmp_path):
    filming.start()
    filming.film_for(3)
    filming.wait_until_received(1)
    filming.wait_for_state("recording")
    filming.stop()
    (data,) = filming.wait_until_sent()
    (tmp_path / "take").write_bytes(data)
    expect(filming.page.locator("[data-place] [data-place-of-take=sent]")).to_be_visible()
    assert filming.complaints == []
