"""Proving that a card is one's own: its PIN, asked for in the same way for every number."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from cvtube.accounts import passwords, people
from cvtube.accounts.cards.issue import peppered
from cvtube.accounts.models import User
from cvtube.accounts.passwordless import AccessCard
from cvtube.accounts.sessions import digest
from cvtube.accounts.suspension import Suspended
from cvtube.errors import Refused


def find_card(session: Session, number: str) -> AccessCard | None:
    """The card of a number."""
    return session.scalar(
        select(AccessCard).where(AccessCard.number == number).options(joinedload(AccessCard.user))
    )


def card_of(session: Session, user: User) -> AccessCard | None:
    """The card a person may use now."""
    return session.scalar(
        select(AccessCard)
        .where(AccessCard.user_id == user.id, AccessCard.revoked_at.is_(None))
        .options(joinedload(AccessCard.user))
        .order_by(AccessCard.made_at.desc())
    )


def has_secret(card: AccessCard | None, secret: str) -> bool:
    """Whether the secret is that of the card's QR code: they have the card, not just its number."""
    return card is not None and hmac.compare_digest(digest(secret), card.secret_hash)


def verify_pin(peppers: Iterable[bytes], card: AccessCard | None, pin: str) -> AccessCard:
    """The card, if the PIN is its own. Takes no session: a hash must not hold one open.

    Raises:
        Refused: "card_wrong" for an unknown number and a wrong PIN alike; "card_revoked" and
            "account_suspended" only to who knows the PIN.
    """
    fits = _fits(peppers, card, pin)
    if card is None or not fits or card.user.deleted_at is not None:
        raise Refused("card_wrong")
    if card.revoked_at is not None:
        raise Refused("card_revoked")
    if card.user.suspended_at is not None:
        raise Suspended(card.user)
    return card


def note_use(session: Session, card: AccessCard, now: datetime, *, language: str = "") -> None:
    """Somebody has come with it: its maker sees that it works.

    The first time, the account takes on the language of who reads, not of who made it.

    Raises:
        Refused: "card_revoked", if that has happened since the PIN was looked at.
    """
    used = session.execute(
        update(AccessCard)
        .where(AccessCard.id == card.id, AccessCard.revoked_at.is_(None))
        .values(first_used_at=card.first_used_at or now)
        .returning(AccessCard.id)
    )
    if used.first() is None:
        raise Refused("card_revoked")
    if language and card.first_used_at is None:
        card.user.language = session.get_one(User, card.user_id).language = language


def confirm_pin(peppers: Iterable[bytes], card: AccessCard, pin: str) -> None:
    """Before something that matters: prove that it is really them."""
    if not _fits(peppers, card, pin):
        raise Refused("wrong_pin")


def _fits(peppers: Iterable[bytes], card: AccessCard | None, pin: str) -> bool:
    """Whether it is the card's PIN; takes as long for a number that nobody has."""
    card_id, kept = (card.id, card.pin_hash) if card else ("", None)
    tried = [passwords.matches(peppered(one, card_id, pin), kept) for one in peppers]
    return any(tried)


def change_pin(session: Session, card: AccessCard, user: User, now: datetime, kept: str) -> None:
    """A PIN of one's own choice, hashed by `making.pin_hash`."""
    session.get_one(AccessCard, card.id).pin_hash = kept
    people.record_account_event(session, user, now, "pin_changed")
