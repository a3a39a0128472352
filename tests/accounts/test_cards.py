"""People without an e-mail address: a card is made, opens the account, and is taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cvtube.accounts.models import AccountEvent, Role, User
from cvtube.accounts.ways_in import AccessCard
from tests.accounts.cards import printed
from tests.accounts.test_entry import hashes, same  # noqa: F401 (a fixture)

PROGRAM = {"Accept": "application/json", "Accept-Language": "en"}
pytestmark = pytest.mark.both_databases


@pytest.fixture
def make(people):
    """Cards, made by an adviser."""

    def make(*names, by="kim"):
        answer = people.client(by).post(
            "/cards", data={f"names-{i}": name for i, name in enumerate(names)}
        )
        assert answer.status_code == 201
        return printed(answer.text)

    return make


@pytest.fixture
def fatou(make):
    (card,) = make("Fatou")
    return card


def log_in(client, card, *, scanned=False, **other):
    data = {"number": card.number, "pin": card.pin, "secret": card.secret if scanned else ""}
    return client.post("/card", data={**data, **other}, headers=PROGRAM)


def is_known(client):
    return client.get("/account").status_code == 200


def verbs(runtime):
    with runtime.reading() as session:
        events = session.scalars(select(AccountEvent).order_by(AccountEvent.at)).all()
        return [(event.verb, event.actor_id, event.reason) for event in events]


def row(runtime, card):
    with runtime.reading() as session:
        return session.scalars(select(AccessCard).where(AccessCard.number == card.number)).one()


class TestMaking:
    def test_an_adviser_makes_an_account_that_the_paper_alone_opens(
        self, runtime, people, client, fatou
    ):
        assert fatou.name == "Fatou"
        with runtime.reading() as session:
            user = session.scalars(select(User).where(User.given_name == "Fatou")).one()
            assert (user.role, user.email, user.password_hash) == (Role.CANDIDATE, None, None)
        answer = log_in(client, fatou, scanned=True)
        assert (answer.status_code, answer.location) == (303, "/my-films")
        assert client.get("/profile").status_code == 200

    def test_a_room_of_five_gets_five_cards_at_once(self, make, app):
        cards = make("Ann", "Bob", "", "Dee", "Eve")
        assert [card.name for card in cards] == ["Ann", "Bob", "Dee", "Eve"]
        for secrets in ("number", "pin", "secret"):
            assert len({getattr(card, secrets) for card in cards}) == 4
        for card in cards:
            assert log_in(app.test_client(), card).status_code == 303
