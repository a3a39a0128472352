"""Writing mails, and sending what waits.

A mail's text is a template below `templates/emails/`: its first line is the subject, the
rest is the body. It is rendered in the receiver's language, which is rarely the sender's.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from functools import cache
from urllib.parse import unquote, urlsplit

from email_validator import EmailNotValidError, validate_email
from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from cvtube.address_forms import LOOPBACK
from cvtube.i18n import catalogue
from cvtube.mail.models import Mail
from cvtube.queue.dispatch import Job, wake
from cvtube.queue.names import Queue

SEND = Job("cvtube.mail.jobs.send_mail", Queue.GENERAL)

RETRY_AFTER = (timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6))
BODY_KEPT = timedelta(days=7)
KEPT = timedelta(days=90)
SMTP_TIMEOUT_S = 20


def post(
    session: Session, now: datetime, to: str, template: str, language: str, **values: object
) -> Mail:
    """Write a mail and have it sent after the commit."""
    text = _environment(language).get_template(f"{template}.txt").render(**values)
    subject, _, body = text.partition("\n")
    mail = Mail(
        to_address=to,
        subject=subject.strip(),
        body=body.strip() + "\n",
        created_at=now,
        not_before=now,
    )
    session.add(mail)
    session.flush()  # the id is needed for the bell
    wake(session, SEND, mail.id)
    return mail


def _waits(now: datetime) -> ColumnElement[bool]:
    """It may be tried now. A wait longer than any: the clock was set back meanwhile."""
    over = [
        and_(Mail.attempts == attempts, Mail.not_before > now + 2 * wait)
        for attempts, wait in enumerate(RETRY_AFTER, start=1)
    ]
    due = or_(Mail.attempts == 0, Mail.not_before <= now, *over)
    return and_(Mail.sent_at.is_(None), Mail.attempts <= len(RETRY_AFTER), due)


def due(session: Session, now: datetime) -> Sequence[str]:
    """The ids of mails that wait and may be tried now."""
    return session.scalars(
        select(Mail.id).where(_waits(now)).order_by(Mail.created_at).limit(500)
    ).all()


def claim(session: Session, mail_id: str, now: datetime) -> Mail | None:
    """Take the mail for one try; None if it is sent, tried by another, or given up.

    A worker that dies while sending leaves a mail that is tried again later: at worst it
    arrives twice, it is never lost.
    """
    mail = session.scalar(select(Mail).where(Mail.id == mail_id, _waits(now)))
    if mail is None:
        return None
    wait = RETRY_AFTER[min(mail.attempts, len(RETRY_AFTER) - 1)]
    taken = session.execute(
        update(Mail)
        .where(Mail.id == mail_id, Mail.attempts == mail.attempts, Mail.sent_at.is_(None))
        .values(attempts=Mail.attempts + 1, not_before=now + wait)
        .returning(Mail.id)
    ).first()
    return mail if taken else None


def forget_old(session: Session, now: datetime) -> None:
    """Forget what mails said (their links are for one person only), and later that they were."""
    given_up = and_(Mail.sent_at.is_(None), Mail.attempts > len(RETRY_AFTER))
    over = or_(Mail.sent_at < now - BODY_KEPT, and_(given_up, Mail.not_before < now - BODY_KEPT))
    session.execute(update(Mail).where(over, Mail.body != "").values(body=""))
    session.execute(delete(Mail).where(Mail.body == "", Mail.created_at < now - KEPT))


def forget_address(session: Session, address: str) -> None:
    """Forget every mail to an address whose owner leaves, sent or not."""
    session.execute(delete(Mail).where(Mail.to_address == address))


def message(mail: Mail, sender: str) -> EmailMessage:
    """The mail as it goes over the wire."""
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = wire_form(mail.to_address)
    letter["Subject"] = mail.subject
    letter["Date"] = format_datetime(mail.created_at)
    letter["Message-ID"] = make_msgid(mail.id, domain=sender.rpartition("@")[2].rstrip(">"))
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    letter.set_content(mail.body)
    return letter


def wire_form(address: str) -> str:
    """The address as every mail server understands it: domains of any script in ASCII."""
    try:
        return validate_email(address, check_deliverability=False).ascii_email or address
    except EmailNotValidError:  # one of this network alone, such as root@localhost
        return address


class NoStartTls(smtplib.SMTPException):
    """The server does not offer STARTTLS, or somebody in between has cut the offer out."""


class SmtpSender:
    """Delivers through the server a `mail_url` names: smtp:// (STARTTLS) or smtps:// (TLS at once).

    Certificates are verified, and without TLS no password and no mail is sent: mails hold links
    that open accounts (RFC 8314, section 3). A server on this very machine is spoken to in the
    clear; there is nobody in between, and its certificate is usually its own.
    """

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)

    def send(self, message: EmailMessage) -> None:
        with self._connection() as server:
            server.send_message(message)

    def greet(self) -> None:
        """Be let in, and leave again; raises what `send` would."""
        with self._connection() as server:
            server.noop()

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        secure = self._parts.scheme == "smtps"
        host = self._parts.hostname or ""
        context = ssl.create_default_context()
        with (
            smtplib.SMTP_SSL(host, self._parts.port or 465, timeout=SMTP_TIMEOUT_S, context=context)
            if secure
            else smtplib.SMTP(host, self._parts.port or 587, timeout=SMTP_TIMEOUT_S)
        ) as server:
            server.ehlo()
            if not secure and host not in LOOPBACK:
                if not server.has_extn("starttls"):
                    raise NoStartTls
                server.starttls(context=context)
                server.ehlo()
            if self._parts.username:
                server.login(unquote(self._parts.username), unquote(self._parts.password or ""))
            yield server


class OutboxOnly:
    """Delivers nothing: the mail stays readable on the outbox page."""

    def send(self, message: EmailMessage) -> None:
        """The row is the delivery."""


def sender_for(mail_url: str) -> SmtpSender | OutboxOnly:
    """What the setting asks for."""
    return OutboxOnly() if mail_url == "outbox" else SmtpSender(mail_url)


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("cvtube", "templates/emails"),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 (plain text; nothing here is shown by a browser)
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    return environment
