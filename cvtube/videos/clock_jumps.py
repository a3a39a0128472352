"""After the clock was set back: nothing may wait for as long as it was.

A lease is given for seconds from now, and so is a wait. One that ends much later was given
before the clock was set back (or by a worker whose clock is ahead), and would keep everybody
else out until the clock has caught up. It is cut to its length: whoever is alive extends it,
whoever is not loses it. Twice the length is believed, since the clocks of several machines differ.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from cvtube.videos.books import BOOKS, Book
from cvtube.videos.caption_track import CaptionTrack, Wording


def shorten(
    session: Session, now: datetime, *, lease: timedelta, wait: timedelta, draft: timedelta
) -> None:
    """Cut what ends too late: leases of work, waits before the next try, leases of drafts.

    `lease`, `wait` and `draft` are the longest ones that are given.
    """
    for book in BOOKS.values():
        _shorten(session, book, now, lease=lease, wait=wait)
    session.execute(
        update(CaptionTrack)
        .where(CaptionTrack.state == Wording.DRAFTING, CaptionTrack.lease_until > now + 2 * draft)
        .values(lease_until=now + draft)
    )


def _shorten(
    session: Session, book: Book, now: datetime, *, lease: timedelta, wait: timedelta
) -> None:
    table = book.table
    session.execute(
        update(table)
        .where(book.state == book.working, table.lease_until > now + 2 * lease)
        .values(lease_until=now + lease)
    )
    session.execute(
        update(table)
        .where(book.state == book.waiting, table.not_before > now + 2 * wait)
        .values(not_before=now)
    )
