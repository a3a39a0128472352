"""What browsers are told to do for our visitors' safety, and where holes are told of."""

from __future__ import annotations

from datetime import datetime

import pytest

from cvtube.web.security_txt import address_of

WHERE = "/.well-known/security.txt"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, None),
        ({"public_url": "https://localhost"}, "max-age=31536000; includeSubDomains"),
        ({"public_url": "https://localhost", "hsts_subdomains": False}, "max-age=31536000"),
    ],
)
def test_behind_tls_browsers_keep_to_it_for_every_host_below(site, changes, said):
    assert site(**changes).get("/healthz").headers.get("Strict-Transport-Security") == said


def test_whoever_leaves_takes_pictures_and_films_along_and_loses_no_recording(people):
    """It must not say "storage": what was filmed and is not sent yet is there."""
    answer = people.client("ada").post("/logout")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in people.client("ada").get("/account").headers


def test_people_who_find_a_hole_learn_whom_to_tell(site, now):
    page = site(contact="help@cv.example", public_url="https://localhost").get(WHERE)
    assert page.content_type.startswith("text/plain")
    said = dict(line.split(": ", 1) for line in page.text.splitlines())
    assert said["Contact"] == "mailto:help@cv.example"
    assert said["Canonical"] == f"https://localhost{WHERE}"
    assert 0 < (datetime.fromisoformat(said["Expires"]) - now).days < 365


def test_where_nobody_is_named_there_is_no_such_page(site):
    assert site().get(WHERE).status_code == 404


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ("help@cv.example", "mailto:help@cv.example"),
        ("https://cv.example/help", "https://cv.example/help"),
        ("ask at the desk", None),
        ("http://cv.example", None),
        ("", None),
    ],
)
def test_a_contact_is_an_address_or_is_not_told(contact, said):
    assert address_of(contact) == said
