"""The queues, and which process role serves which one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Queue(StrEnum):
    """One queue per kind of work that must not wait behind another kind."""

    TRANSCODE = "transcode"
    GENERAL = "general"
    CAPTIONS = "captions"


@dataclass(frozen=True)
class WorkerRole:
    """What one worker process serves.

    One queue each: RQ takes a job from several queues with a command that loses it when the
    worker dies at that very moment (rq issue 1716), from one queue with one that does not.
    """

    queue: Queue
    job_timeout_s: int
    niceness: int


WORKER_ROLES: dict[str, WorkerRole] = {
    # The films' own limits end a run long before this one does.
    "transcode": WorkerRole(Queue.TRANSCODE, job_timeout_s=7200, niceness=10),
    "general": WorkerRole(Queue.GENERAL, job_timeout_s=300, niceness=0),
    # Optional; takes only what processor time the films leave over.
    "captions": WorkerRole(Queue.CAPTIONS, job_timeout_s=7200, niceness=19),
}
