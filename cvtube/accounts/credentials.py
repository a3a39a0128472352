"""Proving who one is, and what to do when that has got lost or into wrong hands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from cvtube.accounts import addresses, links, mail_throttle, passwords, people, sessions
from cvtube.accounts.models import TokenPurpose, User
from cvtube.accounts.suspension import Suspended
from cvtube.errors import Refused
from cvtube.mail import outbox


def verify_password(user: User | None, password: str) -> User:
    """The user, if the password is theirs. Takes no session: a hash must not hold one open.

    Raises:
        Refused: "wrong_log_in" for an unknown address, a wrong password and an address that
            was never confirmed alike; "account_suspended" only to who knows the password.
    """
    fits = passwords.matches(password, user.password_hash if user else None)
    if user is None or not fits or user.email_confirmed_at is None:
        raise Refused("wrong_log_in")
    if user.suspended_at is not None:
        raise Suspended(user)
    return user


def renew_hash(session: Session, user: User, password: str) -> None:
    """Keep the password as today's parameters ask for, now that it is known for a moment."""
    if user.password_hash and passwords.needs_rehash(user.password_hash):
        renewed = passwords.make_hash(password)
        session.get_one(User, user.id).password_hash = renewed


def confirm_password(user: User, password: str) -> None:
    """Before something that cannot be undone: prove that it is really them."""
    if not passwords.matches(password, user.password_hash):
        raise Refused("wrong_password")


def change_password(
    session: Session, user: User, now: datetime, *, password: str, link: str
) -> None:
    """Another password; every log-in ends. The mail about it leads to the forgotten password."""
    passwords.refuse_weak(password, email=user.email or "")
    kept = passwords.make_hash(password)
    _set_password(session, session.get_one(User, user.id), now, kept, link)


def send_reset_link(
    session: Session, email: str, now: datetime, *, link: Callable[[str], str]
) -> None:
    """Mail a link to a page for a new password, if there is such an account.

    The same work is done if there is none, so that the answer comes as late.
    """
    address = addresses.normalize(email)
    passwords.matches("", None)
    user = people.find_user(session, address)
    if user is not None and user.in_good_standing:
        token = links.make_token(
            session, user, now, TokenPurpose.RESET_PASSWORD, email=user.email or ""
        )
        mail_throttle.post_throttled(session, now, user, "reset_password", link=link(token))


def reset_password(
    session: Session, token: str, now: datetime, *, password: str, link: str
) -> User:
    """A new password by the link in the mail, which proves the address as well."""
    passwords.refuse_weak(password)
    kept = passwords.make_hash(password)
    user = links.look_up(session, token, TokenPurpose.RESET_PASSWORD, now).user
    passwords.refuse_weak(password, email=user.email or "")
    links.use(session, token, TokenPurpose.RESET_PASSWORD, now)
    user.email_confirmed_at = user.email_confirmed_at or now
    _set_password(session, user, now, kept, link)
    return user


def send_address_link(
    session: Session, user: User, now: datetime, *, email: str, link: Callable[[str], str]
) -> None:
    """Ask the new address for a confirmation; until then everything stays as it is.

    An address that has an account gets no mail, and the person the same answer: who has an
    account here is not for others to find out.
    """
    address = addresses.normalize(email)
    if people.find_user(session, address) is None:
        token = links.make_token(session, user, now, TokenPurpose.CHANGE_EMAIL, email=address)
        outbox.post(
            session, now, address, "change_address", user.language,
            name=user.given_name, link=link(token),
        )  # fmt: skip


def change_address(session: Session, token: str, now: datetime, *, contact: str) -> User:
    """The new address has answered: it is the account's from now on. The old one is told.

    `contact` is where people ask for help, "" if nobody is named.
    """
    taken = links.use(session, token, TokenPurpose.CHANGE_EMAIL, now)
    user, old = taken.user, taken.user.email
    if people.find_user(session, taken.email) is not None:
        raise Refused("link_expired")
    if old:
        outbox.post(
            session, now, old, "address_changed", user.language,
            name=user.given_name, contact=contact,
        )  # fmt: skip
    user.email, user.email_confirmed_at = taken.email, now
    links.void(session, user)
    people.record_account_event(session, user, now, "address_changed")
    return user


def notify_of_new_device(
    session: Session, user: User, now: datetime, *, device: str, link: str
) -> None:
    """Somebody has come in where the account was not known: its owner hears of it at once.

    Not one of the mails that are counted by the hour (`letters`): whoever has the password could
    use those up first.
    """
    if user.email:
        outbox.post(
            session, now, user.email, "new_device", user.language,
            name=user.given_name, device=device, link=link,
        )  # fmt: skip


def _set_password(session: Session, user: User, now: datetime, kept: str, link: str) -> None:
    user.password_hash = kept
    sessions.end_all(session, user.id)
    # Also what somebody else may have asked for who knew the old one: another address.
    links.void(session, user, TokenPurpose.RESET_PASSWORD, TokenPurpose.CHANGE_EMAIL)
    people.record_account_event(session, user, now, "password_changed")
    if user.email:
        outbox.post(
            session,
            now,
            user.email,
            "password_changed",
            user.language,
            name=user.given_name,
            link=link,
        )
