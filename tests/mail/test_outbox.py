"""A mail is a row first: it waits, is tried again, and is never lost nor kept too long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import jinja2
import pytest
from sqlalchemy import select

from cvtube.i18n import LANGUAGES
from cvtube.jobs import claiming, reconciling
from cvtube.jobs.kinds import SEND_MAIL
from cvtube.jobs.models import JobState
from cvtube.jobs.worker import run_next
from cvtube.mail import jobs, outbox
from cvtube.mail.models import Mail
from cvtube.queue.names import WORKER_ROLES, Queue
from tests import factories
from tests.factories import SilentNotifier

pytestmark = pytest.mark.both_databases


@pytest.fixture
def notifier(runtime, monkeypatch):
    heard = SilentNotifier()
    monkeypatch.setattr(
        type(runtime.notifier), "notify", lambda _, job, what: heard.notify(job, what)
    )
    return heard


def write(runtime, language="en", name="Zoé"):
    with runtime.transaction() as session:
        mail = outbox.post(
            session, runtime.now(), "zoe@example.org", "confirm_address", language,
            name=name, link="http://localhost/confirm/x",
        )  # fmt: skip
        return mail.id


def read(runtime, mail_id):
    with runtime.reading() as session:
        return session.get(Mail, mail_id)


def test_it_is_written_in_the_readers_language_and_rings_after_the_commit(runtime, notifier):
    with runtime.transaction() as session:
        mail = outbox.post(
            session, runtime.now(), "zoe@example.org", "account_deleted", "fr", name="Zoé"
        )
        assert notifier.sent == []
    assert mail.subject == "Votre compte CV Tube est supprimé"
    assert mail.body.startswith("Bonjour Zoé,\n\n")
    assert notifier.sent == [factories.told(SEND_MAIL)]
    assert job(runtime, mail.id).target_id == mail.id


def test_what_is_rolled_back_is_not_mailed(runtime, notifier):
    with pytest.raises(RuntimeError), runtime.transaction() as session:
        outbox.post(session, runtime.now(), "zoe@example.org", "account_deleted", "fr", name="Zoé")
        raise RuntimeError
    assert notifier.sent == []
    with runtime.reading() as session:
        assert session.scalars(select(Mail)).all() == []


def test_a_forgotten_value_is_an_error_not_a_gap(runtime):
    with pytest.raises(jinja2.UndefinedError), runtime.transaction() as session:
        outbox.post(session, runtime.now(), "zoe@example.org", "confirm_address", "en", name="Zoé")


def job(runtime, mail_id):
    with runtime.reading() as session:
        return factories.job_of(session, SEND_MAIL, mail_id)


def claim(runtime, mail_id, now):
    with runtime.transaction() as session:
        terms = jobs.SendMail.terms(runtime.settings)
        return claiming.claim(
            session, SEND_MAIL, mail_id, now, lease=terms.lease, max_tries=terms.max_tries
        )


@pytest.fixture
def away(monkeypatch):
    """A mail server that is not there."""

    class Nobody:
        def send(self, message):
            raise ConnectionRefusedError

    monkeypatch.setattr(outbox, "sender_for", lambda _url: Nobody())


def test_each_try_that_fails_is_followed_by_a_longer_wait_and_at_last_by_none(runtime, clock, away):
    mail_id = write(runtime)
    waits = []
    for _ in range(4):
        run_next(Queue.GENERAL)
        assert read(runtime, mail_id).error == "ConnectionRefusedError"
        due_at = job(runtime, mail_id).not_before
        waits.append(due_at - clock())
        clock.time = due_at - timedelta(seconds=1)
        assert claim(runtime, mail_id, clock()) is None
        clock.time = due_at
    assert waits == list(jobs.RETRY_AFTER)
    run_next(Queue.GENERAL)
    given_up = job(runtime, mail_id)
    assert (given_up.state, given_up.tries, given_up.error_code) == (JobState.FAILED, 5, "gave_up")
    assert claim(runtime, mail_id, clock() + timedelta(days=30)) is None


def test_a_server_that_takes_its_time_gets_the_mail_once(runtime, clock, monkeypatch):
    mail_id, sent = write(runtime), []
    longest = timedelta(seconds=WORKER_ROLES["general"].job_timeout_s)

    class Slow:
        def send(self, message):
            sent.append(message)
            clock.time += longest
            reconciling.reconcile()
            run_next(Queue.GENERAL)  # of another worker

    monkeypatch.setattr(outbox, "sender_for", lambda _url: Slow())
    run_next(Queue.GENERAL)
    assert len(sent) == 1
    assert read(runtime, mail_id).sent_at == clock()
    assert job(runtime, mail_id) is None


def test_of_many_workers_one_takes_it(runtime, now):
    mail_id = write(runtime)

    def take(_):
        return claim(runtime, mail_id, now) is not None

    with ThreadPoolExecutor(8) as crowd:
        assert sum(crowd.map(take, range(16))) == 1


def test_a_worker_that_dies_costs_time_and_no_mail(runtime, clock, notifier):
    mail_id = write(runtime)
    claim(runtime, mail_id, clock())  # … and is never heard of again
    notifier.sent.clear()
    clock.time += jobs.LEASE
    reconciling.reconcile()
    clock.advance(seconds=29)
    reconciling.reconcile()
    assert notifier.sent == []
    clock.advance(seconds=1)
    reconciling.reconcile()
    assert notifier.sent == [factories.told(SEND_MAIL)]
    run_next(Queue.GENERAL)
    assert read(runtime, mail_id).sent_at == clock()


def test_the_clock_rings_for_mails_whose_bell_nobody_heard(runtime, clock, notifier):
    for _ in range(3):
        write(runtime)
    notifier.sent.clear()
    clock.time += reconciling.SILENCE
    reconciling.reconcile()
    assert notifier.sent == [factories.told(SEND_MAIL)] * 3


def test_a_mail_that_is_sent_or_gone_is_not_sent_again(runtime, clock):
    mail_id, gone = write(runtime), write(runtime)
    with runtime.transaction() as session:
        session.delete(session.get_one(Mail, gone))
    for _ in range(3):
        run_next(Queue.GENERAL)
    sent = read(runtime, mail_id)
    assert sent.sent_at == clock()
    assert job(runtime, mail_id) is None
    clock.advance(days=1)
    run_next(Queue.GENERAL)
    assert read(runtime, mail_id).sent_at == sent.sent_at


def test_what_it_said_is_forgotten_after_a_week_and_the_rest_after_three_months(runtime, clock):
    sent = write(runtime)
    run_next(Queue.GENERAL)
    given_up, waiting = write(runtime), write(runtime)
    with runtime.transaction() as session:
        held = claiming.claim(session, SEND_MAIL, given_up, clock(), lease=jobs.LEASE, max_tries=5)
        claiming.try_again(session, held, clock(), most_tries=1)

    clock.advance(days=6)
    jobs.tend_outbox()
    assert all(read(runtime, mail_id).body for mail_id in (sent, given_up, waiting))
    clock.advance(days=1, seconds=1)
    jobs.tend_outbox()
    assert (read(runtime, sent).body, read(runtime, given_up).body) == ("", "")
    assert read(runtime, waiting).body  # nobody has read it yet
    clock.advance(days=90)
    jobs.tend_outbox()
    assert read(runtime, sent) is read(runtime, given_up) is None
    assert read(runtime, waiting) is not None


VALUES = {
    "name": "Zoé", "link": "http://localhost/x", "words": "No such company.",
    "contact": "help@example.org",
}  # fmt: skip
ABOUT_ACCOUNTS = (
    "account_deleted", "account_exists", "address_changed", "change_address", "confirm_address",
    "password_changed", "recruiter_refused", "recruiter_verified", "reset_password",
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", ABOUT_ACCOUNTS)
def test_every_mail_has_a_subject_a_greeting_and_the_signature(runtime, template, language):
    with runtime.transaction() as session:
        mail = outbox.post(session, runtime.now(), "zoe@example.org", template, language, **VALUES)
    assert 8 < len(mail.subject) < 80
    assert mail.body.startswith({"fr": "Bonjour Zoé,", "en": "Hello Zoé,"}[language])
    signed = {
        "fr": "Bonne journée.\n\n-- \nL’équipe CV Tube\n",
        "en": "day.\n\n-- \nThe CV Tube team\n",
    }
    assert mail.body.endswith(signed[language])
    assert "\n\n\n" not in mail.body
