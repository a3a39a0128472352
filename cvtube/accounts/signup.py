"""How one gets an account: sign up, then open the link in the mail.

A stranger must not learn who has an account here: looking for work is a private matter. So
signing up looks the same whether the address is known or not, and only its mailbox hears
the difference. That is also why nobody is logged in before the mail has been read.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from cvtube.accounts import addresses, links, mail_throttle, people
from cvtube.accounts.models import Organisation, Role, TokenPurpose, User
from cvtube.db.base import new_id
from cvtube.errors import Refused


def sign_up(
    session: Session,
    now: datetime,
    *,
    email: str,
    password: str,
    role: Role,
    given_name: str,
    family_name: str,
    language: str,
    organisation: Organisation | None = None,
    confirm_link: Callable[[str], str],
    log_in_link: str,
) -> str:
    """Make the account, or tell its owner that there already is one.

    Returns an id that only the browser is told. Whoever opens the link in the same browser
    has both signed up and read the mail, and is logged in at once (see `confirm`). It is
    nobody's id if there was an account.
    """
    try:
        user = people.create_user(
            session,
            now,
            email=email,
            password=password,
            role=role,
            given_name=given_name,
            family_name=family_name,
            language=language,
            organisation=organisation,
        )
    except Refused as refused:
        if refused.code != "address_taken":
            raise
        owner = people.find_user(session, addresses.normalize(email))
        if owner is not None:
            mail_throttle.post_throttled(session, now, owner, "account_exists", link=log_in_link)
        return new_id()
    if role is Role.RECRUITER:
        people.record_account_event(session, user, now, "charter_accepted")
    token = links.make_token(session, user, now, TokenPurpose.CONFIRM_EMAIL, email=user.email or "")
    mail_throttle.post_throttled(session, now, user, "confirm_address", link=confirm_link(token))
    return user.id


def confirm(session: Session, token: str, now: datetime) -> User:
    """The mail was read: the address is its owner's, and the account may be used."""
    user = links.use(session, token, TokenPurpose.CONFIRM_EMAIL, now).user
    if user.email_confirmed_at is None:
        user.email_confirmed_at = now
        people.record_account_event(session, user, now, "address_confirmed")
    return user
