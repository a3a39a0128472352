"""What administrators do with accounts: suspend, reopen, close, end sign-ins, change roles.

Each is one conditional change and one event in one transaction, and the person is told by
email. Administrators take turns: whoever acts holds the rows of all active administrators, so
two who act on each other cannot both succeed, and one always stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from cvtube.accounts import links, people, sessions
from cvtube.accounts.models import AccountEvent, CandidateProfile, Organisation, Role, User
from cvtube.accounts.passwordless import AccessCard
from cvtube.accounts.profile import INDEX_OWNER
from cvtube.accounts.suspension import (
    REASONS_FOR,
    SENTENCES,
    WORDS_LENGTH,
    AccountMeasure,
    SuspensionReason,
)
from cvtube.errors import Refused
from cvtube.i18n import translate
from cvtube.mail import outbox
from cvtube.queue.notify import notify_after_commit


@dataclass(frozen=True)
class Act:
    """Who acts, and what the person is told about it."""

    actor: User | None  # None: the operator, by command
    reason: SuspensionReason
    words: str = ""
    contact: str = ""  # where to ask; empty: the email names nobody


def suspend(session: Session, user: User, now: datetime, act: Act) -> None:
    """Shut the person out, and hide their videos, until the account is reopened.

    Sign-ins are refused from the next request on and deleted when the account is reopened:
    until then their browsers can be told why. Nothing that was received is lost.

    Raises:
        Refused: "not_oneself", "last_administrator", "unknown_reason", "text_too_long", or
            "already_decided".
    """
    _may(session, user, act, AccountMeasure.SUSPEND)
    _change(
        session, user, User.suspended_at.is_(None),
        suspended_at=now, suspension_reason=act.reason.value, suspension_words=act.words or None,
    )  # fmt: skip
    links.void(session, user)
    notify_after_commit(session, INDEX_OWNER, user.id)
    _record(session, user, now, "suspended", act)
    _notify(session, user, now, "account_suspended", act)


def reopen(session: Session, user: User, now: datetime, act: Act) -> None:
    """Let the person in again; what they had is as it was. Everybody signs in anew."""
    _may(session, user, act, AccountMeasure.REOPEN)
    _change(
        session, user, User.suspended_at.is_not(None),
        suspended_at=None, suspension_reason=None, suspension_words=None,
    )  # fmt: skip
    sessions.end_all(session, user.id)
    notify_after_commit(session, INDEX_OWNER, user.id)
    _record(session, user, now, "reopened", act)
    _notify(session, user, now, "account_reopened", act)


def end_sessions(session: Session, user: User, now: datetime, act: Act) -> None:
    """Sign the person out everywhere, and make links in emails useless; nothing else changes."""
    _may(session, user, act, AccountMeasure.END_SESSIONS)
    sessions.end_all(session, user.id)
    links.void(session, user)
    _record(session, user, now, "sessions_ended", act)
    _notify(session, user, now, "sessions_ended", act)


def close(session: Session, user: User, now: datetime, act: Act) -> None:
    """Delete the account and everything in it for good, as its owner could."""
    _may(session, user, act, AccountMeasure.CLOSE)
    farewell = _sentences(user, act)
    if not people.leave(session, user, now, "account_closed", **farewell):
        raise Refused("already_decided")
    _record(session, user, now, "closed", act)


def change_role(
    session: Session,
    user: User,
    now: datetime,
    act: Act,
    *,
    role: Role,
    organisation: str = "",
) -> None:
    """Let the person do other work here. Whatever a former role allowed ends at once.

    A recruiter's verdict goes too: whoever recruits again is looked at again. Access cards are
    for candidates alone, as a PIN of six digits guards nobody else's data.

    Raises:
        Refused: as `suspend`, and "choice_unknown", "role_already", "role_needs_address", or
            "organisation_missing".
    """
    if role is Role.OTHER:
        raise Refused("choice_unknown")
    _may(session, user, act, AccountMeasure.CHANGE_ROLE)
    before = user.role
    if role is before:
        raise Refused("role_already")
    changes: dict[str, Any] = {"role": role} | _without_verdict()
    if role is Role.RECRUITER:
        changes["organisation_id"] = _recruits_for(session, user, now, organisation)
    _refuse_without_password(user, role)
    _change(session, user, User.role == before, **changes)
    if role is Role.CANDIDATE:
        _give_profile(session, user, now)
    else:
        _revoke_cards(session, user, now)
    sessions.end_all(session, user.id)
    _record(session, user, now, "role_changed", act, before=before.value, after=role.value)
    _notify(session, user, now, "role_changed", act, role=role.value)


# -- who may ---------------------------------------------------------------------------------


def _may(session: Session, user: User, act: Act, measure: AccountMeasure) -> None:
    if act.reason not in REASONS_FOR[measure]:
        raise Refused("unknown_reason")
    if len(act.words) > WORDS_LENGTH:
        raise Refused("text_too_long", longest=WORDS_LENGTH)
    active = _hold_administrators(session)
    if act.actor is not None and act.actor.id not in active:
        raise Refused("not_found")  # what it says to everybody who is no administrator
    if measure in {AccountMeasure.REOPEN, AccountMeasure.END_SESSIONS}:
        return
    if act.actor is not None and act.actor.id == user.id:
        raise Refused("not_oneself")
    if active == {user.id}:
        raise Refused("last_administrator")


def _hold_administrators(session: Session) -> set[str]:
    """The ids of those who can act; nobody else changes who they are until this is over.

    SQLite has one writer at a time and needs no locks.
    """
    active = (
        select(User.id)
        .where(User.role == Role.ADMIN, User.suspended_at.is_(None), User.deleted_at.is_(None))
        .order_by(User.id)
        # Not more than needed: events and sign-ins refer to these rows.
        .with_for_update(key_share=True)
    )
    return set(session.scalars(active))


def _change(session: Session, user: User, still: ColumnElement[bool], **values: Any) -> None:
    hit = session.execute(
        update(User)
        .where(User.id == user.id, User.deleted_at.is_(None), still)
        .values(**values)
        .returning(User.id)
    ).first()
    if hit is None:
        raise Refused("already_decided")
    session.refresh(user, list(values))


# -- another role ----------------------------------------------------------------------------


def _without_verdict() -> dict[str, None]:
    return dict.fromkeys(("verified_at", "refused_at", "refusal_words"))


def _refuse_without_password(user: User, role: Role) -> None:
    known = user.email is not None and user.password_hash is not None
    if role is not Role.CANDIDATE and not known:
        raise Refused("role_needs_address")


def _recruits_for(session: Session, user: User, now: datetime, name: str) -> str:
    if not name:
        if user.organisation_id is None:
            raise Refused("organisation_missing")
        return user.organisation_id
    organisation = Organisation(name=name, created_at=now)
    session.add(organisation)
    session.flush()
    return organisation.id


def _give_profile(session: Session, user: User, now: datetime) -> None:
    if session.get(CandidateProfile, user.id) is None:
        session.add(CandidateProfile(user_id=user.id, updated_at=now))


def _revoke_cards(session: Session, user: User, now: datetime) -> None:
    session.execute(
        update(AccessCard)
        .where(AccessCard.user_id == user.id, AccessCard.revoked_at.is_(None))
        .values(revoked_at=now)
    )


# -- noted and told --------------------------------------------------------------------------


def _record(
    session: Session,
    user: User,
    now: datetime,
    verb: str,
    act: Act,
    *,
    before: str | None = None,
    after: str | None = None,
) -> None:
    session.add(
        AccountEvent(
            at=now,
            user_id=user.id,
            actor_id=act.actor.id if act.actor else None,
            verb=verb,
            before=before,
            after=after,
            reason=act.reason.value,
        )
    )


def _notify(
    session: Session, user: User, now: datetime, template: str, act: Act, **values: str
) -> None:
    if user.email:
        told = _sentences(user, act) | values
        outbox.post(session, now, user.email, template, user.language, name=user.given_name, **told)


def _sentences(user: User, act: Act) -> dict[str, str]:
    why = translate(SENTENCES[act.reason], user.language)
    return {"why": why, "words": act.words, "contact": act.contact}
