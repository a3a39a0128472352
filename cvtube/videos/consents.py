"""What a film's owner agrees to, each point apart: what showing it needs, and what it does not.

A consent is a row with the version of the words and the time; taking it back is a time, too.
What is needed depends on the audience: whoever shows a film by link alone does not agree to be
found by recruiters. `sharing` knows what follows from a yes that is taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from cvtube.i18n import N_
from cvtube.videos.models import Consent, Video, Visibility

VERSION = "2026-12.2"  # of the sentences below; a new one asks everybody again (tests/house)


_IN_FORCE = (Consent.version == VERSION, Consent.withdrawn_at.is_(None))


@dataclass(frozen=True)
class Purpose:
    """One point, in the words that are agreed to."""

    code: str
    icon: str
    sentence: str


SHOW = Purpose("show", "eye", N_("Verified recruiters can watch my video."))
LINK = Purpose("link", "link", N_("Anyone with my link can watch my video."))
# For whomever the film is.
_ALWAYS = (
    Purpose("moderate", "shield", N_("Moderators watch my video and every change to it.")),
    Purpose("alone", "users", N_("Nobody else can be seen or heard.")),
    Purpose("discreet", "lock", N_("No address, number or document can be seen.")),
)
PURPOSES = (SHOW, LINK, *_ALWAYS)  # of whoever shows the film
# Asked only where a machine is there to do it; without it people write by themselves. Taken back
# by `drafts.forbid`.
CAPTIONS = Purpose("captions", "captions", N_("A computer can write down what I say."))


@dataclass(frozen=True)
class Audience:
    """Whom a film can be shown to, as its owner chooses."""

    visibility: Visibility
    icon: str
    words: str
    detail: str
    needs: tuple[Purpose, ...]


AUDIENCES = {
    choice.visibility: choice
    for choice in (
        Audience(
            Visibility.RECRUITERS,
            "search",
            N_("Recruiters can find it"),
            N_("They search by job, town and words."),
            (SHOW, *_ALWAYS),
        ),
        Audience(
            Visibility.PRIVATE_LINK,
            "link",
            N_("Only people who have my link"),
            N_("You choose who gets your link."),
            (LINK, *_ALWAYS),
        ),
    )
}


def audience_for(code: str | None) -> Audience | None:
    """The choice with this code, as forms send it."""
    return next((choice for choice in AUDIENCES.values() if choice.visibility == code), None)


def given(session: Session, video_id: str) -> Sequence[Consent]:
    """What the owner agrees to now, in these words."""
    return session.scalars(
        select(Consent)
        .where(Consent.video_id == video_id, *_IN_FORCE)
        .order_by(Consent.given_at, Consent.id)
    ).all()


def is_given(purpose: Purpose) -> ColumnElement[bool]:
    """The owner agrees to it now, in these words; for queries of Video."""
    of_film = (Consent.video_id == Video.id, Consent.purpose == purpose.code)
    return exists().where(*of_film, *_IN_FORCE)


def missing(session: Session, video_id: str, needs: Sequence[Purpose]) -> list[Purpose]:
    """What of this the owner has not agreed to yet."""
    there = {consent.purpose for consent in given(session, video_id)}
    return [purpose for purpose in needs if purpose.code not in there]


def may_add(session: Session, video_id: str, *, drafts_captions: bool) -> list[Purpose]:
    """What the owner may agree to besides, and has not: nothing depends on it."""
    there = {consent.purpose for consent in given(session, video_id)}
    return [CAPTIONS] if drafts_captions and CAPTIONS.code not in there else []


def give_consents(
    session: Session, video: Video, needs: Sequence[Purpose], said: Collection[str], now: datetime
) -> None:
    """The owner says yes to these of the points needed; what was given before stays as it was."""
    session.add_all(
        Consent(video_id=video.id, purpose=purpose.code, version=VERSION, given_at=now)
        for purpose in missing(session, video.id, needs)
        if purpose.code in said
    )
    session.flush()


def end_consents(
    session: Session, video: Video, now: datetime, purpose: Purpose | None = None
) -> None:
    """The owner no longer agrees to this point, or to any that showing the film needs."""
    wanted = update(Consent).where(Consent.video_id == video.id, Consent.withdrawn_at.is_(None))
    meant = PURPOSES if purpose is None else [purpose]
    wanted = wanted.where(Consent.purpose.in_([point.code for point in meant]))
    session.execute(wanted.values(withdrawn_at=now))
