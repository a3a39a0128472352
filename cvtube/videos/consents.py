"""What a film's owner agrees to, each point apart: what showing it needs, and what it does not.

A consent is a row with the version of the words and the time; taking it back is a time, too.
Whoever takes back one that showing the film needs takes the film back with it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from cvtube.accounts.models import User
from cvtube.i18n import N_
from cvtube.videos import lifecycle
from cvtube.videos.models import Consent, Video

VERSION = "2026-11"  # of the sentences below; a new one asks everybody again


_IN_FORCE = (Consent.version == VERSION, Consent.withdrawn_at.is_(None))


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
# Asked only where a machine is there to do it; without it people write by themselves. Taken back
# by `drafts.forbid`.
CAPTIONS = Purpose("captions", "captions", N_("A machine may write down what I say."))
EVERY = (*PURPOSES, CAPTIONS)


def given(session: Session, video_id: str) -> Sequence[Consent]:
    """What the owner agrees to now, in these words."""
    return session.scalars(
        select(Consent)
        .where(Consent.video_id == video_id, *_IN_FORCE)
        .order_by(Consent.given_at, Consent.id)
    ).all()


def holds(purpose: Purpose) -> ColumnElement[bool]:
    """The owner agrees to it now, in these words; for queries of Video."""
    of_film = (Consent.video_id == Video.id, Consent.purpose == purpose.code)
    return exists().where(*of_film, *_IN_FORCE)


def missing(session: Session, video_id: str) -> list[Purpose]:
    """What the owner has not agreed to yet, and has to before others see the film."""
    there = {consent.purpose for consent in given(session, video_id)}
    return [purpose for purpose in PURPOSES if purpose.code not in there]


def may_add(session: Session, video_id: str, *, drafts_captions: bool) -> list[Purpose]:
    """What the owner may agree to besides, and has not: nothing depends on it."""
    there = {consent.purpose for consent in given(session, video_id)}
    return [CAPTIONS] if drafts_captions and CAPTIONS.code not in there else []


def give(session: Session, video: Video, said: Collection[str], now: datetime) -> None:
    """The owner says yes to these points; what was given before stays as it was given."""
    there = {consent.purpose for consent in given(session, video.id)}
    session.add_all(
        Consent(video_id=video.id, purpose=purpose.code, version=VERSION, given_at=now)
        for purpose in EVERY
        if purpose.code in said and purpose.code not in there
    )
    session.flush()


def take_back(
    session: Session, video: Video, now: datetime, *, actor: User, purpose: str | None = None
) -> None:
    """The owner no longer agrees to this point, or to any: nobody else sees the film."""
    lifecycle.withdraw(session, video, now, actor=actor)
    meant = Consent.purpose != CAPTIONS.code if purpose is None else Consent.purpose == purpose
    end(session, video.id, meant, now)


def end(session: Session, video_id: str, meant: ColumnElement[bool], now: datetime) -> None:
    """These consents are over; what follows from that is the caller's."""
    session.execute(
        update(Consent)
        .where(Consent.video_id == video_id, Consent.withdrawn_at.is_(None), meant)
        .values(withdrawn_at=now)
    )
