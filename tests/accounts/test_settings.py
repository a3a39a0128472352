"""One's own account, and nobody else's."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cvtube.accounts import passwords
from cvtube.accounts.models import CandidateProfile, LoginSession, OneTimeToken, User
from cvtube.accounts.people import ERASE_USER
from cvtube.accounts.profile import INDEX_OWNER
from tests.factories import SilentNotifier

PASSWORD = "un vieux moulin bleu"
PROGRAM = {"Accept": "application/json", "Accept-Language": "en"}


@pytest.fixture
def ada(people, runtime):
    """Ada's browser; she has a password."""
    ada_id = people.ada.id
    with runtime.transaction() as session:
        session.get_one(User, ada_id).password_hash = passwords.make_hash(PASSWORD)
    return people.client("ada")


def stored(runtime, user):
    with runtime.reading() as session:
        return session.get_one(User, user.id)


def log_ins_of(runtime, user):
    with runtime.reading() as session:
        own = select(LoginSession.id).where(LoginSession.user_id == user.id)
        return list(session.scalars(own.order_by(LoginSession.created_at)))


class TestName:
    def test_is_changed(self, ada, people, runtime):
        new = {"given_name": " Augusta\x00\r\n Ada ", "family_name": "Byron-King"}
        assert ada.post("/account", data=new).location == "/account"
        assert stored(runtime, people.ada).full_name == "Augusta Ada Byron-King"
        assert "Augusta Ada" in ada.get("/account").text

    def test_is_no_word_to_be_found_by_from_then_on(self, ada, people, runtime, clock, monkeypatch):
        notifier = SilentNotifier()
        monkeypatch.setattr(
            type(runtime.notifier), "notify", lambda _, job, what: notifier.notify(job, what)
        )
        clock.advance(minutes=1)
        ada.post("/account", data={"given_name": "Marie", "family_name": "Dupont"})
        assert (INDEX_OWNER.path, people.ada.id) in notifier.sent
        with runtime.reading() as session:
            assert session.get_one(CandidateProfile, people.ada.id).updated_at == clock()

    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("given_name", "", "given_name_missing"),
            ("given_name", "x" * 61, "text_too_long"),
            ("family_name", "x" * 61, "text_too_long"),
        ],
    )
    def test_must_be_one(self, ada, people, runtime, field, value, code):
        data = {"given_name": "Ada", "family_name": "Test", field: value}
        answer = ada.post("/account", data=data, headers=PROGRAM)
        assert (answer.status_code, answer.json["code"]) == (422, code)
        assert ada.post("/account", data=data).status_code == 422
        assert stored(runtime, people.ada).full_name == "Ada Test"


class TestLanguage:
    def test_is_kept_with_the_account_and_spoken_at_once(self, ada, people, runtime):
        assert ada.post("/account/language", data={"language": "en"}).location == "/account"
        assert stored(runtime, people.ada).language == "en"
        assert '<html lang="en"' in ada.get("/account").text

    def test_chosen_at_the_foot_of_any_page_is_kept_as_well(self, ada, people, runtime):
        ada.post("/language", data={"language": "en", "next": "/profile"})
        assert stored(runtime, people.ada).language == "en"

    @pytest.mark.parametrize("language", ["", "xx", None])
    def test_is_one_of_ours(self, ada, people, runtime, language):
        data = {} if language is None else {"language": language}
        answer = ada.post("/account/language", data=data, headers=PROGRAM)
        assert (answer.status_code, answer.json["code"]) == (422, "choice_unknown")
        assert stored(runtime, people.ada).language == "fr"


class TestLogIns:
    def test_are_listed_and_ended_one_by_one(self, ada, people, runtime, clock):
        clock.advance(minutes=1)
        phone = people.client("ada")
        here, there = log_ins_of(runtime, people.ada)
        page = ada.get("/account").text
        assert f"/account/log-ins/{there}/end" in page
        assert f"/account/log-ins/{here}/end" not in page
        assert "Tests" in ada.get(f"/account/log-ins/{there}/end").text
        assert phone.get("/account").status_code == 200  # it was only asked
        assert ada.post(f"/account/log-ins/{there}/end").location == "/account"
        assert phone.get("/account").status_code == 303
        assert ada.get("/account").status_code == 200

    def test_of_others_are_not_there(self, ada, people, runtime):
        people.client("cy")
        (of_cy,) = log_ins_of(runtime, people.cy)
        for path in (of_cy, "0" * 26, "a%00b"):
            assert ada.post(f"/account/log-ins/{path}/end").status_code in {400, 404}
        assert log_ins_of(runtime, people.cy) == [of_cy]


