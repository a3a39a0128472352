"""Mails that strangers can cause by typing somebody's address: a few an hour, not a flood."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cvtube.accounts.models import User
from cvtube.mail import outbox
from cvtube.mail.models import Mail

MOST_AN_HOUR = 5


def post_throttled(
    session: Session, now: datetime, user: User, template: str, **values: object
) -> None:
    """Write to the account's address, unless it has got enough of our mails lately."""
    if not user.email:
        return
    lately = select(func.count()).where(
        Mail.to_address == user.email, Mail.created_at > now - timedelta(hours=1)
    )
    if (session.scalar(lately) or 0) < MOST_AN_HOUR:
        outbox.post(
            session, now, user.email, template, user.language, name=user.given_name, **values
        )
