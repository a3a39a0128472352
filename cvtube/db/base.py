"""The declarative base, with constraint names that migrations can rely on from day one."""

from __future__ import annotations

import enum
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, Enum, MetaData, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# Lower-case Crockford base 32: no i, l, o, u, so that an id can be read out on the phone.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
ID_LENGTH = 26  # 130 random bits: nobody guesses one, nothing is told by its order


def new_id() -> str:
    """An opaque public id, safe in addresses, file names and object keys."""
    return "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))


def growing_id() -> str:
    """The same for rows of one moment, which stay in the order they were made in: time first."""
    now = time.time_ns()
    half = ID_LENGTH // 2  # 65 bits
    first = (ALPHABET[now >> 5 * place & 31] for place in reversed(range(half)))
    return "".join(first) + new_id()[half:]


class UTCDateTime(TypeDecorator[datetime]):
    """Aware UTC times on every database; SQLite keeps none of the zone by itself."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: every time in the database is aware and UTC")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


NEVER_STORED = "?"  # value of a member that only stands for those of newer versions


class StoredEnum(TypeDecorator[enum.StrEnum]):
    """A StrEnum stored by value, with a CHECK that refuses any other (and no type of its own).

    A newer version of CV Tube may store values that this one does not know, while both run or
    after somebody has gone back. They are read as `unknown`, which never shows more to anybody.
    """

    impl = Enum
    cache_ok = True

    def __init__(self, kind: type[enum.StrEnum], unknown: enum.StrEnum | None) -> None:
        super().__init__(
            *(member.value for member in kind if member.value != NEVER_STORED),
            validate_strings=True,
            native_enum=False,
            create_constraint=True,
            length=24,
            name=_snake(kind.__name__),
        )
        self.kind = kind
        self.unknown = unknown

    def result_processor(
        self, _dialect: Dialect, _coltype: object
    ) -> Callable[[str | None], enum.StrEnum | None]:
        known = {member.value: member for member in self.kind}
        return lambda value: None if value is None else known.get(value, self.unknown)


def stored_enum(kind: type[enum.StrEnum], *, unknown: enum.StrEnum | None) -> StoredEnum:
    """A column of this enumeration; `unknown` is what any other value in it is read as."""
    return StoredEnum(kind, unknown)


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


class Base(DeclarativeBase):
    """Every table's parent."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UTCDateTime, str: String}  # noqa: RUF012 (SQLAlchemy's own protocol)

    def __repr__(self) -> str:
        # Ids only: a row's words are personal data and reprs end up in logs.
        return f"<{type(self).__name__} {getattr(self, 'id', '?')}>"
