"""The event log: who did what to which film or account, when, and why. Ids and codes only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Subquery, literal, null, select, union_all
from sqlalchemy.orm import Session

from cvtube.accounts.models import AccountEvent, User
from cvtube.db import keyset
from cvtube.db.keyset import Page, Place
from cvtube.videos.models import VideoEvent

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """Which entries; empty fields ask for everything."""

    subject: str = ""  # id of a film or of an account
    actor: str = ""  # id of an account
    since: datetime | None = None
    until: datetime | None = None  # exclusive


@dataclass(frozen=True)
class Entry:
    """One line of the log."""

    id: str
    at: datetime
    kind: str  # "film" or "account"
    subject_id: str
    clip_id: str | None
    actor_id: str | None
    actor_role: str | None
    verb: str
    before: str | None
    after: str | None
    reason: str | None


def page(
    session: Session, wanted: Wanted, *, after: Place | None = None, size: int = PAGE
) -> Page[Entry]:
    """A page of the whole log, newest first."""
    # Each log gives its newest rows from its index by time; only those are merged.
    newest = [_newest(log, wanted, after, size + 1).select() for log in (_FILMS, _ACCOUNTS)]
    both = union_all(*newest).subquery()
    query = (
        select(both, User.role.label("actor_role"))
        .outerjoin(User, User.id == both.c.actor_id)
        .order_by(both.c.at.desc(), both.c.id.desc())
        .limit(size + 1)
    )
    entries = [Entry(**row) for row in session.execute(query).mappings()]
    return keyset.page_of(entries, size, lambda entry: Place(entry.at, entry.id))


def of_film(session: Session, video_id: str) -> Sequence[Entry]:
    """Everything that happened to one film, newest first."""
    return page(session, Wanted(subject=video_id), size=1000).rows


_FILMS = select(
    VideoEvent.id,
    VideoEvent.at,
    literal("film").label("kind"),
    VideoEvent.video_id.label("subject_id"),
    VideoEvent.clip_id,
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
    AccountEvent.actor_id,
    AccountEvent.verb,
    AccountEvent.before,
    AccountEvent.after,
    AccountEvent.reason,
)


def _newest(log: Any, wanted: Wanted, after: Place | None, size: int) -> Subquery:
    of = log.selected_columns
    if wanted.subject:
        log = log.where(of.subject_id == wanted.subject)
    if wanted.actor:
        log = log.where(of.actor_id == wanted.actor)
    if wanted.since is not None:
        log = log.where(of.at >= wanted.since)
    if wanted.until is not None:
        log = log.where(of.at < wanted.until)
    if after is not None:
        log = log.where(keyset.behind(of.at, of.id, after, newest_first=True))
    rows: Subquery = log.order_by(of.at.desc(), of.id.desc()).limit(size).subquery()
    return rows
