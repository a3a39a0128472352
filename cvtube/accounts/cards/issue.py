"""Making cards, and taking them back. Every act leaves an event with its actor."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session, joinedload

from cvtube.accounts import links, passwords, people
from cvtube.accounts.cards import numbers
from cvtube.accounts.models import CandidateProfile, LoginSession, Role, TokenPurpose, User
from cvtube.accounts.passwordless import AccessCard
from cvtube.accounts.sessions import digest
from cvtube.db.base import new_id
from cvtube.errors import Refused

MOST_AT_ONCE = 5  # people in a workshop's room
BY_THE_OPERATOR = "operator"  # the event's reason, where its actor has no account


@dataclass(frozen=True)
class Print:
    """What stands on the paper. The database keeps none of it but the number."""

    given_name: str
    number: str
    secret: str = field(repr=False)
    pin: str = field(repr=False)

    @property
    def number_in_groups(self) -> str:
        return numbers.in_groups(self.number)

    @property
    def pin_in_groups(self) -> str:
        return numbers.in_groups(self.pin, 3)

    @property
    def fragment(self) -> str:
        """What the QR code adds to the page's address; browsers send it to nobody."""
        return f"{self.number}-{self.secret}"


@dataclass(frozen=True)
class Blank:
    """A card that is nobody's yet, with its PIN hashed: that takes its time, and no database."""

    card_id: str
    pin: str = field(repr=False)
    pin_hash: str = field(repr=False)


def blank(pepper: bytes, card_id: str | None = None) -> Blank:
    """A new PIN, for a new card or for the one named."""
    card_id, pin = card_id or new_id(), numbers.new_pin()
    return Blank(card_id, pin, pin_hash(pepper, card_id, pin))


def pin_hash(pepper: bytes, card_id: str, pin: str) -> str:
    """What is kept of a PIN."""
    return passwords.make_hash(peppered(pepper, card_id, pin))


def peppered(pepper: bytes, card_id: str, pin: str) -> str:
    """The PIN under this site's key: a million PINs are soon tried by who has the table alone."""
    return hmac.new(pepper, f"{card_id}\0{pin}".encode(), hashlib.sha256).hexdigest()


def make_account(
    session: Session,
    now: datetime,
    made: Blank,
    *,
    maker: User | None,
    given_name: str,
    family_name: str = "",
    language: str = "fr",
) -> Print:
    """A candidate's account without an address, and its card."""
    user = User(
        role=Role.CANDIDATE,
        given_name=given_name.strip(),
        family_name=family_name.strip(),
        language=language,
        profile=CandidateProfile(updated_at=now),
        created_at=now,
    )
    session.add(user)
    session.flush()
    _record(session, user, now, "created", maker)
    return _hand_out(session, user, now, made, maker)


def replace_card(
    session: Session, card: AccessCard, now: datetime, made: Blank, *, maker: User
) -> Print:
    """Another card for the same person: the old one is lost, or was taken back."""
    _refuse_closed(card)
    if card.revoked_at is None:
        revoke(session, card, now, actor=maker)
    return _hand_out(session, card.user, now, made, maker)


def renew_pin(
    session: Session, card: AccessCard, now: datetime, made: Blank, *, maker: User
) -> Print:
    """Another PIN, and with it another paper: the old QR code proves nothing any more."""
    _refuse_closed(card)
    if card.revoked_at is not None:
        raise Refused("card_revoked")
    secret = _new_secret()
    card.pin_hash, card.secret_hash = made.pin_hash, digest(secret)
    links.void(session, card.user, TokenPurpose.CHANGE_EMAIL)
    _record(session, card.user, now, "pin_renewed", maker)
    return Print(card.user.given_name, card.number, secret, made.pin)


def revoke(session: Session, card: AccessCard, now: datetime, *, actor: User) -> None:
    """The card opens nothing any more, and what it has opened is closed at once."""
    if card.revoked_at is not None:
        return
    card.revoked_at = now
    session.execute(delete(LoginSession).where(LoginSession.card_id == card.id))
    # Whoever had it may have asked for an address of their own.
    links.void(session, card.user, TokenPurpose.CHANGE_EMAIL)
    _record(session, card.user, now, "card_revoked", actor)


def _refuse_closed(card: AccessCard) -> None:
    """Who has an address recovers the account by themselves: nobody else gets into it.

    Nor does a new card open one that an administrator has suspended.
    """
    if card.user.suspended_at is not None:
        raise Refused("account_suspended")
    if card.user.email is not None:
        raise Refused("card_holder_has_address")


def cards_for(staff: User) -> Select[AccessCard]:
    """The cards somebody may see: advisers those they made, administrators all of them."""
    query = (
        select(AccessCard)
        .join(User, User.id == AccessCard.user_id)
        .where(User.deleted_at.is_(None))
        .options(joinedload(AccessCard.user))
    )
    return query if staff.role is Role.ADMIN else query.where(AccessCard.made_by_id == staff.id)


def _hand_out(
    session: Session, user: User, now: datetime, made: Blank, maker: User | None
) -> Print:
    secret = _new_secret()
    card = AccessCard(
        id=made.card_id,
        user_id=user.id,
        number=numbers.new_number(),
        secret_hash=digest(secret),
        pin_hash=made.pin_hash,
        made_at=now,
        made_by_id=maker.id if maker else None,
    )
    session.add(card)
    _record(session, user, now, "card_made", maker)
    return Print(user.given_name, card.number, secret, made.pin)


def _record(session: Session, holder: User, now: datetime, verb: str, maker: User | None) -> None:
    reason = None if maker else BY_THE_OPERATOR
    people.record_account_event(session, holder, now, verb, actor=maker, reason=reason)


def _new_secret() -> str:
    return secrets.token_urlsafe(16)  # 128 bits: short enough for a QR code old cameras read
