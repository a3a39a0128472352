"""What tests of accounts need: mails as their readers see them, and a site to visit."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from cvtube.accounts import passwords
from cvtube.mail.models import Mail
from cvtube.runtime import Runtime

REAL = passwords.HASHER


@pytest.fixture
def real_passwords(quick_passwords, monkeypatch) -> None:
    """Hashes that cost what they cost everywhere but in tests."""
    monkeypatch.setattr(passwords, "HASHER", REAL)


class Mailbox:
    """Everything that was mailed, in the order in which it was found here.

    (The clock stands still in most tests, so the rows' own times do not tell them apart.)
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._found: dict[str, Mail] = {}

    def read(self) -> list[Mail]:
        with self._runtime.reading() as session:
            for mail in session.scalars(select(Mail).order_by(Mail.created_at)):
                self._found.setdefault(mail.id, mail)
        return list(self._found.values())

    def newest(self) -> Mail:
        return self.read()[-1]

    def link(self) -> str:
        """The path of the link in the newest mail."""
        (address,) = re.findall(r"http://localhost(\S+)", self.newest().body)
        return str(address)


@pytest.fixture
def mailbox(runtime: Runtime) -> Mailbox:
    return Mailbox(runtime)
