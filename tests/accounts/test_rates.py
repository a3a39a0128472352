"""How often one network may knock, with Redis and without it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cvtube.app import create_app
from cvtube.web.security import limiter
from tests.services import free_port

PROGRAM = {"Accept": "application/json", "Accept-Language": "en"}


@pytest.fixture
def open_site(runtime, monkeypatch):
    """An application that counts; its Redis may be away."""
    monkeypatch.setattr(limiter, "enabled", True)
    monkeypatch.setattr(limiter, "_storage_dead", False)

    def open_site(**changes):
        settings = runtime.settings.model_copy(update=changes)
        app = create_app(replace(runtime, settings=settings))
        app.config.update(WTF_CSRF_ENABLED=False)
        return app

    return open_site


def knock(client, n, address="203.0.113.9", path="/login"):
    """The statuses of so many log-ins, each with another address and so with its own brake."""
    return [
        client.post(
            path,
            data={"email": f"{address}-{i}@example.org".replace(":", "-"), "password": "x" * 9},
            headers=PROGRAM,
            environ_overrides={"REMOTE_ADDR": address},
        ).status_code
        for i in range(n)
    ]


def test_one_network_may_try_twenty_log_ins_a_minute(open_site):
    client = open_site().test_client()
    assert knock(client, 22) == [422] * 20 + [429] * 2
    answer = client.post(
        "/login", headers=PROGRAM, environ_overrides={"REMOTE_ADDR": "203.0.113.9"}
    )
    assert answer.json["code"] == "too_many_requests"
    assert 0 <= int(answer.headers["Retry-After"]) <= 60
    assert knock(client, 1, "203.0.113.10") == [422]
    assert client.get("/login").status_code == 200


def test_an_ipv6_customer_is_one_network(open_site):
    client = open_site().test_client()
    for i in range(20):
        assert knock(client, 1, f"2001:db8:1:2::{i:x}") == [422]
    assert knock(client, 1, "2001:db8:1:2:ffff::1") == [429]
    assert knock(client, 1, "2001:db8:1:3::1") == [422]


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/signup", 10),
        ("/signup/recruiter", 10),
        ("/forgotten-password", 10),
        ("/confirm/x", 30),
        ("/card", 60),
        ("/phone/x", 60),
    ],
)
def test_the_other_doors_have_their_own_measure(open_site, path, most):
    client = open_site().test_client()
    statuses = knock(client, most + 1, path=path)
    assert 429 not in statuses[:-1]
    assert statuses[-1] == 429


def test_without_redis_this_process_counts_by_itself(open_site):
    client = open_site(redis_url=f"redis://127.0.0.1:{free_port()}").test_client()
    assert knock(client, 22, "203.0.113.20") == [422] * 20 + [429] * 2
