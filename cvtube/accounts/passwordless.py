"""The rows of the two ways in without a password: a card of paper, and a hand-over to a phone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cvtube.accounts.models import User
from cvtube.db.base import Base, new_id


class AccessCard(Base):
    """A card of paper with which somebody without an e-mail address logs in.

    Number and secret are printed, the secret inside the QR code alone. What opens the account
    is the PIN; the secret only tells the card's holder from somebody who has seen its number.
    """

    __tablename__ = "access_card"
    # For its maker: their cards, newest first.
    __table_args__ = (Index("ix_access_card_made_by_id_made_at", "made_by_id", "made_at"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    number: Mapped[str] = mapped_column(String(12), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    pin_hash: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
    made_by_id: Mapped[str | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    first_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="raise_on_sql")


class PinPepper(Base):
    """A key under which PINs are hashed, sealed with the site's secret key.

    It stays when the secret key changes: nobody could hash the PINs anew without knowing them.
    The newest one hashes; one that no key opens any more is kept, should the key come back.
    """

    __tablename__ = "pin_pepper"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    sealed: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime]


class HandOver(Base):
    """A log-in on its way from a desk to a phone: one use, one page, a few minutes.

    It ends with the desk's log-in. The phone's log-in is its own: it outlives the row.
    """

    __tablename__ = "hand_over"

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    desk_id: Mapped[str] = mapped_column(
        ForeignKey("login_session.id", ondelete="CASCADE"), index=True
    )
    # The log-in it became; empty before, and again once that has ended.
    phone_id: Mapped[str | None] = mapped_column(
        ForeignKey("login_session.id", ondelete="SET NULL"), index=True
    )
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    target: Mapped[str] = mapped_column(String(200))  # a path of this site
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise_on_sql")