class TestPassword:
    def test_is_changed_by_who_knows_it_and_ends_every_other_log_in(
        self, ada, people, runtime, mailbox
    ):
        phone = people.client("ada")
        new = {"current": PASSWORD, "password": "une autre phrase"}
        assert ada.post("/account/password", data=new).location == "/account"
        assert ada.get("/account").status_code == 200
        assert phone.get("/account").status_code == 303
        assert len(log_ins_of(runtime, people.ada)) == 1
        assert passwords.matches("une autre phrase", stored(runtime, people.ada).password_hash)
        assert mailbox.newest().to_address == "ada@example.org"
        assert "http://localhost/forgotten-password" in mailbox.newest().body

    @pytest.mark.parametrize(
        ("current", "password", "code"),
        [
            ("wrong one", "une autre phrase", "wrong_password"),
            ("", "une autre phrase", "password_missing"),
            (PASSWORD, "short", "password_too_short"),
            (PASSWORD, "motdepasse", "password_too_common"),
            (PASSWORD, "ada@example.org", "password_too_common"),
        ],
    )
    def test_stays_otherwise(self, ada, people, runtime, mailbox, current, password, code):
        data = {"current": current, "password": password}
        answer = ada.post("/account/password", data=data, headers=PROGRAM)
        assert (answer.status_code, answer.json["code"]) == (422, code)
        assert passwords.matches(PASSWORD, stored(runtime, people.ada).password_hash)
        assert mailbox.read() == []

    def test_is_guessed_here_as_slowly_as_at_the_door(self, ada):
        data = {"current": "wrong one", "password": "une autre phrase"}
        codes = [ada.post("/account/password", data=data).status_code for _ in range(4)]
        assert codes == [422, 422, 422, 429]
        answer = ada.post("/account/password", data=data, headers=PROGRAM)
        assert answer.json["code"] == "tries_slowed"
        assert answer.headers["Retry-After"] == "30"


class TestAddress:
    def ask(self, ada, email, current=PASSWORD):
        data = {"email": email, "current": current}
        return ada.post("/account/address", data=data, headers=PROGRAM)

    def test_changes_once_the_new_one_has_answered(self, ada, people, runtime, mailbox):
        assert self.ask(ada, "Augusta@example.org").status_code == 303
        assert stored(runtime, people.ada).email == "ada@example.org"
        assert mailbox.newest().to_address == "augusta@example.org"
        link = mailbox.link()
        assert ada.get(link).status_code == 200
        assert stored(runtime, people.ada).email == "ada@example.org"
        assert ada.post(link).location == "/account"
        assert stored(runtime, people.ada).email == "augusta@example.org"
        told = mailbox.newest()
        assert told.to_address == "ada@example.org"
        assert "prévenez les personnes qui gèrent ce site" in told.body
        assert ada.post(link).status_code == 410

    def test_of_somebody_else_is_asked_for_in_vain_and_in_silence(
        self, ada, people, runtime, mailbox
    ):
        assert people.cy.email == "cy@example.org"
        taken = self.ask(ada, "cy@example.org")
        free = self.ask(ada, "free@example.org")
        assert (taken.status_code, taken.location) == (free.status_code, free.location)
        assert [mail.to_address for mail in mailbox.read()] == ["free@example.org"]

    def test_that_somebody_has_taken_meanwhile_is_not_given_twice(
        self, ada, people, runtime, mailbox
    ):
        self.ask(ada, "cy@example.org")
        assert mailbox.link().startswith("/new-address/")
        assert people.cy.email == "cy@example.org"
        assert ada.post(mailbox.link()).status_code == 410
        assert stored(runtime, people.ada).email == "ada@example.org"

    def test_kills_the_links_sent_to_the_old_one(self, ada, client, runtime, mailbox):
        client.post("/forgotten-password", data={"email": "ada@example.org"})
        stale = mailbox.link()
        self.ask(ada, "augusta@example.org")
        ada.post(mailbox.link())
        assert client.get(stale).status_code == 410

    @pytest.mark.parametrize(
        ("email", "current", "code"),
        [
            ("augusta", PASSWORD, "address_not_valid"),
            ("", PASSWORD, "address_not_valid"),
            ("augusta@example.org", "wrong one", "wrong_password"),
        ],
    )
    def test_needs_the_password_and_a_whole_address(self, ada, mailbox, email, current, code):
        answer = self.ask(ada, email, current)
        assert (answer.status_code, answer.json["code"]) == (422, code)
        assert mailbox.read() == []


class TestDeletion:
    def test_frees_the_address_ends_everything_and_wakes_the_erasure(
        self, app, ada, people, runtime, mailbox, monkeypatch
    ):
        notifier = SilentNotifier()
        monkeypatch.setattr(
            type(runtime.notifier), "notify", lambda _, job, what: notifier.notify(job, what)
        )
        phone = people.client("ada")
        app.test_client().post("/forgotten-password", data={"email": "ada@example.org"})
        reset = mailbox.link()

        answer = ada.post("/account/deletion", data={"current": PASSWORD})
        assert answer.location == "/"
        gone = stored(runtime, people.ada)
        assert gone.deleted_at == runtime.now()
        assert (gone.email, gone.password_hash) == (None, None)
        assert (ERASE_USER.path, people.ada.id) in notifier.sent
        for browser in (ada, phone):
            assert browser.get("/account").status_code == 303
        assert app.test_client().get(reset).status_code == 410
        with runtime.reading() as session:
            assert session.scalars(select(OneTimeToken.id)).all() == []
        assert mailbox.newest().to_address == "ada@example.org"

        again = {"given_name": "Ada", "email": "ada@example.org", "password": PASSWORD}
        newcomer = app.test_client()
        newcomer.post("/signup", data=again)
        assert newcomer.post(mailbox.link()).location == "/profile"

    def test_needs_the_password(self, ada, people, runtime):
        assert ada.post("/account/deletion", data={"current": "wrong one"}).status_code == 422
        assert stored(runtime, people.ada).deleted_at is None

    def test_is_not_for_staff_whose_accounts_the_operator_closes(self, people):
        for name in ("ben", "adm"):
            assert people.client(name).get("/account/deletion").status_code == 404
            assert "/account/deletion" not in people.client(name).get("/account").text
