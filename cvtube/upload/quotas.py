"""What may be sent. One small function per rule; each refuses with its own code.

Rules about the request are asked before the first byte, rules about the file as soon as its first
bytes are there: nobody waits for a big file to hear that it is a photo.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from cvtube.errors import Refused
from cvtube.i18n import FileSize
from cvtube.settings import MIB, Settings
from cvtube.storage.contract import Storage
from cvtube.videos.models import Clip, OriginalChunk, Stage
from cvtube.videos.upload_sessions import UploadSession

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
class UploadRequest:
    """Who wants to send how much, and what there is to judge that by."""

    session: Session
    storage: Storage
    settings: Settings
    owner_id: str
    now: datetime
    at_most: int = 0  # bytes: the length, or what may come of one that nobody knows yet
    upload_id: str = ""  # of one that has begun
    received: int = 0  # bytes of it


def check(request: UploadRequest) -> None:
    """Ask every rule in turn, the sender's own mistakes first."""
    for rule in RULES:
        rule(request)


def check_growth(request: UploadRequest) -> None:
    """The same for an upload that has begun and whose end nobody knows yet.

    What it may bring at most was counted when it began. If it has rested since, others may have
    taken that room.
    """
    for rule in RULES_OF_GROWTH:
        rule(request)


def has_bytes(request: UploadRequest) -> None:
    """An empty file is no film, and a rule that says so is kinder than a failed encode."""
    if request.at_most == 0:
        raise Refused("empty_file")


def is_not_too_big(request: UploadRequest) -> None:
    """The limit is the operator's, and told in the sentence."""
    if request.at_most > request.settings.upload_max_bytes:
        raise too_big(request.settings)


def person_has_few_open(request: UploadRequest) -> None:
    """Unfinished uploads take room that nobody else can use."""
    count = request.session.scalar(
        select(func.count())
        .select_from(UploadSession)
        .join(Clip, Clip.id == UploadSession.clip_id)
        .where(UploadSession.owner_id == request.owner_id, open_at(request.now))
    )
    if (count or 0) >= request.settings.open_uploads_per_person:
        raise Refused("too_many_uploads")


def person_sent_little_today(request: UploadRequest) -> None:
    """What was begun counts, deleted or not: sending and deleting in turn costs us the same."""
    if request.at_most > left_today(request):
        raise Refused("enough_for_today")


def left_today(request: UploadRequest) -> int:
    """Bytes the person may still begin to send: what might come of other uploads is taken."""
    begun = request.session.scalar(
        select(func.sum(_counted(request)))
        .outerjoin(Clip, Clip.id == UploadSession.clip_id)
        .where(
            UploadSession.owner_id == request.owner_id,
            UploadSession.created_at > request.now - QUOTA_WINDOW,
            UploadSession.id != request.upload_id,
        )
    )
    return request.settings.upload_daily_mib_per_person * MIB - int(begun or 0)


def share_of_today(request: UploadRequest, most: int) -> int:
    """How much of an upload of unknown length may come: `most` bytes, or what is left of the day.

    Raises:
        Refused: `enough_for_today` if that is nothing.
    """
    left = left_today(request)
    if left <= 0:
        raise Refused("enough_for_today")
    return min(most, left)


def storage_has_room(request: UploadRequest) -> None:
    """What is still to come of all open uploads has its room already."""
    free = request.storage.free_bytes()
    if free is None:
        return
    promised = request.session.scalar(
        select(func.sum(_counted(request) - UploadSession.received))
        .join(Clip, Clip.id == UploadSession.clip_id)
        .where(open_at(request.now), UploadSession.id != request.upload_id)
    )
    reserve = request.settings.storage_reserve_mib * MIB
    if free - int(promised or 0) - (request.at_most - request.received) < reserve:
        raise Refused("storage_full")


def has_enough_pieces(session: Session, settings: Settings, clip_id: str, received: int) -> bool:
    """Whether an upload of so many bytes has so many pieces that no small one is kept besides."""
    of_recording = settings.film_max_s // RECORDED_EVERY_S
    most = SMALL_PIECES + of_recording + received // LEAST_PER_PIECE
    pieces = select(func.count()).select_from(OriginalChunk)
    return (session.scalar(pieces.where(OriginalChunk.clip_id == clip_id)) or 0) >= most


def _counted(request: UploadRequest) -> ColumnElement[int]:
    """Bytes an upload counts for (its clip joined): its length, or all that may come of it."""
    moved_lately = UploadSession.expires_at > _rested_until(request.settings, request.now)
    at_most = func.coalesce(UploadSession.at_most, request.settings.upload_max_bytes)
    return case(
        (UploadSession.length.is_not(None), UploadSession.length),
        (and_(open_at(request.now), moved_lately), at_most),
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
    return Refused("upload_too_big", limit=FileSize(settings.upload_max_bytes))
