"""The outbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cvtube.db.base import Base, new_id


class Mail(Base):
    """One mail to one person.

    A job sends it. Bodies hold one-time links, so they are wiped a few days after sending.
    """

    __tablename__ = "mail"
    __table_args__ = (
        # For the clock: whose body is to be wiped.
        Index("ix_mail_sent_at", "sent_at"),
        # For those who count what an address has got lately.
        Index("ix_mail_to_address_created_at", "to_address", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id)
    to_address: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(200))
