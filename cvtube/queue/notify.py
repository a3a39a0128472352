"""Handing work on: after the commit, workers are told that there is some.

Telling them is best effort. The row in the database says what is to be done, and the clock tells
them again of every row that nobody took up, so an unreachable Redis costs time and nothing else.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from cvtube.db.after_commit import after_commit
from cvtube.queue.names import Queue

log = logging.getLogger(__name__)

_NOTIFIER = "cvtube_notifier"


@dataclass(frozen=True)
class Message:
    """What a worker is told: the dotted path of a function, which takes one name and nothing else.

    The path is a wire format: messages sent by one release are heard by the next.
    """

    path: str
    queue: Queue


class Notifier(Protocol):
    """Whatever wakes a worker."""

    def notify(self, job: Message, subject_id: str) -> None:
        """Ask for the job to be run soon; raises NotifyError if nobody can be asked."""


class NotifyError(Exception):
    """Redis does not answer; the clock will tell them again."""


def bind_notifier(session: Session, notifier: Notifier) -> Session:
    """Give a session what `notify_after_commit` calls."""
    session.info[_NOTIFIER] = notifier
    return session


def notify_after_commit(session: Session, job: Message, subject_id: str) -> None:
    """Tell workers once this session's transaction is committed."""
    notifier: Notifier = session.info[_NOTIFIER]
    after_commit(session, lambda: try_notify(notifier, job, subject_id))


def try_notify(notifier: Notifier, job: Message, subject_id: str) -> bool:
    """Tell them, and only log it if nobody hears."""
    try:
        notifier.notify(job, subject_id)
    except NotifyError as error:
        log.warning("workers were not told of %s %s: %s", job.path, subject_id, error)
        return False
    return True
