"""The people of this site, as administrators look for them.

Nobody else lists people. What is shown is what the account says and when it was used: nothing
here sorts or judges anybody.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from cvtube.accounts import account_states
from cvtube.accounts.account_states import Act
from cvtube.accounts.models import AccountEvent, LoginSession, Role, User
from cvtube.accounts.passwordless import AccessCard
from cvtube.db import keyset
from cvtube.db.folding import folded, folds
from cvtube.db.keyset import KeysetPosition, Page
from cvtube.errors import Refused
from cvtube.videos.models import Video

PAGE = 30
EVENTS = 50


class State(enum.StrEnum):
    """Whether somebody can use the account."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    UNCONFIRMED = "unconfirmed"  # nobody has opened the link in the email yet


_UNCONFIRMED = User.email.is_not(None) & User.email_confirmed_at.is_(None)
_IN_SQL: dict[State, ColumnElement[bool]] = {
    State.ACTIVE: User.suspended_at.is_(None) & ~_UNCONFIRMED,
    State.SUSPENDED: User.suspended_at.is_not(None),
    State.UNCONFIRMED: User.suspended_at.is_(None) & _UNCONFIRMED,
}


def state(user: User) -> State:
    """The same for one person."""
    if user.suspended_at is not None:
        return State.SUSPENDED
    unconfirmed = user.email is not None and user.email_confirmed_at is None
    return State.UNCONFIRMED if unconfirmed else State.ACTIVE


@dataclass(frozen=True)
class PeopleFilter:
    """Which people; empty fields ask for everybody."""

    text: str = ""  # part of a name or an address, a card's number, or an id
    role: Role | None = None
    state: State | None = None


@dataclass(frozen=True)
class PersonRow:
    """One person of the list."""

    user: User
    films: int

    @property
    def state(self) -> State:
        return state(self.user)


def list_people(
    session: Session, wanted: PeopleFilter, *, after: KeysetPosition | None = None, size: int = PAGE
) -> Page[PersonRow]:
    """A page of people with an account, the newest first."""
    query = _lines().order_by(User.created_at.desc(), User.id.desc()).limit(size + 1)
    if wanted.text:
        query = query.where(_matches(wanted.text))
    if wanted.role is not None:
        query = query.where(User.role == wanted.role)
    if wanted.state is not None:
        query = query.where(_IN_SQL[wanted.state])
    if after is not None:
        query = query.where(keyset.behind(User.created_at, User.id, after, newest_first=True))
    lines = [PersonRow(user, films) for user, films in session.execute(query)]
    return keyset.page_of(
        lines, size, lambda line: KeysetPosition(line.user.created_at, line.user.id)
    )


def load_person(session: Session, user_id: str) -> PersonRow:
    """One person; raises Refused("not_found") for who is not here, or no longer."""
    found = session.execute(_lines().where(User.id == user_id)).first()
    if found is None:
        raise Refused("not_found")
    return PersonRow(*found)


def find_person(session: Session, name: str) -> User:
    """Whose address, card's number or id this is; raises Refused("person_unknown")."""
    typed = name.strip()
    number = "".join(typed.split())
    user = session.scalar(
        select(User).where(
            User.deleted_at.is_(None),
            or_(User.email == typed.lower(), User.id == typed, _has_card(number)),
        )
    )
    if user is None:
        raise Refused("person_unknown")
    return user


def access_cards_of(session: Session, user: User) -> Sequence[AccessCard]:
    """The person's access cards, the newest first."""
    own = select(AccessCard).where(AccessCard.user_id == user.id)
    return session.scalars(own.order_by(AccessCard.made_at.desc(), AccessCard.id)).all()


def sign_ins(session: Session, user: User) -> int:
    """On how many devices the person is signed in; a suspended account's do not count."""
    if not user.in_good_standing:
        return 0
    own = select(func.count()).select_from(LoginSession).where(LoginSession.user_id == user.id)
    return session.scalar(own) or 0


def events(session: Session, user: User) -> Sequence[tuple[AccountEvent, User | None]]:
    """What has happened to the account and who did it, the newest first."""
    rows = session.execute(
        select(AccountEvent, User)
        .outerjoin(User, User.id == AccountEvent.actor_id)
        .where(AccountEvent.user_id == user.id)
        .order_by(AccountEvent.at.desc(), AccountEvent.id.desc())
        .limit(EVENTS)
    )
    return [(event, actor) for event, actor in rows]


def change_role(
    session: Session, user: User, now: datetime, act: Act, *, role: Role, organisation: str = ""
) -> None:
    """Another role, unless there are videos: only candidates have the pages to look after them.

    Raises:
        Refused: as `standing.change_role`, and "role_has_films".
    """
    films = select(Video.id).where(Video.owner_id == user.id, Video.deleted_at.is_(None))
    if role is not Role.CANDIDATE and session.scalar(films.limit(1)) is not None:
        raise Refused("role_has_films")
    account_states.change_role(session, user, now, act, role=role, organisation=organisation)


def _lines() -> Select[User, int]:
    films = (
        select(func.count())
        .select_from(Video)
        .where(Video.owner_id == User.id, Video.deleted_at.is_(None))
        .correlate(User)
        .scalar_subquery()
    )
    return (
        select(User, films).where(User.deleted_at.is_(None)).options(joinedload(User.organisation))
    )


def _matches(text: str) -> ColumnElement[bool]:
    typed, number = folded(text), "".join(text.split())
    full_name = User.given_name + " " + User.family_name
    return or_(
        folds(full_name).contains(typed, autoescape=True),
        User.email.contains(text.lower(), autoescape=True),
        User.id == text,
        _has_card(number),
    )


def _has_card(number: str) -> ColumnElement[bool]:
    return exists().where(AccessCard.user_id == User.id, AccessCard.number == number)
