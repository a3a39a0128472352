"""Sending, one mail a job; and the clock's part of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from cvtube.jobs.errors import LeaseLost, RetryableError
from cvtube.jobs.handler import LOST, READY, Errand
from cvtube.jobs.heartbeat import Heartbeat
from cvtube.jobs.scheduling import Terms
from cvtube.mail import outbox
from cvtube.mail.models import Mail
from cvtube.queue.names import WORKER_ROLES
from cvtube.runtime import Runtime, current
from cvtube.settings import Settings

# Nothing extends it: it must outlive whatever a worker may take, or a slow server gets the mail
# again while it is still taking it. A worker that dies while sending leaves a mail that is tried
# again: at worst it arrives twice, it is never lost.
LEASE = timedelta(seconds=WORKER_ROLES["general"].job_timeout_s + 10)
RETRY_AFTER = (timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6))


class SendMail(Errand):
    """Try to deliver one mail."""

    backoff = RETRY_AFTER

    @classmethod
    def terms(cls, settings: Settings) -> Terms:  # noqa: ARG003
        return Terms(LEASE, len(RETRY_AFTER) + 1)

    @classmethod
    def longest_wait(cls, tries: int) -> timedelta:
        return cls.wait_after(tries)

    def run(self, runtime: Runtime, heartbeat: Heartbeat) -> None:  # noqa: ARG002
        with runtime.reading() as session:
            mail = session.get(Mail, self.held.target_id)
            if mail is None:
                raise LeaseLost
            letter = outbox.message(mail, runtime.settings.mail_from)
        try:
            outbox.sender_for(runtime.settings.mail_url).send(letter)
        except OSError as failure:
            raise RetryableError(type(failure).__name__) from failure

    def finish(self, session: Session, made: object, now: datetime, settings: Settings) -> bool:
        done = super().finish(session, made, now, settings)
        if done:
            outbox.mark_sent(session, self.held.target_id, now)
        return done

    def ended(self, session: Session, outcome: str, now: datetime) -> None:  # noqa: ARG002
        if outcome not in {READY, LOST}:
            outbox.note_error(session, self.held.target_id, outcome)


def tend_outbox() -> None:
    """Wipe what old mails said."""
    runtime = current()
    with runtime.transaction() as session:
        outbox.forget_old(session, runtime.now())
