"""Every kind of job there is, most urgent first. A new kind is a line here and a small class.

    uploaded ──────────────────────> transcode
    wanted as one file ────────────> export
    to be made again ──────────────> reencode, when no new film waits
    ready, and its owner agrees ───> draft_captions (the clock asks: nothing waits for it)
    deleted, or a clip abandoned ──> purge_video
    a mail is written ─────────────> send_mail
    its time has come (schedule) ──> recurring

What is found by comparing rows alone (search entries that are behind, originals that have served)
needs no job: the clock finds it again (docs/decisions/0203-one-table-of-jobs.md).

Classes are named by path, since no slice may import another. A test resolves each of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from cvtube.queue.names import Queue
from cvtube.queue.notify import Message


@dataclass(frozen=True)
class Kind:
    """One kind of job: its stored name, who serves it, how urgent it is, and its class."""

    name: str
    queue: Queue
    priority: int  # the smallest goes first
    handler: str  # dotted path of a subclass of `handler.Handler`
    # Thousands may wait, and nobody looks on: the clock alone tells workers, a few at a time.
    quiet: bool = False


# Seconds of copying, while somebody looks on.
EXPORT = Kind("export", Queue.TRANSCODE, 10, "cvtube.transcode.handlers.Export")
# A clip that nobody could watch yet.
TRANSCODE = Kind("transcode", Queue.TRANSCODE, 20, "cvtube.transcode.handlers.Transcode")
# A clip that plays already, by a newer ladder.
REENCODE = Kind(
    "reencode", Queue.TRANSCODE, 30, "cvtube.transcode.handlers.Reencode", quiet=True
)  # fmt: skip
SEND_MAIL = Kind("send_mail", Queue.GENERAL, 10, "cvtube.mail.jobs.SendMail")
# Few and mostly short: none waits behind thousands of deletions, as after a busy account closed.
RECURRING = Kind("recurring", Queue.GENERAL, 15, "cvtube.schedule.RecurringTask")
PURGE_VIDEO = Kind("purge_video", Queue.GENERAL, 20, "cvtube.privacy.jobs.PurgeVideo")
DRAFT_CAPTIONS = Kind(
    "draft_captions", Queue.CAPTIONS, 10, "cvtube.captions.jobs.DraftCaptions", quiet=True
)  # fmt: skip

KINDS = {
    kind.name: kind
    for kind in (EXPORT, TRANSCODE, REENCODE, SEND_MAIL, RECURRING, PURGE_VIDEO, DRAFT_CAPTIONS)
}


def resolve(path: str) -> Callable[..., Any]:
    """The function or class a dotted path names."""
    module, _, name = path.rpartition(".")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found


def of_queue(queue: Queue) -> list[Kind]:
    """What this queue's workers do, most urgent first."""
    return sorted(
        (kind for kind in KINDS.values() if kind.queue is queue), key=lambda kind: kind.priority
    )


# A worker is told that there is work in its queue, never which: it takes what deserves it most.
THERE_IS_WORK = {queue: Message("cvtube.jobs.worker.run_next", queue) for queue in Queue}
