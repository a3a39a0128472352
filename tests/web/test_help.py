"""Where help is offered: an address if there is one, nobody if not, and the next step."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cvtube.app import create_app
from cvtube.web.security import limiter

PAGE = {"Accept": "text/html", "Accept-Language": "en"}
ADDRESS = "help@example.org"


@pytest.fixture(params=["", ADDRESS])
def contact(request):
    return request.param


@pytest.fixture
def client(runtime, contact, monkeypatch):
    monkeypatch.setattr(limiter, "enabled", False)
    settings = runtime.settings.model_copy(update={"contact": contact})
    app = create_app(replace(runtime, settings=settings))
    app.config.update(TESTING=True)
    return app.test_client()


def test_a_refusal_says_whom_to_ask_and_what_to_tell_them(client, contact):
    said = client.get("/nothing/here", headers=PAGE).text
    assert ("For help, contact" in said) is (f'href="mailto:{ADDRESS}"' in said) is bool(contact)
    assert ("Error code: not_found" in said) == (not contact)
    assert "not_found" in said


def test_the_accessibility_page_leads_on_whether_or_not_there_is_a_contact(client, contact):
    said = client.get("/accessibility", headers=PAGE).text
    assert ("If you cannot use a page, write to" in said) is bool(contact)
    assert "In France, you can write to the" in said


def test_a_form_sent_too_late_offers_its_page_again(client):
    referrer = {"Referer": "https://cv.example.org/login?next=/profile"}
    said = client.post("/login", headers={**PAGE, **referrer}).text
    assert "Open this page again" in said
    assert 'href="/login?next=/profile"' in said
    assert "Open this page again" not in client.post("/login", headers=PAGE).text


def test_no_other_site_is_offered(client):
    referrer = {"Referer": "https://cv.example.org//elsewhere.example.org/"}
    said = client.post("/login", headers={**PAGE, **referrer}).text
    assert "elsewhere" not in said


@pytest.mark.parametrize("address", ["/login", "/card"])
def test_whoever_stays_signed_in_knows_what_it_means(client, address):
    said = client.get(address, headers=PAGE).text
    assert "On a shared computer, leave this empty." in said
    assert 'aria-describedby="stay-hint"' in said


def test_whoever_cannot_scan_a_card_is_told_how(client):
    said = client.get("/card", headers=PAGE).text
    assert "I need help with my card" in said
    assert "Point it at the square on the card." in said
