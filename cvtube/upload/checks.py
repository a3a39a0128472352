"""What may be sent. One small function per rule; each refuses with its own code.

Rules about the wish to send are asked before the first byte, rules about the file as soon as
its first bytes are there: nobody waits for a big file to hear that it is a photo.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from cvtube.errors import Refused
from cvtube.settings import MIB, Settings
from cvtube.storage.contract import Storage
from cvtube.upload.models import UploadSession
from cvtube.videos.models import Clip, Stage
from cvtube.web.filters import file_size

QUOTA_WINDOW = timedelta(hours=24)


@dataclass(frozen=True)
class Wish:
    """Who wants to send how much, and what there is to judge that by."""

    session: Session
    storage: Storage
    settings: Settings
    owner_id: str
    length: int | None
    now: datetime


def check(wish: Wish) -> None:
    """Ask every rule in turn, the sender's own mistakes first."""
    for rule in RULES:
        rule(wish)


def check_growth(wish: Wish) -> None:
    """The same for an upload that has begun and whose end nobody knows yet."""
    for rule in RULES_OF_GROWTH:
        rule(wish)


def has_bytes(wish: Wish) -> None:
    """An empty file is no film, and a rule that says so is kinder than a failed encode."""
    if wish.length == 0:
        raise Refused("empty_file")


def is_not_too_big(wish: Wish) -> None:
    """The limit is the operator's, and told in the sentence."""
    if wish.length is not None and wish.length > wish.settings.upload_max_bytes:
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
    begun = wish.session.scalar(
        select(func.sum(func.coalesce(UploadSession.length, UploadSession.received))).where(
            UploadSession.owner_id == wish.owner_id,
            UploadSession.created_at > wish.now - QUOTA_WINDOW,
        )
    )
    if (begun or 0) + (wish.length or 0) > wish.settings.upload_daily_mib_per_person * MIB:
        raise Refused("enough_for_today")


def storage_has_room(wish: Wish) -> None:
    """What is still to come of all open uploads has its room already."""
    free = wish.storage.free_bytes()
    if free is None:
        return
    promised = wish.session.scalar(
        select(func.sum(UploadSession.length - UploadSession.received))
        .join(Clip, Clip.id == UploadSession.clip_id)
        .where(open_at(wish.now))
    )
    reserve = wish.settings.storage_reserve_mib * MIB
    if free - (promised or 0) - (wish.length or 0) < reserve:
        raise Refused("storage_full")


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
