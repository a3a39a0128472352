"""The event log: who did what to which film or account, when, and why. Ids and codes only.

`journal_words` says it in sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from cvtube.accounts.models import AccountEvent, User
from cvtube.db import keyset
from cvtube.db.folding import folded, folds
from cvtube.db.keyset import KeysetPosition, Page
from cvtube.videos.models import Video, VideoEvent

PAGE = 50


@dataclass(frozen=True)
class AuditFilter:
    """Which entries; empty fields ask for everything."""

    subject: str = ""  # id of a film or of an account, or part of its person's name
    actor: str = ""  # id of an account, or part of its person's name
    since: datetime | None = None
    until: datetime | None = None  # exclusive


@dataclass(frozen=True)
class AuditEntry:
    """One line of the log."""

    id: str
    at: datetime
    kind: str  # "film" or "account"
    subject_id: str
    clip_id: str | None
    part: int | None  # which one of its film the clip was then
    actor_id: str | None
    verb: str
    before: str | None
    after: str | None
    reason: str | None


def log_page(
    session: Session, wanted: AuditFilter, *, after: KeysetPosition | None = None, size: int = PAGE
) -> Page[AuditEntry]:
    """A page of the whole log, newest first."""
    # Each log gives its newest rows from its index by time; only those are merged.
    newest = [_newest(log, wanted, after, size + 1).select() for log in (_FILMS, _ACCOUNTS)]
    both = union_all(*newest).subquery()
    query = select(both).order_by(both.c.at.desc(), both.c.id.desc()).limit(size + 1)
    entries = [AuditEntry(**row) for row in session.execute(query).mappings()]
    return keyset.page_of(entries, size, lambda entry: KeysetPosition(entry.at, entry.id))


def entry_of(event: VideoEvent) -> AuditEntry:
    """An event of a film as the log has it."""
    return AuditEntry(
        id=event.id,
        at=event.at,
        kind="film",
        subject_id=event.video_id,
        clip_id=event.clip_id,
        part=event.part,
        actor_id=event.actor_id,
        verb=event.verb,
        before=event.before,
        after=event.after,
        reason=event.reason,
    )


_FILMS = select(
    VideoEvent.id,
    VideoEvent.at,
    literal("film").label("kind"),
    VideoEvent.video_id.label("subject_id"),
    VideoEvent.clip_id,
    VideoEvent.part,
    VideoEvent.actor_id,
    VideoEvent.verb,
    VideoEvent.before,
    VideoEvent.after,
    VideoEvent.reason,
)
_ACCOUNTS = select(
    AccountEvent.id,
    AccountEvent.at,
    literal("account").label("kind"),
    AccountEvent.user_id.label("subject_id"),
    null().label("clip_id"),
    cast(null(), Integer).label("part"),
    AccountEvent.actor_id,
    AccountEvent.verb,
    AccountEvent.before,
    AccountEvent.after,
    AccountEvent.reason,
)


def _newest(log: Any, wanted: AuditFilter, after: KeysetPosition | None, size: int) -> Subquery:
    of = log.selected_columns
    if wanted.subject:
        log = log.where(_is_or_belongs_to(of.subject_id, wanted.subject))
    if wanted.actor:
        log = log.where(or_(of.actor_id == wanted.actor, of.actor_id.in_(_named(wanted.actor))))
    if wanted.since is not None:
        log = log.where(of.at >= wanted.since)
    if wanted.until is not None:
        log = log.where(of.at < wanted.until)
    if after is not None:
        log = log.where(keyset.behind(of.at, of.id, after, newest_first=True))
    rows: Subquery = log.order_by(of.at.desc(), of.id.desc()).limit(size).subquery()
    return rows


def _is_or_belongs_to(subject_id: Any, text: str) -> ColumnElement[bool]:
    films = select(Video.id).where(Video.owner_id.in_(_named(text)))
    return or_(subject_id == text, subject_id.in_(_named(text)), subject_id.in_(films))


def _named(text: str) -> Select[str]:
    """The ids of people with this in their names, without capitals or accents."""
    full_name = User.given_name + " " + User.family_name
    return select(User.id).where(folds(full_name).contains(folded(text), autoescape=True))
