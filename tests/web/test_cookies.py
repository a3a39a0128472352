"""A log-in holds on every web server, whatever the clocks say."""

from __future__ import annotations

import time

import pytest
from flask import session
from itsdangerous import TimestampSigner

from cvtube.accounts.sessions import LONGEST

DAY_S = 86_400


@pytest.fixture
def signed_at(monkeypatch):
    """What the clock of the server that signs says: seconds from now."""

    def set_clock(ahead_s):
        monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: int(time.time()) + ahead_s)

    return set_clock


@pytest.mark.parametrize("ahead_s", [0, 1, 30, 3600, -3600])
def test_a_log_in_made_by_another_servers_clock_holds(people, signed_at, ahead_s):
    signed_at(ahead_s)
    browser = people.client("ada")
    assert browser.get("/my-films").status_code == 200
    signed_at(0)
    assert browser.get("/my-films").status_code == 200


def test_a_cookie_older_than_any_log_in_is_not_read(own_app, signed_at):
    signer = own_app.session_interface.get_signing_serializer(own_app)
    name = own_app.config["SESSION_COOKIE_NAME"]
    for age_s, kept in ((LONGEST.total_seconds() - DAY_S, 1), (LONGEST.total_seconds() + 1, 0)):
        signed_at(-int(age_s))
        cookie = signer.dumps({"mark": "x"})
        with own_app.test_request_context(headers={"Cookie": f"{name}={cookie}"}):
            assert len(session) == kept


@pytest.mark.parametrize("cookie", ["", "x", "x.y.z", "e30.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"])
def test_a_cookie_that_nobody_signed_says_nothing(client, app, cookie):
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie)
    assert client.get("/my-films").status_code == 303
