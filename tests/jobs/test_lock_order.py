"""A job is locked before what it is about, or two transactions wait for each other for ever."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from cvtube.jobs import claiming
from cvtube.jobs.kinds import EXPORT
from cvtube.jobs.worker import run_next
from cvtube.mail import outbox
from cvtube.mail.models import Mail
from cvtube.queue.names import Queue
from cvtube.videos import exports, queries
from cvtube.videos.files import FilmFile
from tests import factories
from tests.races import somebody_waits


@pytest.fixture
def meanwhile(runtime):
    """Does something in a transaction of its own, until that waits; it may end after the test."""
    with ThreadPoolExecutor(1) as pool:

        def begin(work):
            def whole():
                with runtime.transaction() as session:
                    work(session)

            other = pool.submit(whole)
            while not (other.done() or somebody_waits(runtime)):
                time.sleep(0.01)
            return other

        yield begin


@pytest.fixture
def video_id(runtime, now):
    """A film that was ordered as one file, and looks otherwise by now."""
    with runtime.transaction() as session:
        ada = factories.make_user(session, now)
        film = factories.make_video(session, ada, now)
        factories.make_ready_clip(session, film.chapters[0], now, owner=ada)
        session.expire_all()
        exports.order_export(session, queries.load_video(session, film.id), now)
        session.execute(update(FilmFile).values(cut="another"))
        return film.id


@pytest.mark.parametrize("what", ["ordered anew", "dropped"])
def test_a_file_that_is_asked_for_or_dropped_while_a_worker_begins_it(
    runtime, clock, meanwhile, monkeypatch, video_id, what
):
    start, others = exports.start_export, []

    def order(session):
        if what == "dropped":
            exports.drop_expired(session, video_id, clock() + exports.KEPT)
        else:
            exports.order_export(session, queries.load_video(session, video_id), clock())

    def start_meanwhile(session, held):
        others.append(meanwhile(order))
        return start(session, held)

    monkeypatch.setattr(exports, "start_export", start_meanwhile)
    with runtime.transaction() as session:
        held = claiming.claim_next(session, Queue.TRANSCODE, clock(), runtime.settings)
    assert (held.kind, held.target_id) == (EXPORT, video_id)
    others[0].result()


def test_a_mail_that_is_forgotten_while_a_worker_ends_sending_it(
    runtime, clock, meanwhile, monkeypatch
):
    with runtime.transaction() as session:
        outbox.post(session, clock(), "zoe@example.org", "account_deleted", "fr", name="Zoé")
    mark, others = outbox.mark_sent, []

    def mark_meanwhile(session, mail_id, now):
        others.append(meanwhile(lambda other: outbox.forget_address(other, "zoe@example.org")))
        mark(session, mail_id, now)

    monkeypatch.setattr(outbox, "mark_sent", mark_meanwhile)
    run_next(Queue.GENERAL)
    others[0].result()
    with runtime.reading() as session:
        assert session.query(Mail).all() == []
