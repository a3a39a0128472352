"""Handing work on: after the commit, ring the bell of the job that the new state wakes.

Ringing is best effort. The row in the database says what is to be done, and the clock rings
again for every row that nobody took up, so an unreachable Redis costs time and nothing else.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from cvtube.db.after_commit import after_commit
from cvtube.queue.names import Queue

log = logging.getLogger(__name__)

_BELL = "cvtube_bell"


@dataclass(frozen=True)
class Message:
    """What a worker is told: the dotted path of a function, which takes one name and nothing else.

    The path is a wire format: messages sent by one release are heard by the next.
    """

    path: str
    queue: Queue


class Bell(Protocol):
    """Whatever wakes a worker."""

    def ring(self, job: Message, subject_id: str) -> None:
        """Ask for the job to be run soon; raises BellError if nobody can be asked."""


class BellError(Exception):
    """Redis does not answer; the clock will ring again."""


def hang_bell(session: Session, bell: Bell) -> Session:
    """Give a session the bell that `wake` rings."""
    session.info[_BELL] = bell
    return session


def wake(session: Session, job: Message, subject_id: str) -> None:
    """Ring for the job once this session's transaction is committed."""
    bell: Bell = session.info[_BELL]
    after_commit(session, lambda: ring_quietly(bell, job, subject_id))


def ring_quietly(bell: Bell, job: Message, subject_id: str) -> bool:
    """Ring, and only log it if nobody hears."""
    try:
        bell.ring(job, subject_id)
    except BellError as error:
        log.warning("bell for %s %s not heard: %s", job.path, subject_id, error)
        return False
    return True
