"""Accounts for everybody in the demo, made as all accounts are."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from cvtube.accounts import people as accounts
from cvtube.accounts.models import Experience, Role, User
from cvtube.accounts.recruiters import verify_recruiter
from cvtube.demo import people
from cvtube.demo.people import DemoCandidate


def invite(session: Session, now: datetime) -> None:
    """Staff, an adviser, a verified recruiter, one who waits, and every candidate."""
    moderator = _create(session, now, people.MODERATOR, "Nadia Roussel", role=Role.MODERATOR)
    _create(session, now, people.ADVISER, "Karim Benali", role=Role.ADVISER)
    _create(session, now, people.ADMIN, "Marc Lemoine", role=Role.ADMIN)
    recruiter = _recruiter(session, now, people.RECRUITER, "Élise Garnier", "Atelier des Alizés")
    verify_recruiter(session, recruiter, now, actor=moderator)
    _recruiter(session, now, people.WAITING_RECRUITER, "Zoé Blanchard", "Transports Vallier")
    for person in people.candidates():
        _candidate(session, now, person)


def _create(
    session: Session, now: datetime, email: str, name: str, *, role: Role, **more: str
) -> User:
    given_name, _, family_name = name.partition(" ")
    return accounts.create_user(
        session,
        now,
        email=email,
        password=people.PASSWORD,
        role=role,
        given_name=given_name,
        family_name=family_name,
        confirmed=True,
        **more,
    )


def _recruiter(session: Session, now: datetime, email: str, name: str, organisation: str) -> User:
    return _create(session, now, email, name, role=Role.RECRUITER, organisation=organisation)


def _candidate(session: Session, now: datetime, person: DemoCandidate) -> None:
    name = f"{person.given_name} {person.family_name}"
    user = _create(session, now, person.email, name, role=Role.CANDIDATE, language=person.language)
    said, profile = dict(person.profile), user.profile
    if profile is None:
        raise TypeError("candidates have a profile from their first day")
    days = said.pop("available_in_days")
    profile.available_from = (now + timedelta(days=days or 0)).date()
    profile.experience = Experience(said.pop("experience"))
    for field, value in said.items():
        setattr(profile, field, value)
