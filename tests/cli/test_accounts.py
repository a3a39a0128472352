"""`cvtube create-user`."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from cvtube.accounts import passwords
from cvtube.accounts.models import Role
from cvtube.accounts.people import find_user
from cvtube.cli import commands

PASSWORD = "grande marée du matin"


@pytest.fixture
def command(runtime, monkeypatch):
    monkeypatch.delenv("CVTUBE_CONFIG", raising=False)
    settings = runtime.settings
    for name in ("home", "database_url", "redis_url", "secret_key"):
        monkeypatch.setenv(f"CVTUBE_{name.upper()}", str(getattr(settings, name)))
    return lambda *words, said="": CliRunner().invoke(commands, ["create-user", *words], input=said)


def test_the_first_administrator_is_made_with_a_password_that_is_not_shown(command, runtime):
    done = command("Ann@Example.org", "--given-name", "Ann", said=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    with runtime.reading() as session:
        user = find_user(session, "ann@example.org")
        assert user.role is Role.ADMIN
        assert user.email_confirmed_at is not None
        assert passwords.matches(PASSWORD, user.password_hash)


def test_a_password_can_come_from_standard_input(command, runtime):
    words = ("bob@example.org", "--role", "recruiter", "--given-name", "Bob")
    done = command(*words, "--organisation", "Bob & Co", "--password-stdin", said=f"{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    with runtime.reading() as session:
        assert find_user(session, "bob@example.org").role is Role.RECRUITER


@pytest.mark.parametrize(
    ("words", "said", "sentence"),
    [
        (("no-address", "--given-name", "A"), PASSWORD, "address"),
        (("a@example.org", "--given-name", "A"), "short", "password"),
        (("a@example.org", "--given-name", "A", "--role", "recruiter"), PASSWORD, "organisation"),
    ],
)
def test_what_cannot_be_is_one_sentence(command, words, said, sentence):
    done = command(*words, "--password-stdin", said=f"{said}\n")
    assert done.exit_code == 1
    assert done.output.startswith("Error: ")
    assert sentence in done.output.lower()
    assert "Traceback" not in done.output
