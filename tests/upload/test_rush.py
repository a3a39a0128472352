"""Many people who begin to send at the same moment."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event

from cvtube.accounts.models import Role
from cvtube.accounts.sessions import open_session
from cvtube.db import sqlite
from tests import factories
from tests.upload.tus import Tus

pytestmark = pytest.mark.both_databases

ROOM = 50


@pytest.fixture
def busy_machine(engine, monkeypatch):
    """What a crowded machine does to ten seconds of waiting, on any machine."""
    monkeypatch.setattr(sqlite, "WAIT_MS", 100)
    engine.dispose()
    slowly = threading.Event()

    def commit(_connection):
        slowly.wait(0.01)

    event.listen(engine, "commit", commit)
    yield
    event.remove(engine, "commit", commit)


@pytest.fixture
def senders(app, runtime, now):
    browsers = []
    with runtime.transaction() as session:
        for number in range(ROOM):
            user = factories.make_user(session, now, name=f"Ada{number}", role=Role.CANDIDATE)
            token = open_session(session, user, now, device="Tests")
            browsers.append((app.test_client(), token))
    for browser, token in browsers:
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = token
    return [Tus(browser) for browser, _ in browsers]


def test_fifty_who_begin_to_send_at_once_all_may(senders, busy_machine):
    together = threading.Barrier(ROOM, timeout=60)

    def begin(tus):
        together.wait()
        return tus.create(9000).status_code

    with ThreadPoolExecutor(ROOM) as room:
        assert list(room.map(begin, senders)) == [201] * ROOM
