"""The verdict on a recruiter: only verified ones see films, and people decide it.

A verdict may be changed later, by the opposite one. Two moderators who decide the same at
the same time are told so: the row is changed once, one mail is sent.
"""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ColumnElement, and_, update
from sqlalchemy.orm import Session

from cvtube.accounts import people, sirets, websites
from cvtube.accounts.models import Organisation, Role, User
from cvtube.errors import Refused
from cvtube.mail import outbox

WORDS_LENGTH = 500


class Standing(enum.StrEnum):
    """What has been decided about a recruiter."""

    WAITING = "waiting"
    VERIFIED = "verified"
    REFUSED = "refused"


STANDINGS: dict[Standing, ColumnElement[bool]] = {
    Standing.WAITING: and_(User.verified_at.is_(None), User.refused_at.is_(None)),
    Standing.VERIFIED: User.verified_at.is_not(None),
    Standing.REFUSED: User.refused_at.is_not(None),
}


def standing(user: User) -> Standing:
    """The same for one recruiter."""
    if user.verified_at is not None:
        return Standing.VERIFIED
    return Standing.WAITING if user.refused_at is None else Standing.REFUSED


def verify_recruiter(
    session: Session, user: User, now: datetime, *, actor: User, link: str = ""
) -> None:
    """Let the recruiter search and watch; the mail that says so ends with the link."""
    _decide(
        session, user, User.verified_at.is_(None),
        verified_at=now, refused_at=None, refusal_words=None, wanted_path=None,
    )  # fmt: skip
    people.record_account_event(session, user, now, "recruiter_verified", actor=actor)
    _notify(session, user, now, "recruiter_verified", link=link)


def refuse_recruiter(
    session: Session, user: User, now: datetime, *, actor: User, words: str, link: str = ""
) -> None:
    """Keep the recruiter out and say why, in words of the moderator's own."""
    said = words.strip()[:WORDS_LENGTH]
    if not said:
        raise Refused("words_missing")
    _decide(
        session, user, User.refused_at.is_(None),
        verified_at=None, refused_at=now, refusal_words=said,
    )  # fmt: skip
    people.record_account_event(session, user, now, "recruiter_refused", actor=actor)
    _notify(session, user, now, "recruiter_refused", link=link, words=said)


def _decide(
    session: Session, user: User, undecided: ColumnElement[bool], **verdict: datetime | str | None
) -> None:
    hit = session.execute(
        update(User)
        .where(User.id == user.id, User.role == Role.RECRUITER, User.deleted_at.is_(None))
        .where(undecided)
        .values(**verdict)
        .returning(User.id)
    ).first()
    if hit is None:
        raise Refused("already_decided")
    session.refresh(user, ["verified_at", "refused_at", "refusal_words"])


def _notify(session: Session, user: User, now: datetime, template: str, **values: str) -> None:
    if user.email:
        name = user.given_name
        outbox.post(session, now, user.email, template, user.language, name=name, **values)


def organisation_of(now: datetime, *, name: str, siret: str, website: str) -> Organisation:
    """A new organisation from what a recruiter typed, each part checked before."""
    return Organisation(
        name=name,
        siret=sirets.normalize(siret),
        website=websites.normalize(website),
        created_at=now,
    )


def correct_organisation(
    session: Session,
    user: User,
    now: datetime,
    *,
    name: str,
    siret: str,
    website: str,
) -> None:
    """Say better whom one recruits for. After a refusal this asks a moderator to look again.

    A verified organisation stays what was verified: its name stands beside every request.
    """
    if user.verified_at is not None or user.organisation is None:
        raise Refused("already_verified")
    user.organisation.name = name
    user.organisation.siret = sirets.normalize(siret)
    user.organisation.website = websites.normalize(website)
    people.record_account_event(session, user, now, "organisation_corrected")
    if user.refused_at is not None:
        user.refused_at = user.refusal_words = None
        people.record_account_event(session, user, now, "verification_asked_again")
