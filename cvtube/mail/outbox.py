"""Writing mails, and sending what waits.

A mail's text is a template below `templates/emails/`: its first line is the subject, the
rest is the body. It is rendered in the receiver's language, which is rarely the sender's.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
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
from cvtube.jobs.enqueue import enqueue, forget, is_open
from cvtube.jobs.kinds import SEND_MAIL
from cvtube.mail.models import Mail

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
    )
    session.add(mail)
    session.flush()  # the id is needed for the job
    enqueue(session, SEND_MAIL, mail.id, now)
    return mail


def mark_sent(session: Session, mail_id: str, now: datetime) -> None:
    """It is on its way."""
    session.execute(update(Mail).where(Mail.id == mail_id).values(sent_at=now, error=None))


def note_error(session: Session, mail_id: str, outcome: str) -> None:
    """Why the last try did not send it, for operators."""
    session.execute(update(Mail).where(Mail.id == mail_id).values(error=outcome))


def forget_old(session: Session, now: datetime) -> None:
    """Forget what mails said (their links are for one person only), and later that they were."""
    given_up = and_(Mail.sent_at.is_(None), ~is_open(SEND_MAIL, Mail.id))
    over = or_(Mail.sent_at < now - BODY_KEPT, and_(given_up, Mail.created_at < now - BODY_KEPT))
    session.execute(update(Mail).where(over, Mail.body != "").values(body=""))
    _forget(session, (Mail.body == "") & (Mail.created_at < now - KEPT))


def forget_address(session: Session, address: str) -> None:
    """Forget every mail to an address whose owner leaves, sent or not."""
    _forget(session, Mail.to_address == address)


def _forget(session: Session, which: ColumnElement[bool]) -> None:
    gone = session.scalars(select(Mail.id).where(which)).all()
    forget(session, [SEND_MAIL], gone)  # the jobs first, as workers lock them
    session.execute(delete(Mail).where(Mail.id.in_(gone)))


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
