"""Recruiters' accounts, as moderators look at them before anybody opens the films to them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, joinedload

from cvtube.accounts.models import AccountEvent, Role, User
from cvtube.accounts.recruiters import STANDINGS, Standing
from cvtube.db import keyset
from cvtube.db.keyset import KeysetPosition, Page
from cvtube.errors import Refused

PAGE = 30


def in_standing(
    session: Session, which: Standing, *, after: KeysetPosition | None = None, size: int = PAGE
) -> Page[User]:
    """A page of recruiters, with their organisations; whoever came first is first."""
    query = (
        select(User)
        .where(_listed(), STANDINGS[which])
        .order_by(User.created_at, User.id)
        .options(joinedload(User.organisation))
        .limit(size + 1)
    )
    if after is not None:
        query = query.where(keyset.behind(User.created_at, User.id, after, newest_first=False))
    rows = session.scalars(query).all()
    return keyset.page_of(rows, size, lambda user: KeysetPosition(user.created_at, user.id))


def count_by_standing(session: Session) -> dict[Standing, int]:
    """How many recruiters there are in each standing."""
    each = [func.count().filter(condition) for condition in STANDINGS.values()]
    numbers = session.execute(select(*each).select_from(User).where(_listed())).one()
    return dict(zip(STANDINGS, numbers, strict=True))


def load_recruiter(session: Session, user_id: str) -> User:
    """One recruiter; raises Refused("not_found") for everybody else."""
    user = session.scalar(
        select(User).where(User.id == user_id, _recruits()).options(joinedload(User.organisation))
    )
    if user is None:
        raise Refused("not_found")
    return user


def colleagues(session: Session, user: User) -> Sequence[User]:
    """The others who recruit for the same organisation."""
    return session.scalars(
        select(User)
        .where(_recruits(), User.organisation_id == user.organisation_id, User.id != user.id)
        .order_by(User.created_at, User.id)
        .limit(PAGE)
    ).all()


def events(session: Session, user: User) -> Sequence[AccountEvent]:
    """What has happened to the account, newest first."""
    return session.scalars(
        select(AccountEvent)
        .where(AccountEvent.user_id == user.id)
        .order_by(AccountEvent.at.desc(), AccountEvent.id.desc())
        .limit(PAGE)
    ).all()


def _listed() -> ColumnElement[bool]:
    """Nobody waits, or has been let in, whose account is suspended: administrators see those."""
    return and_(_recruits(), User.suspended_at.is_(None))


def _recruits() -> ColumnElement[bool]:
    return and_(User.role == Role.RECRUITER, User.deleted_at.is_(None))
