"""An account for each of those who come: what one person may do in a minute is limited."""

from __future__ import annotations

from pathlib import Path

from cvtube import runtime as runtimes
from cvtube import (
    schema,  # noqa: F401 (every table, for the mappers)
)
from cvtube.accounts import people
from cvtube.accounts.models import Role
from cvtube.errors import Refused
from cvtube.runtime import Runtime
from cvtube.settings import load

PASSWORD = "correct-horse-battery"  # noqa: S105 (of accounts in a benchmark's own database)


def address(role: Role, number: int) -> str:
    """Whose account it is."""
    return f"load-{role.value}-{number}@example.org"


def make(home: Path, numbers: dict[Role, int]) -> None:
    """As many of each role, unless an earlier run has made them."""
    with runtimes.opened(load(home=home)) as runtime:
        for role, number in numbers.items():
            for one in range(number):
                if not _made(runtime, role, one):
                    return


def _made(runtime: Runtime, role: Role, number: int) -> bool:
    now = runtime.now()
    try:
        with runtime.transaction() as session:
            person = people.create_user(
                session,
                now,
                email=address(role, number),
                password=PASSWORD,
                role=role,
                given_name="Load",
                organisation="Load" if role is Role.RECRUITER else None,
                confirmed=True,
            )
            if role is Role.RECRUITER:
                person.verified_at = now
    except Refused as refused:
        return refused.code == "address_taken"
    return True
