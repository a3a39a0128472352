"""What a kind of job is to the machine that does it: one small class."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import delete
from sqlalchemy.orm import Session

from cvtube.jobs import leases
from cvtube.jobs.heartbeat import Heartbeat
from cvtube.jobs.kinds import Kind, resolve
from cvtube.jobs.leases import Claim
from cvtube.jobs.models import Job, JobState
from cvtube.jobs.scheduling import Terms
from cvtube.runtime import Runtime
from cvtube.settings import Settings

READY, LOST = "ready", "lost"

# How long obstacles are waited out, counted from when it was queued: a take may be chosen days
# after it was sent. Longer than any repair that people wait for; after it they are better told.
PATIENCE = timedelta(hours=24)
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=10)


class Handler:
    """One attempt at one job. A kind says what to do, and what follows from each ending.

    Methods that get a session are part of the transaction that changes the job's row.
    """

    # Waits before the next attempt, by tries so far: a machine that is out of memory will not
    # be better at once.
    backoff: ClassVar[Sequence[timedelta]] = (
        timedelta(0), timedelta(seconds=10), timedelta(seconds=60),
    )  # fmt: skip
    # Why it failed though it may well be done another day: the reason was not in its target.
    gave_up: ClassVar[str] = "gave_up"
    patience: ClassVar[timedelta | None] = PATIENCE  # None: obstacles are waited out for ever

    def __init__(self, held: Claim) -> None:
        self.held = held

    @classmethod
    def terms(cls, settings: Settings) -> Terms:
        return Terms(timedelta(seconds=settings.lease_s), settings.transcode_attempts)

    @classmethod
    def longest_wait(cls, tries: int) -> timedelta:
        """A wait after so many tries that is longer was given before the clock was set back."""
        return max(LONGEST_WAIT, cls.wait_after(tries))

    @classmethod
    def wait_after(cls, tries: int) -> timedelta:
        return cls.backoff[min(tries, len(cls.backoff)) - 1]

    def begin(self, session: Session, now: datetime) -> bool:  # noqa: ARG002
        """It is claimed. False: there is nothing to be done any more."""
        return True

    def run(self, runtime: Runtime, heartbeat: Heartbeat) -> Any:
        """All of the work, in no transaction; what it returns is for `finish`.

        Raises:
            Refused: the target's own fault; trying again would give the same.
            LeaseLost, JobError, StorageError, OSError: see `worker`.
        """
        raise NotImplementedError

    def finish(self, session: Session, made: Any, now: datetime, settings: Settings) -> bool:  # noqa: ARG002
        """Have what was made take effect. False: the job is no longer ours."""
        return leases.end(session, self.held, JobState.DONE, now)

    def fail(self, session: Session, code: str, now: datetime) -> bool:
        """It cannot be done, for the reason the code names. False: it is no longer ours."""
        return leases.end(session, self.held, JobState.FAILED, now, code=code)

    def put_back(self, session: Session) -> None:
        """It waits again."""

    def ended(self, session: Session, outcome: str, now: datetime) -> None:
        """The attempt is over, with `READY`, `LOST` or a code."""

    def clean_up(self, runtime: Runtime) -> None:
        """Remove what attempts left in vain, after the last transaction."""


class Errand(Handler):
    """A job of which nothing is left to tell once it is done: its row goes."""

    def finish(self, session: Session, made: Any, now: datetime, settings: Settings) -> bool:
        done = super().finish(session, made, now, settings)
        if done:
            held = self.held
            session.execute(
                delete(Job).where(Job.kind == held.kind.name, Job.target_id == held.target_id)
            )
        return done


@cache
def handler_for(kind: Kind) -> type[Handler]:
    """The kind's class."""
    found: type[Handler] = resolve(kind.handler)  # type: ignore[assignment]
    return found


def handler_of(held: Claim) -> Handler:
    """One attempt at what is held."""
    return handler_for(held.kind)(held)
