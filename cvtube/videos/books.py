"""The kinds of work there are, most urgent first, and in which table each is written down.

All kinds are claimed, kept and given back by the same code (`work`), which asks a book here
for the few things that differ.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from cvtube.videos.models import Clip, Stage
from cvtube.videos.orders import Doing, FilmFile, Reencode


class Kind(enum.StrEnum):
    """What is to be done. A worker takes the first kind of which something waits."""

    FILE = "file"  # a film as one file: seconds of copying, while somebody looks on
    NEW = "new"  # a clip that nobody could watch yet
    AGAIN = "again"  # a clip that plays already, by a newer ladder


@dataclass(frozen=True)
class Book:
    """Where one kind of order is written down, and what its states are called."""

    table: type[Clip | Reencode | FilmFile]
    subject: Any  # column: what is worked on
    state: Any  # column
    since: Any  # column: queued at
    waiting: Stage | Doing
    working: Stage | Doing

    def due(self, now: datetime) -> ColumnElement[bool]:
        """It waits, and may be begun."""
        may_begin = or_(self.table.not_before.is_(None), self.table.not_before <= now)
        return and_(self.state == self.waiting, may_begin)

    def lost(self, now: datetime) -> ColumnElement[bool]:
        """Its worker fell silent."""
        return and_(self.state == self.working, self.table.lease_until <= now)

    def under_way(self, now: datetime) -> ColumnElement[bool]:
        """Somebody is at it."""
        return and_(self.state == self.working, self.table.lease_until > now)

    def free(self, now: datetime) -> ColumnElement[bool]:
        """Whoever comes may have it."""
        return or_(self.due(now), self.lost(now))


BOOKS = {
    Kind.FILE: Book(
        FilmFile, FilmFile.video_id, FilmFile.state, FilmFile.ordered_at,
        Doing.WAITING, Doing.WORKING,
    ),
    Kind.NEW: Book(
        Clip, Clip.id, Clip.stage, Clip.uploaded_at, Stage.UPLOADED, Stage.TRANSCODING
    ),
    Kind.AGAIN: Book(
        Reencode, Reencode.clip_id, Reencode.state, Reencode.ordered_at,
        Doing.WAITING, Doing.WORKING,
    ),
}  # fmt: skip
