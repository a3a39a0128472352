"""What a film's owner must agree to before anybody else sees it, each point apart.

A consent is a row with the version of the words and the time; taking it back is a time, too.
Whoever takes back one that showing the film needs takes the film back with it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cvtube.accounts.models import User
from cvtube.i18n import N_
from cvtube.videos import lifecycle
from cvtube.videos.models import Consent, Video

VERSION = "2026-11"  # of the sentences below; a new one asks everybody again


@dataclass(frozen=True)
class Purpose:
    """One point, in the words that are agreed to."""

    code: str
    icon: str
    sentence: str


# All of them are needed to publish.
PURPOSES = (
    Purpose("show", "eye", N_("Checked recruiters may watch my film.")),
    Purpose("moderate", "shield", N_("A moderator watches it first.")),
    Purpose("alone", "users", N_("Nobody else can be seen or heard.")),
    Purpose("discreet", "lock", N_("No address, number or paper can be seen.")),
)


def given(session: Session, video_id: str) -> Sequence[Consent]:
    """What the owner agrees to now, in these words."""
    return session.scalars(
        select(Consent)
        .where(
            Consent.video_id == video_id,
            Consent.version == VERSION,
            Consent.withdrawn_at.is_(None),
        )
        .order_by(Consent.given_at, Consent.id)
    ).all()


def missing(session: Session, video_id: str) -> list[Purpose]:
    """What the owner has not agreed to yet."""
    there = {consent.purpose for consent in given(session, video_id)}
    return [purpose for purpose in PURPOSES if purpose.code not in there]


def give(session: Session, video: Video, said: Collection[str], now: datetime) -> None:
    """The owner says yes to these points; what was given before stays as it was given."""
    session.add_all(
        Consent(video_id=video.id, purpose=purpose.code, version=VERSION, given_at=now)
        for purpose in missing(session, video.id)
        if purpose.code in said
    )
    session.flush()


def take_back(
    session: Session, video: Video, now: datetime, *, actor: User, purpose: str | None = None
) -> None:
    """The owner no longer agrees to this point, or to any: nobody else sees the film."""
    lifecycle.withdraw(session, video, now, actor=actor)
    wanted = update(Consent).where(Consent.video_id == video.id, Consent.withdrawn_at.is_(None))
    if purpose is not None:
        wanted = wanted.where(Consent.purpose == purpose)
    session.execute(wanted.values(withdrawn_at=now))
