"""How often one network may knock, with Redis and without it: a room of people, or a program."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cvtube.accounts import passwords
from cvtube.accounts.models import Role
from cvtube.app import create_app
from cvtube.web.security import limiter
from tests import factories
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


NETWORK = {"REMOTE_ADDR": "203.0.113.9"}
RIGHT = "un vieux moulin bleu"


@pytest.fixture
def room(runtime):
    """Thirty people of a workshop, all behind one address."""
    with runtime.transaction() as session:
        people = [
            factories.make_user(
                session,
                runtime.now(),
                name=f"Person{n}",
                role=Role.CANDIDATE,
                password_hash=passwords.make_hash(RIGHT),
            )
            for n in range(30)
        ]
    return [person.email for person in people]


def sign_in(client, email, password=RIGHT):
    data = {"email": email, "password": password}
    return client.post("/login", data=data, headers=PROGRAM, environ_overrides=NETWORK).status_code


def test_a_room_signs_in_within_a_minute_and_everybody_mistypes_once(open_site, room):
    app = open_site()
    for wrong, right in ((sign_in(app.test_client(), one, "wrong"), one) for one in room):
        assert (wrong, sign_in(app.test_client(), right)) == (422, 303)


def test_who_is_let_in_does_not_count_among_the_wrong_ones(open_site, room):
    client = open_site().test_client()
    assert [sign_in(client, room[n % 30]) for n in range(40)] == [303] * 40
    assert knock(client, 61) == [422] * 60 + [429]


def test_one_network_may_be_wrong_sixty_times_a_minute(open_site):
    client = open_site().test_client()
    assert knock(client, 62) == [422] * 60 + [429] * 2
    answer = client.post("/login", headers=PROGRAM, environ_overrides=NETWORK)
    assert answer.json["code"] == "too_many_requests"
    assert 0 <= int(answer.headers["Retry-After"]) <= 60
    assert knock(client, 1, "203.0.113.10") == [422]
    assert client.get("/login").status_code == 200


def test_a_network_that_guesses_keeps_nobody_out_of_their_own_browser(open_site, room):
    app = open_site()
    own, stranger = app.test_client(), app.test_client()
    assert sign_in(own, room[0]) == 303
    own.post("/logout", environ_overrides=NETWORK)
    knock(stranger, 61)
    assert sign_in(stranger, room[1]) == 429
    assert sign_in(own, room[1]) == 429  # it knows one address alone
    assert sign_in(own, room[0]) == 303


def test_guessing_one_password_is_as_slow_from_sixty_networks(open_site, room):
    app = open_site()
    answers = [
        app.test_client().post(
            "/login",
            data={"email": room[0], "password": "wrong"},
            headers=PROGRAM,
            environ_overrides={"REMOTE_ADDR": f"203.0.113.{n}"},
        )
        for n in range(60)
    ]
    assert [answer.json["code"] for answer in answers] == ["wrong_log_in"] * 3 + [
        "tries_slowed"
    ] * 57


def test_an_ipv6_customer_is_one_network(open_site):
    client = open_site().test_client()
    for i in range(60):
        assert knock(client, 1, f"2001:db8:1:2::{i:x}") == [422]
    assert knock(client, 1, "2001:db8:1:2:ffff::1") == [429]
    assert knock(client, 1, "2001:db8:1:3::1") == [422]


def test_a_room_makes_its_accounts_within_a_minute_and_a_program_no_more_than_forty(open_site):
    app = open_site()

    def sign_up(n, **wrong):
        form = {"given_name": "Zoé", "email": f"zoe{n}@example.org", "password": RIGHT, **wrong}
        client = app.test_client()
        answer = client.post("/signup", data=form, headers=PROGRAM, environ_overrides=NETWORK)
        return answer.status_code

    for n in range(30):
        assert (sign_up(n, password="short"), sign_up(n)) == (422, 303)
    assert [sign_up(n) for n in range(30, 42)] == [303] * 10 + [429] * 2


def test_a_room_goes_on_on_its_phones_within_a_minute(open_site, runtime, room):
    app = open_site()
    for one in room:
        desk = app.test_client()
        sign_in(desk, one)
        begun = desk.post("/hand-overs", data={"next": "/account"}, environ_overrides=NETWORK)
        assert begun.status_code == 303
    again = [desk.post("/hand-overs", data={"next": "/account"}) for _ in range(20)]
    assert [answer.status_code for answer in again] == [303] * 19 + [429]


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/signup", 120),
        ("/signup/recruiter", 120),
        ("/forgotten-password", 40),
        ("/confirm/x", 60),
        ("/card", 60),
        ("/phone/x", 180),
    ],
)
def test_the_other_doors_have_their_own_measure(open_site, path, most):
    client = open_site().test_client()
    statuses = knock(client, most + 1, path=path)
    assert 429 not in statuses[:-1]
    assert statuses[-1] == 429


def test_without_redis_this_process_counts_by_itself(open_site):
    client = open_site(redis_url=f"redis://127.0.0.1:{free_port()}").test_client()
    assert knock(client, 62, "203.0.113.20") == [422] * 60 + [429] * 2
