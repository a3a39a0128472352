"""Accounts from their first day to their last."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cvtube.accounts import addresses, links, passwords, sessions
from cvtube.accounts.models import AccountEvent, CandidateProfile, Organisation, Role, User
from cvtube.errors import Refused
from cvtube.mail import outbox
from cvtube.queue.names import Queue
from cvtube.queue.notify import Message, notify_after_commit

ERASE_USER = Message("cvtube.privacy.jobs.erase_user", Queue.GENERAL)

UNCONFIRMED_KEPT = timedelta(days=7)


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

    An account whose address nobody has ever confirmed makes way: it cannot have been used,
    and whoever typed the address may not be its owner.

    Raises:
        Refused: "address_not_valid", "address_taken", one of the codes of weak passwords, or
            "organisation_missing".
    """
    address = addresses.normalize(email)
    passwords.refuse_weak(password, email=address)
    if isinstance(organisation, str):
        organisation = Organisation(name=organisation, created_at=now)
    if role is Role.RECRUITER and organisation is None:
        raise Refused("organisation_missing")
    user = User(
        role=role,
        email=address,
        email_confirmed_at=now if confirmed else None,
        # Before the first query, with which a transaction begins: a hash takes its time.
        password_hash=passwords.make_hash(password),
        given_name=given_name.strip(),
        family_name=family_name.strip(),
        language=language,
        organisation=organisation,
        profile=CandidateProfile(updated_at=now) if role is Role.CANDIDATE else None,
        created_at=now,
    )
    _take_address(session, user)
    record_account_event(session, user, now, "created")
    return user


def _take_address(session: Session, user: User) -> None:
    holder = find_user(session, user.email or "")
    if holder is not None and holder.email_confirmed_at is not None:
        raise Refused("address_taken")
    if holder is not None:
        _discard(session, holder)
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError as error:  # two sign-ups with one address at the same moment
        raise Refused("address_taken") from error


def find_user(session: Session, email: str) -> User | None:
    """The account of an address, in its kept form."""
    return session.scalar(select(User).where(User.email == email, User.deleted_at.is_(None)))


def delete_account(session: Session, user: User, now: datetime) -> None:
    """Gone for everybody at once, as its owner wishes."""
    if leave(session, user, now, "account_deleted"):
        record_account_event(session, user, now, "deleted")


def leave(session: Session, user: User, now: datetime, farewell: str, **values: object) -> bool:
    """End the account: a job erases the films and every word next. False: it had ended before.

    The email named `farewell`, with these values, is the last one that goes to its address.
    """
    gone = update(User).where(User.id == user.id, User.deleted_at.is_(None))
    if session.execute(gone.values(deleted_at=now).returning(User.id)).first() is None:
        return False
    sessions.end_all(session, user.id)
    links.void(session, user)
    if user.email:
        outbox.forget_address(session, user.email)  # all but the one that says goodbye
        name = user.given_name
        outbox.post(session, now, user.email, farewell, user.language, name=name, **values)
    user.email = user.email_confirmed_at = user.password_hash = None
    notify_after_commit(session, ERASE_USER, user.id)
    return True


def forget_unconfirmed(session: Session, now: datetime) -> None:
    """Drop accounts whose address nobody has confirmed in a week."""
    old = select(User).where(
        User.email_confirmed_at.is_(None),
        User.deleted_at.is_(None),
        User.email.is_not(None),
        User.created_at < now - UNCONFIRMED_KEPT,
    )
    for user in session.scalars(old.limit(500)).all():
        _discard(session, user)


def not_yet_erased(session: Session) -> list[str]:
    """Deleted accounts that still have their names: nobody was told to erase them."""
    return list(
        session.scalars(
            select(User.id).where(User.deleted_at.is_not(None), User.given_name != "").limit(500)
        )
    )


def record_account_event(
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


def _discard(session: Session, user: User) -> None:
    """Remove an account that was never used, as if it had not been made."""
    session.execute(delete(User).where(User.id == user.id))
    if user.organisation_id:
        session.execute(delete(Organisation).where(Organisation.id == user.organisation_id))
