"""Accounts from their first day to their last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cvtube.accounts import addresses, passwords
from cvtube.accounts.models import AccountEvent, CandidateProfile, Organisation, Role, User
from cvtube.errors import Refused


def create_user(
    session: Session,
    now: datetime,
    *,
    email: str,
    password: str,
    role: Role,
    given_name: str,
    family_name: str = "",
    language: str = "fr",
    organisation: Organisation | str | None = None,
    confirmed: bool = False,
) -> User:
    """A new account. Recruiters name whom they recruit for, and wait for their verification.

    Raises:
        Refused: "address_not_valid", "address_taken", one of the codes of weak passwords, or
            "organisation_missing".
    """
    address = addresses.kept_form(email)
    passwords.refuse_weak(password, email=address)
    if find_user(session, address) is not None:
        raise Refused("address_taken")
    if isinstance(organisation, str):
        organisation = Organisation(name=organisation, created_at=now)
    if role is Role.RECRUITER and organisation is None:
        raise Refused("organisation_missing")
    user = User(
        role=role,
        email=address,
        email_confirmed_at=now if confirmed else None,
        password_hash=passwords.make_hash(password),
        given_name=given_name.strip(),
        family_name=family_name.strip(),
        language=language,
        organisation=organisation,
        profile=CandidateProfile(updated_at=now) if role is Role.CANDIDATE else None,
        created_at=now,
    )
    session.add(user)
    session.flush()
    record(session, user, now, "created")
    return user


def find_user(session: Session, email: str) -> User | None:
    """The account of an address, in its kept form."""
    return session.scalar(select(User).where(User.email == email, User.deleted_at.is_(None)))


def record(
    session: Session,
    user: User,
    now: datetime,
    verb: str,
    *,
    actor: User | None = None,
    reason: str | None = None,
) -> None:
    """Note who did what to the account; people themselves where no actor is named."""
    session.add(
        AccountEvent(at=now, user_id=user.id, actor_id=(actor or user).id, verb=verb, reason=reason)
    )
