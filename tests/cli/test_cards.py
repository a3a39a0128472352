"""`cvtube make-card`."""

from __future__ import annotations

import stat

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from cvtube.accounts.models import AccountEvent, User
from cvtube.cli import commands
from tests.accounts.cards import printed


@pytest.fixture
def command(runtime, monkeypatch, tmp_path):
    monkeypatch.delenv("CVTUBE_CONFIG", raising=False)
    settings = runtime.settings
    for name in ("home", "database_url", "redis_url", "secret_key", "public_url"):
        monkeypatch.setenv(f"CVTUBE_{name.upper()}", str(getattr(settings, name)))
    page = str(tmp_path / "cards.html")
    return lambda *words: CliRunner().invoke(commands, ["make-card", *words, "--page", page])


@pytest.mark.both_databases
def test_the_operator_makes_cards_that_open_accounts(command, runtime, client, tmp_path):
    done = command("Fatou", "Marie & Jo")
    assert done.exit_code == 0, done.output
    page = tmp_path / "cards.html"
    cards = printed(page.read_text())
    assert [card.name for card in cards] == ["Fatou", "Marie & Jo"]
    for card in cards:
        assert card.pin not in done.output
        answer = client.post("/card", data={"number": card.number, "pin": card.pin})
        assert answer.location == "/my-films"
    with runtime.reading() as session:
        events = session.execute(select(AccountEvent.verb, AccountEvent.reason)).all()
        assert events.count(("card_made", "operator")) == 2


def test_the_page_is_its_readers_alone_loads_nothing_and_replaces_nothing(
    command, runtime, tmp_path
):
    command("Fatou")
    page = tmp_path / "cards.html"
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert "src=" not in page.read_text()
    assert "href=" not in page.read_text()
    before = page.read_text()
    done = command("Bob")
    assert done.exit_code == 1
    assert "File exists" in done.output
    assert page.read_text() == before
    with runtime.reading() as session:
        assert session.scalars(select(User.given_name)).all() == ["Fatou"]
