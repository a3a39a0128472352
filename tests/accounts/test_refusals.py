"""What is refused is counted for the log: by role and page, and of nobody in particular."""

from __future__ import annotations

import logging

import pytest

from cvtube.accounts import refusals
from tests.accounts.test_authentication import log_in

FILM = "/films/01JSECRETFILM0000000000000"


@pytest.fixture
def minute(client, monkeypatch, caplog):
    """Lets a minute end; what is told then."""
    caplog.set_level(logging.INFO, logger=refusals.__name__)

    def end(client):
        monkeypatch.setattr(refusals, "TOLD_EVERY_S", 0)
        client.get("/healthz")
        monkeypatch.setattr(refusals, "TOLD_EVERY_S", 60)
        told = [line.getMessage() for line in caplog.records if line.name == refusals.__name__]
        caplog.clear()
        return told

    end(client)  # the application may be older than a minute
    return end


def test_refusals_are_told_by_role_and_page_once_a_minute(people, client, minute):
    rae, cy = people.client("rae"), people.client("cy")
    for _ in range(3):
        rae.get(FILM)
    cy.get("/moderation")
    client.get("/moderation", headers={"Accept": "application/json"})
    client.get("/wp-login.php")
    assert minute(client) == [
        "refused: 401 nobody, moderation.queue: 1 times",
        "refused: 404 candidate, moderation.queue: 1 times",
        "refused: 404 nobody, no such page: 1 times",
        "refused: 404 recruiter, browse.watch: 3 times",
    ]
    assert minute(client) == []


def test_wrong_passwords_are_counted_and_right_ones_are_not(client, people, minute):
    for _ in range(2):
        log_in(client, people.ada.email, "wrong")
    client.get("/login")
    assert minute(client) == ["refused: 422 nobody, accounts.log_in: 2 times"]


def test_a_suspended_person_is_refused_as_nobody(client, people, runtime, minute):
    ada = people.client("ada")
    with runtime.transaction() as session:
        session.merge(people.ada).suspended_at = runtime.now()
    ada.get("/account")
    assert minute(client) == ["refused: 403 nobody, accounts.settings: 1 times"]


def test_the_log_names_no_person_no_film_and_no_network(client, people, minute):
    people.client("rae").get(f"{FILM}?q=Perrin", environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    log_in(client, people.ada.email, "wrong")
    told = " ".join(minute(client))
    assert told
    secrets = (people.rae.id, people.ada.email, "SECRET", "Perrin", "203.0.113")
    assert [secret for secret in secrets if secret in told] == []


def test_people_who_are_let_in_are_not_counted(people, client, minute):
    people.client("ada").get("/account")
    client.get("/")
    assert minute(client) == []
