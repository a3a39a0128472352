"""Drafting captions, one clip a job; the clock's part too."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from cvtube.captions import drafting
from cvtube.captions.drafting import Drafted
from cvtube.jobs.errors import RetryableError
from cvtube.jobs.handler import Handler
from cvtube.jobs.heartbeat import Heartbeat
from cvtube.jobs.scheduling import Terms
from cvtube.runtime import Runtime, current
from cvtube.settings import Settings, SettingsError
from cvtube.videos.lifecycle import drafts

AT_A_TIME = 20  # jobs; the next ones follow when these are done
MOST_TRIES = 4
# An engine tells nothing between two segments, and with the lowest priority that may be long.
LEASE = timedelta(minutes=10)


class DraftCaptions(Handler):
    """Write down what is said in one clip, for its owner to correct."""

    backoff = (timedelta(0), timedelta(minutes=2))
    patience = None

    @classmethod
    def terms(cls, settings: Settings) -> Terms:  # noqa: ARG003
        return Terms(LEASE, MOST_TRIES, at_once=AT_A_TIME)

    def begin(self, session: Session, now: datetime) -> bool:  # noqa: ARG002
        return drafts.start_draft(
            session, self.held, language=drafting.language_of(session, self.held)
        )

    def run(self, runtime: Runtime, heartbeat: Heartbeat) -> Drafted:
        try:
            return drafting.draft(runtime, self.held, heartbeat)
        except SettingsError as error:
            raise RetryableError("no_engine") from error

    def finish(self, session: Session, made: Drafted, now: datetime, settings: Settings) -> bool:  # noqa: ARG002
        return drafts.finish_draft(session, self.held, made.sentences, now, language=made.language)

    def fail(self, session: Session, code: str, now: datetime) -> bool:
        return drafts.fail_draft(session, self.held, code, now)


def enqueue_drafts() -> None:
    """Have captions drafted for clips that have none, a few at a time."""
    runtime = current()
    if runtime.settings.drafts_captions:
        with runtime.transaction() as session:
            drafts.enqueue_wanted(session, runtime.now(), AT_A_TIME)
