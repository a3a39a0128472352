"""`cvtube people …`: what is to be done when nobody can sign in to do it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from cvtube.accounts.models import Role, User
from cvtube.cli import commands


@pytest.fixture
def command(runtime, monkeypatch):
    monkeypatch.delenv("CVTUBE_CONFIG", raising=False)
    settings = runtime.settings
    for name in ("home", "database_url", "redis_url", "secret_key"):
        monkeypatch.setenv(f"CVTUBE_{name.upper()}", str(getattr(settings, name)))
    return lambda *words, said="": CliRunner().invoke(commands, ["people", *words], input=said)


def test_an_account_is_suspended_reopened_and_closed(command, people, stored, runtime):
    ada, address = people.ada, people.ada.email
    done = command("suspend", address, "--reason", "security", "--words", "Ring us.")
    assert done.exit_code == 0, done.output
    assert stored(ada).suspension_words == "Ring us."
    listed = command("list", "--state", "suspended").output.splitlines()
    assert [line.split("\t")[1:] for line in listed] == [
        ["candidate", "suspended", "never", "0", "Ada Test", address]
    ]
    assert command("reopen", ada.id, "--reason", "checked").exit_code == 0
    assert stored(ada).in_good_standing
    assert command("close", address, "--reason", "asked", said="n\n").exit_code == 1
    assert stored(ada).in_good_standing
    assert command("close", address, "--reason", "asked", "--yes").exit_code == 0
    assert stored(ada).deleted_at is not None
    assert command("list").output == ""


def test_sign_ins_end_and_roles_change(command, people, stored, runtime):
    browser = people.client("ben")
    ben_id = people.ben.id
    with runtime.transaction() as session:
        session.get_one(User, ben_id).password_hash = "x"
    assert command("end-sessions", people.ben.email, "--reason", "security").exit_code == 0
    assert browser.get("/moderation").status_code == 303
    done = command("set-role", people.ben.email, "adviser", "--reason", "duties")
    assert done.exit_code == 0, done.output
    assert stored(people.ben).role is Role.ADVISER


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("suspend", "nobody@example.org", "--reason", "rules"), "no account"),
        (("suspend", "adm@example.org", "--reason", "rules"), "last administrator"),
        (("reopen", "adm@example.org", "--reason", "checked"), "already"),
        (("set-role", "adm@example.org", "adviser", "--reason", "duties"), "last administrator"),
    ],
)
def test_what_cannot_be_is_one_sentence(command, people, words, sentence):
    assert people.adm.role is Role.ADMIN
    done = command(*words)
    assert done.exit_code == 1
    assert done.output.startswith("Error: ")
    assert sentence in done.output.lower()
