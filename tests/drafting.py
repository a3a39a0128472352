"""A machine's drafts, without a machine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from cvtube.jobs import claiming
from cvtube.jobs.enqueue import enqueue
from cvtube.jobs.kinds import DRAFT_CAPTIONS
from cvtube.jobs.leases import Claim
from cvtube.videos.lifecycle import drafts
from cvtube.videos.models import Clip

LEASE = timedelta(minutes=1)


def claim(session: Session, clip_id: str, now: datetime) -> Claim | None:
    """What a worker does that was told of the clip."""
    video_id = session.get_one(Clip, clip_id).video_id
    enqueue(session, DRAFT_CAPTIONS, clip_id, now, video_id=video_id)
    return claiming.claim(session, DRAFT_CAPTIONS, clip_id, now, lease=LEASE, max_tries=4)


def wanted(session: Session) -> Sequence[str]:
    """Clips to draft captions for."""
    return [clip_id for clip_id, *_ in drafts.wanted(session, 9)]
