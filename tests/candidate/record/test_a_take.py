"""A take in a real Chromium, from the camera to the server."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.spoken_pages import button


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


def test_what_is_read_aloud_ends_before_the_microphone_counts(filming):
    filming.wait_for_state("ready")
    listen = button(filming.page)
    listen.click()
    expect(filming.page.locator("h1.is-read")).to_have_text("Bonjour")
    filming.button("Commencer à filmer").click()
    expect(listen).to_be_hidden()
    expect(filming.page.locator(".is-read")).to_have_count(0)
    filming.wait_for_state("recording")
    expect(listen).to_be_hidden()
    filming.film_for(1)
    filming.stop()
    expect(listen).to_be_visible()
    expect(listen).to_have_attribute("aria-pressed", "false")
