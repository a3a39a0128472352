"""E-mail addresses, in the one form under which they are kept and compared."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import InstrumentedAttribute

from cvtube.errors import Refused

# Domains that can belong to nobody (RFC 2606, section 3): the demo's people live there.
RESERVED = ("example.org", "example.com", "example.net", "example")


def normalize(typed: str) -> str:
    """The address in lower case, domains of any script in their own letters.

    No look-up in the DNS: it would tell a stranger's name server who signs up here, and a
    network that is down would turn people away. The confirmation mail is the proof.

    Raises:
        Refused: "address_not_valid".
    """
    try:
        known = validate_email(typed.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise Refused("address_not_valid") from error
    return known.normalized.lower()


def is_reserved(address: str | None) -> bool:
    """Whether nobody can have this address: it is an invented person's."""
    domain = (address or "").rpartition("@")[2]
    return any(f".{domain}".endswith(f".{name}") for name in RESERVED)


def reserved(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
) -> ColumnElement[bool]:
    """The same in SQL."""
    return or_(*(column.endswith(mark + name) for name in RESERVED for mark in "@."))
