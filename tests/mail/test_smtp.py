"""Delivery to a real server, and what becomes of the mail when that fails."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from dataclasses import replace

import pytest

from cvtube import runtime as runtimes
from cvtube.jobs.worker import run_next
from cvtube.mail import outbox
from cvtube.mail.models import Mail
from cvtube.queue.names import Queue
from tests.mail.server import MailServer, running
from tests.services import free_port


@pytest.fixture
def server():
    with running(MailServer()) as server:
        yield server


@pytest.fixture
def deliver(runtime):
    """Writes a mail and tries to deliver it; returns its row."""

    def deliver(mail_url, to="zoe@example.org"):
        settings = runtime.settings.model_copy(
            update={"mail_url": mail_url, "mail_from": "CV Tube <no-reply@cv.example>"}
        )
        runtimes.install(replace(runtime, settings=settings))
        with runtime.transaction() as session:
            mail = outbox.post(
                session, runtime.now(), to, "confirm_address", "fr",
                name="Zoé", link="http://localhost/confirm/x",
            )  # fmt: skip
        run_next(Queue.GENERAL)
        with runtime.reading() as session:
            return session.get_one(Mail, mail.id)

    return deliver


def test_a_mail_arrives_as_it_was_written(server, deliver, runtime):
    mail = deliver(f"smtp://{server.address}")
    assert (mail.sent_at, mail.error) == (runtime.now(), None)
    (letter,) = server.letters
    assert server.recipients == ["zoe@example.org"]
    assert letter["From"] == "CV Tube <no-reply@cv.example>"
    assert letter["To"] == "zoe@example.org"
    assert letter["Subject"] == "Confirmez votre adresse e-mail pour CV Tube"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert mail.id in letter["Message-ID"]
    assert letter.get_content().replace("\r\n", "\n") == mail.body
    assert "Bonjour Zoé," in letter.get_content()


def test_a_domain_in_any_script_goes_over_the_wire_in_ascii(server, deliver):
    assert deliver(f"smtp://{server.address}", "zoe@exämple.org").sent_at
    assert deliver(f"smtp://{server.address}", "root@localhost").sent_at
    assert server.recipients == ["zoe@xn--exmple-cua.org", "root@localhost"]


def test_the_settings_user_logs_in(server, deliver):
    deliver(f"smtp://post%40cv:p%2Fss@{server.address}")
    assert server.logged_in == ("post@cv", "p/ss")
    assert server.letters


def test_a_server_on_this_machine_is_spoken_to_in_the_clear(server, deliver):
    assert deliver(f"smtp://{server.address}").sent_at
    assert "STARTTLS" in server.offers
    assert "STARTTLS" not in server.said


def test_a_refusal_is_noted_without_words_about_the_person_and_tried_again(
    server, deliver, runtime, clock, caplog
):
    server.refuse_with = "550 zoe@example.org is unknown"
    mail = deliver(f"smtp://{server.address}")
    assert (mail.sent_at, mail.error) == (None, "SMTPRecipientsRefused")
    assert "zoe@" not in caplog.text

    server.refuse_with = None
    clock.advance(seconds=30)
    run_next(Queue.GENERAL)
    with runtime.reading() as session:
        again = session.get_one(Mail, mail.id)
    assert (again.sent_at, again.error) == (clock(), None)


def test_no_server_at_all_is_an_error_like_any_other(deliver):
    mail = deliver(f"smtp://127.0.0.1:{free_port()}")
    assert (mail.sent_at, mail.error) == (None, "ConnectionRefusedError")


class Elsewhere(MailServer):
    """A server that is not on this machine, as far as anybody can tell by its name."""

    host = "127.0.0.2"


@pytest.mark.parametrize("offers", [["AUTH PLAIN"], ["AUTH PLAIN", "STARTTLS"]])
def test_no_server_elsewhere_gets_a_password_or_a_mail_in_the_clear(deliver, offers):
    """Not even where somebody in between has cut the offer of STARTTLS out."""
    with running(Elsewhere()) as server:
        server.offers = offers
        mail = deliver(f"smtp://mailer:topsecret@{server.address}")
        assert mail.sent_at is None
        assert str(mail.error).startswith("SSL" if "STARTTLS" in offers else "NoStartTls")
        assert server.logged_in is None
        assert server.letters == []
        assert "AUTH" not in server.said


def test_a_server_that_speaks_no_tls_gets_no_mail_over_smtps(server, deliver):
    mail = deliver(f"smtps://{server.address}")
    assert mail.sent_at is None
    assert mail.error == "SSLError"
    assert server.letters == []


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes its certificate with openssl")
def test_a_certificate_nobody_vouches_for_gets_no_mail(deliver, tmp_path):
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    make = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"]
    openssl = str(shutil.which("openssl"))
    subprocess.run(
        [openssl, *make, "-keyout", key, "-out", certificate], check=True, capture_output=True
    )
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    with running(MailServer(tls)) as server:
        mail = deliver(f"smtps://{server.address}")
        assert (mail.sent_at, mail.error) == (None, "SSLCertVerificationError")
        assert server.letters == []


def test_where_mails_are_only_kept_writing_is_sending(deliver, runtime):
    mail = deliver("outbox")
    assert mail.sent_at == runtime.now()
    assert "http://localhost/confirm/x" in mail.body
