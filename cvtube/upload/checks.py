"""What may be sent. One small function per rule; each refuses with its own code.

Rules about the wish to send are asked before the first byte, rules about the file as soon as
its first bytes are there: nobody waits for a big file to hear that it is a photo.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from cvtube.errors import Refused
from cvtube.settings import MIB, Settings
from cvtube.storage.contract import Storage
from cvtube.upload.models import UploadSession
from cvtube.videos.models import Clip, OriginalChunk, Stage
from cvtube.web.filters import file_size

QUOTA_WINDOW = timedelta(hours=24)
# After so long without a byte, an upload whose length nobody knows keeps no room free any more:
# most of them were cut off for good. The slowest sender brings a whole chunk in that time.
STILL_COMING = timedelta(hours=2)
# Bytes. Each piece is a row and an object of the storage, however little is in it: an upload may
# have one for each so many bytes, and besides a number that no honest sender comes near.
LEAST_PER_PIECE = 64 * 1024
SMALL_PIECES = 200  # those a bad network cut off
RECORDED_EVERY_S = 2  # a recording under way is sent so often, however little there is of it


@dataclass(frozen=True)
class Wish:
    """Who wants to send how much, and what there is to judge that by."""

    session: Session
    storage: Storage
    settings: Settings
    owner_id: str
    now: datetime
    at_most: int = 0  # bytes: the length, or what may come of one that nobody knows yet
    upload_id: str = ""  # of one that has begun
    received: int = 0  # bytes of it


def check(wish: Wish) -> None:
    """Ask every rule in turn, the sender's own mistakes first."""
    for rule in RULES:
        rule(wish)


def check_growth(wish: Wish) -> None:
    """The same for an upload that has begun and whose end nobody knows yet.

    What it may bring at most was counted when it began. If it has rested since, others may have
    taken that room.
    """
    for rule in RULES_OF_GROWTH:
        rule(wish)


def has_bytes(wish: Wish) -> None:
    """An empty file is no film, and a rule that says so is kinder than a failed encode."""
    if wish.at_most == 0:
        raise Refused("empty_file")


def is_not_too_big(wish: Wish) -> None:
    """The limit is the operator's, and told in the sentence."""
    if wish.at_most > wish.settings.upload_max_bytes:
        raise too_big(wish.settings)


def person_has_few_open(wish: Wish) -> None:
    """Unfinished uploads take room that nobody else can use."""
    count = wish.session.scalar(
        select(func.count())
        .select_from(UploadSession)
        .join(Clip, Clip.id == UploadSession.clip_id)
        .where(UploadSession.owner_id == wish.owner_id, open_at(wish.now))
    )
    if (count or 0) >= wish.settings.open_uploads_per_person:
        raise Refused("too_many_uploads")


def person_sent_little_today(wish: Wish) -> None:
    """What was begun counts, deleted or not: sending and deleting in turn costs us the same."""
    if wish.at_most > left_today(wish):
        raise Refused("enough_for_today")


def left_today(wish: Wish) -> int:
    """Bytes the person may still begin to send: what might come of other uploads is taken."""
    begun = wish.session.scalar(
        select(func.sum(_counted(wish)))
        .outerjoin(Clip, Clip.id == UploadSession.clip_id)
        .where(
            UploadSession.owner_id == wish.owner_id,
            UploadSession.created_at > wish.now - QUOTA_WINDOW,
            UploadSession.id != wish.upload_id,
        )
    )
    return wish.settings.upload_daily_mib_per_person * MIB - int(begun or 0)


def share_of_today(wish: Wish, most: int) -> int:
    """How much of an upload of unknown length may come: `most` bytes, or what is left of the day.

    Raises:
        Refused: `enough_for_today` if that is nothing.
    """
    left = left_today(wish)
    if left <= 0:
        raise Refused("enough_for_today")
    return min(most, left)


def storage_has_room(wish: Wish) -> None:
    """What is still to come of all open uploads has its room already."""
    free = wish.storage.free_bytes()
    if free is None:
        return
    promised = wish.session.scalar(
        select(func.sum(_counted(wish) - UploadSession.received))
        .join(Clip, Clip.id == UploadSession.clip_id)
        .where(open_at(wish.now), UploadSession.id != wish.upload_id)
    )
    reserve = wish.settings.storage_reserve_mib * MIB
    if free - int(promised or 0) - (wish.at_most - wish.received) < reserve:
        raise Refused("storage_full")


def has_enough_pieces(session: Session, settings: Settings, clip_id: str, received: int) -> bool:
    """Whether an upload of so many bytes has so many pieces that no small one is kept besides."""
    of_recording = settings.film_max_s // RECORDED_EVERY_S
    most = SMALL_PIECES + of_recording + received // LEAST_PER_PIECE
    pieces = select(func.count()).select_from(OriginalChunk)
    return (session.scalar(pieces.where(OriginalChunk.clip_id == clip_id)) or 0) >= most


def _counted(wish: Wish) -> ColumnElement[int]:
    """Bytes an upload counts for (its clip joined): its length, or all that may come of it."""
    moved_lately = UploadSession.expires_at > _rested_until(wish.settings, wish.now)
    at_most = func.coalesce(UploadSession.at_most, wish.settings.upload_max_bytes)
    return case(
        (UploadSession.length.is_not(None), UploadSession.length),
        (and_(open_at(wish.now), moved_lately), at_most),
        else_=UploadSession.received,
    )


def has_rested(expires_at: datetime, settings: Settings, now: datetime) -> bool:
    """Whether so little has come lately that the upload's room is not kept free any more."""
    return expires_at <= _rested_until(settings, now)


def _rested_until(settings: Settings, now: datetime) -> datetime:
    """When an upload expires that has brought nothing for too long; each byte puts it off."""
    return now + timedelta(days=settings.upload_expires_days) - STILL_COMING


RULES = (
    has_bytes,
    is_not_too_big,
    person_has_few_open,
    person_sent_little_today,
    storage_has_room,
)
RULES_OF_GROWTH = (person_sent_little_today, storage_has_room)


def open_at(now: datetime) -> ColumnElement[bool]:
    """The upload can still go on (its clip joined)."""
    return and_(
        UploadSession.finished_at.is_(None),
        UploadSession.expires_at > now,
        Clip.stage == Stage.UPLOADING,
    )


def too_big(settings: Settings) -> Refused:
    """The refusal of a film beyond the limit, which it names."""
    return Refused("upload_too_big", limit=file_size(settings.upload_max_bytes))
