"""Whose turn it is. In SQL for workers, in Python to tell people how long they wait.

A candidate's tenth film must not hold up another's first one. So among clips that nobody could
watch yet, that of the person who has had least comes first, and among equals the oldest. What
somebody "has had" are their clips that were begun within the last hour or are being worked on.

Nobody waits for ever: whoever has had nothing for an hour is held up by older clips only, and
there are ever fewer of those (docs/decisions/0051-fair-turns.md).
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from cvtube.videos.books import BOOKS, Kind
from cvtube.videos.models import Clip, Stage, Video
from cvtube.videos.orders import Reencode

LATELY = timedelta(hours=1)
MEASURED = 20  # clips whose making is measured, for telling how long others will take


class Waiting(NamedTuple):
    """A clip that waits for a worker."""

    since: datetime
    clip_id: str
    owner_id: str


def next_of(kind: Kind, now: datetime, max_tries: int) -> Select[str]:
    """The order of this kind whose turn it is. Its row is locked where rows can be."""
    book = BOOKS[kind]
    query = select(book.subject).where(book.free(now), book.table.tries < max_tries)
    match kind:
        case Kind.NEW:
            had = _had(now).subquery()
            query = (
                query.join(Video, Video.id == Clip.video_id)
                .outerjoin(had, had.c.owner_id == Video.owner_id)
                .order_by(func.coalesce(had.c.clips, 0))
            )
        case Kind.AGAIN:  # a clip that is given up is not worth it any more
            query = query.join(Clip, Clip.id == Reencode.clip_id).where(Clip.stage == Stage.READY)
        case Kind.FILE:
            pass
    return (
        query.order_by(book.since, book.subject)
        .limit(1)
        .with_for_update(of=book.table, skip_locked=True)
    )


def order(waiting: Iterable[Waiting], had: Mapping[str, int]) -> Iterator[Waiting]:
    """The order in which waiting clips are taken up if none comes in between."""
    queues: dict[str, list[Waiting]] = {}
    for clip in sorted(waiting):
        queues.setdefault(clip.owner_id, []).append(clip)
    heads = [(had.get(owner, 0), queue[0], 0) for owner, queue in queues.items()]
    heapq.heapify(heads)
    while heads:
        count, clip, place = heapq.heappop(heads)
        yield clip
        queue = queues[clip.owner_id]
        if place + 1 < len(queue):
            heapq.heappush(heads, (count + 1, queue[place + 1], place + 1))


def waiting(session: Session, now: datetime) -> list[Waiting]:
    """All clips that could be begun now."""
    book = BOOKS[Kind.NEW]
    rows = session.execute(
        select(Clip.uploaded_at, Clip.id, Video.owner_id)
        .join(Video, Video.id == Clip.video_id)
        .where(book.due(now))
    )
    return [Waiting(since or now, clip_id, owner_id) for since, clip_id, owner_id in rows]


def had(session: Session, now: datetime) -> Counter[str]:
    """How many clips each person has had lately."""
    found: Counter[str] = Counter()
    for owner_id, clips in session.execute(_had(now)):
        found[owner_id] = clips
    return found


def seconds_behind(session: Session, clips: int, now: datetime) -> float | None:
    """How long until so many waiting clips are taken up; None: nothing was measured yet.

    By how long clips have taken lately and how many are under way: where there is a queue,
    that is as many as there are workers.
    """
    took = took_lately(session)
    return seconds_at(clips, took, hands(session, now)) if took else None


def seconds_at(place: int, took: float, at_work: int) -> float:
    """How long until the clip at this place of the line (from 0) is taken up."""
    # What is under way is half done on the average.
    return (place + 0.5) * took / at_work if at_work else 0.0


def hands(session: Session, now: datetime) -> int:
    """How many orders of any kind somebody works on."""
    return sum(
        session.scalar(select(func.count(book.subject)).where(book.under_way(now))) or 0
        for book in BOOKS.values()
    )


def took_lately(session: Session) -> float:
    """Seconds from claim to ready, the mean of the last clips; 0: there were none."""
    ready = (
        select(Clip.started_at, Clip.ready_at)
        .where(Clip.stage == Stage.READY, Clip.started_at.is_not(None))
        .order_by(Clip.started_at.desc())
        .limit(MEASURED)
    )
    times = [
        (end - start).total_seconds() for start, end in session.execute(ready) if end and start
    ]
    return sum(times) / len(times) if times else 0.0


def _had(now: datetime) -> Select[str, int]:
    return (
        select(Video.owner_id, func.count().label("clips"))
        .join(Clip, Clip.video_id == Video.id)
        .where(_lately(now))
        .group_by(Video.owner_id)
    )


def _lately(now: datetime) -> ColumnElement[bool]:
    return or_(Clip.started_at > now - LATELY, BOOKS[Kind.NEW].under_way(now))
