"""Drafting captions, one clip a job; the clock's part too."""

from __future__ import annotations

from cvtube.captions import drafting
from cvtube.queue.broker import Broker
from cvtube.queue.dispatch import BellError, ring_quietly
from cvtube.queue.names import Queue
from cvtube.runtime import current
from cvtube.videos.lifecycle import drafts
from cvtube.videos.pipeline import DRAFT_CAPTIONS

DRAFTS_AT_ONCE = 20  # rings; the next ones follow when these are answered


def draft_captions(clip_id: str) -> None:
    """Write down what is said in one clip, for its owner to correct."""
    drafting.work_on(current(), clip_id)


def ring_for_drafts() -> None:
    """Have captions drafted for clips that have none, a few at a time."""
    runtime = current()
    if not runtime.settings.drafts_captions:
        return
    try:
        if isinstance(runtime.bell, Broker) and runtime.bell.waiting(Queue.CAPTIONS):
            return
    except BellError:
        return  # nobody would hear
    with runtime.reading() as session:
        clips = drafts.wanted(session, runtime.now(), DRAFTS_AT_ONCE)
    for clip_id in clips:
        if not ring_quietly(runtime.bell, DRAFT_CAPTIONS, clip_id):
            break
