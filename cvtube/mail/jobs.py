"""Sending, one mail a job; and the clock's part of it."""

from __future__ import annotations

from cvtube.mail import outbox
from cvtube.mail.models import Mail
from cvtube.queue.dispatch import ring_quietly
from cvtube.runtime import current


def send_mail(mail_id: str) -> None:
    """Try to deliver one mail."""
    runtime = current()
    with runtime.transaction() as session:
        mail = outbox.claim(session, mail_id, runtime.now())
        if mail is None:
            return
        letter = outbox.message(mail, runtime.settings.mail_from)
    error = None
    try:
        outbox.sender_for(runtime.settings.mail_url).send(letter)
    except OSError as failure:
        error = type(failure).__name__
    with runtime.transaction() as session:
        mail = session.get_one(Mail, mail_id)
        mail.error = error
        mail.sent_at = None if error else runtime.now()


def tend_outbox() -> None:
    """Ring for every mail that waits, and wipe what old ones said."""
    runtime = current()
    with runtime.transaction() as session:
        outbox.forget_old(session, runtime.now())
        waiting = outbox.due(session, runtime.now())
    for mail_id in waiting:
        ring_quietly(runtime.bell, outbox.SEND, mail_id)
