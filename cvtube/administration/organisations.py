"""The organisations of this site, with the people who recruit for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased

from cvtube.accounts.models import AccountEvent, Organisation, Role, User
from cvtube.accounts.recruiters import STANDINGS, Standing, standing
from cvtube.administration.people import State, state
from cvtube.db import keyset
from cvtube.db.folding import folded, folds
from cvtube.db.keyset import KeysetPosition, Page

PAGE = 30


@dataclass(frozen=True)
class Recruiter:
    """One of an organisation's people."""

    user: User
    verified_by: User | None  # None as well if an account that is gone has verified them

    @property
    def standing(self) -> Standing:
        return standing(self.user)

    @property
    def state(self) -> State:
        return state(self.user)


@dataclass
class OrganisationRow:
    """One organisation of the list."""

    organisation: Organisation
    recruiters: list[Recruiter] = field(default_factory=list)


def find_organisation(
    session: Session,
    text: str = "",
    which: Standing | None = None,
    *,
    after: KeysetPosition | None = None,
    size: int = PAGE,
) -> Page[OrganisationRow]:
    """A page of organisations somebody recruits for, the newest first.

    `text` is part of a name or website, or a SIRET number; `which` asks for those with a
    recruiter of that standing.
    """
    query = select(Organisation).order_by(Organisation.created_at.desc(), Organisation.id.desc())
    recruits = [
        User.organisation_id == Organisation.id,
        User.role == Role.RECRUITER,
        User.deleted_at.is_(None),
    ]
    if which is not None:
        recruits.append(STANDINGS[which])
    query = query.where(exists().where(*recruits))
    if text:
        query = query.where(
            or_(
                folds(Organisation.name).contains(folded(text), autoescape=True),
                Organisation.website.contains(text.lower(), autoescape=True),
                Organisation.siret == "".join(text.split()),
            )
        )
    if after is not None:
        at, row_id = Organisation.created_at, Organisation.id
        query = query.where(keyset.behind(at, row_id, after, newest_first=True))
    lines = [OrganisationRow(found) for found in session.scalars(query.limit(size + 1))]
    page = keyset.page_of(
        lines, size, lambda line: KeysetPosition(line.organisation.created_at, line.organisation.id)
    )
    _add_recruiters(session, page.rows)
    return page


def _add_recruiters(session: Session, lines: Sequence[OrganisationRow]) -> None:
    by_id = {line.organisation.id: line for line in lines}
    recruiters = session.scalars(
        select(User)
        .where(
            User.organisation_id.in_(by_id),
            User.role == Role.RECRUITER,
            User.deleted_at.is_(None),
        )
        .order_by(User.created_at, User.id)
    ).all()
    judges = _verified_by(session, [user.id for user in recruiters])
    for user in recruiters:
        by_id[user.organisation_id or ""].recruiters.append(Recruiter(user, judges.get(user.id)))


def _verified_by(session: Session, user_ids: Iterable[str]) -> dict[str, User]:
    """Who verified each of them last."""
    judge = aliased(User)
    rows = session.execute(
        select(AccountEvent.user_id, judge)
        .join(judge, judge.id == AccountEvent.actor_id)
        .where(AccountEvent.user_id.in_(user_ids), AccountEvent.verb == "recruiter_verified")
        .order_by(AccountEvent.at, AccountEvent.id)
    )
    return dict(iter(rows))
