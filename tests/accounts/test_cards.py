"""People without an e-mail address: a card is made, opens the account, and is taken back."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from cvtube.accounts.cards import numbers
from cvtube.accounts.models import AccountEvent, Role, User
from cvtube.accounts.passwordless import AccessCard, HandOver
from cvtube.accounts.sessions import digest
from cvtube.privacy import erasure
from tests.accounts.cards import printed
from tests.accounts.test_authentication import hashes, same  # noqa: F401 (a fixture)

PROGRAM = {"Accept": "application/json", "Accept-Language": "en"}


@pytest.fixture
def make(people):
    """Cards, made by an adviser."""

    def make(*names, by="kim"):
        answer = people.client(by).post("/cards", data={"names": "\r\n".join(names)})
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


def acts(runtime):
    """Who did what, in any order: the clock stands still."""
    with runtime.reading() as session:
        events = session.scalars(select(AccountEvent)).all()
        return sorted((event.verb, event.actor_id) for event in events)


def row(runtime, card):
    with runtime.reading() as session:
        return session.scalars(select(AccessCard).where(AccessCard.number == card.number)).one()


@pytest.mark.both_databases
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

    def test_the_database_holds_neither_pin_nor_secret(self, runtime, fatou):
        kept = row(runtime, fatou)
        assert kept.pin_hash.startswith("$argon2id$")
        assert kept.secret_hash == digest(fatou.secret)
        everything = " ".join(str(value) for value in vars(kept).values())
        assert fatou.pin not in everything
        assert fatou.secret not in everything

    def test_the_pins_are_shown_once_and_never_kept_by_a_browser(self, people, fatou):
        kim = people.client("kim")
        page = kim.get("/cards")
        assert "Fatou" in page.text
        assert fatou.number[-4:] in page.text
        for secret in (fatou.number, fatou.pin, fatou.secret):
            assert secret not in page.text
        assert page.headers["Cache-Control"] == "private, no-store"
        assert kim.post("/cards", data={"names": "X"}).headers["Cache-Control"] == (
            "private, no-store"
        )

    @pytest.mark.parametrize(
        ("names", "code"),
        [
            (" \n ", "given_name_missing"),
            ("A\nB\nC\nD\nE\nF", "names_too_many"),
            ("A\n" + "x" * 61, "text_too_long"),
        ],
    )
    def test_one_to_five_people_have_to_be_named(self, people, names, code):
        answer = people.client("kim").post("/cards", data={"names": names}, headers=PROGRAM)
        assert (answer.status_code, answer.json["code"]) == (422, code)


class TestForWhom:
    @pytest.mark.parametrize("name", ["ada", "ben", "rae", "uma", "nobody"])
    def test_only_advisers_and_administrators_make_cards(self, people, runtime, fatou, name):
        browser = people.client(name)
        card_id = row(runtime, fatou).id
        refused = (401,) if name == "nobody" else (404,)
        for path in ("", f"/{card_id}/pin", f"/{card_id}/successor", f"/{card_id}/revocation"):
            answer = browser.post(f"/cards{path}", data={"names": "X"}, headers=PROGRAM)
            assert answer.status_code in refused, path
        assert browser.get("/cards").status_code == (303 if name == "nobody" else 404)
        assert row(runtime, fatou).revoked_at is None

    def test_an_adviser_sees_and_touches_only_cards_they_made(self, people, runtime, client, fatou):
        lou = people.client("lou")
        assert "Fatou" not in lou.get("/cards").text
        card_id = row(runtime, fatou).id
        for act in ("pin", "successor", "revocation"):
            assert lou.post(f"/cards/{card_id}/{act}").status_code == 404
        assert log_in(client, fatou).status_code == 303

    def test_an_administrator_sees_all_of_them(self, people, runtime, fatou, make):
        make("Bob", by="adm")
        page = people.client("adm").get("/cards").text
        assert "Fatou" in page
        assert "Bob" in page
        assert "Bob" not in people.client("kim").get("/cards").text

    def test_who_has_a_card_is_a_candidate_and_no_more(self, client, fatou):
        log_in(client, fatou)
        assert client.get("/my-films").status_code == 200
        for path in ("/cards", "/organisation", "/outbox", "/account/password/x"):
            assert client.get(path).status_code == 404


class TestLogIn:
    def test_the_first_time_the_account_takes_on_its_holders_language(self, app, fatou):
        browser = app.test_client()
        log_in(browser, fatou)  # from a browser that asks for English
        assert '<html lang="en"' in browser.get("/account").text

    def test_the_number_may_be_typed_as_it_is_printed_or_in_other_digits(self, app, fatou):
        arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
        for number in (
            numbers.in_groups(fatou.number),
            f" {fatou.number[:4]}-{fatou.number[4:]}",
            fatou.number.translate(arabic),
        ):
            assert log_in(app.test_client(), fatou, number=number).status_code == 303

    def test_it_goes_on_to_the_page_that_was_wanted(self, client, fatou):
        data = {"number": fatou.number, "pin": fatou.pin}
        assert client.post("/card?next=/profile", data=data).location == "/profile"
        client.post("/logout")
        assert client.post("/card?next=//evil.example", data=data).location == "/my-films"

    def test_two_devices_may_use_one_card(self, app, fatou):
        first, second = app.test_client(), app.test_client()
        log_in(first, fatou, scanned=True)
        log_in(second, fatou)
        assert is_known(first)
        assert is_known(second)

    @pytest.mark.parametrize(
        ("field", "value", "code", "status"),
        [
            ("number", "", "card_number_length", 422),
            ("number", "1234 5678", "card_number_length", 422),
            ("number", "hello", "card_number_length", 422),
            ("pin", "", "pin_length", 422),
            ("pin", "12345", "pin_length", 422),
            ("pin", "abcdef", "pin_length", 422),
            ("secret", "x" * 2000, "text_too_long", 422),
        ],
    )
    def test_a_slip_is_told_without_a_look_into_the_database(
        self, client, fatou, engine, monkeypatch, field, value, code, status
    ):
        engine.dispose()
        monkeypatch.setattr(type(engine), "connect", lambda _: pytest.fail("asked the database"))
        answer = log_in(client, fatou, **{field: value})
        monkeypatch.undo()
        assert (answer.status_code, answer.json["code"]) == (status, code)

    def test_one_wrong_digit_is_a_slip_and_no_guess(self, client, fatou):
        wrong = fatou.number[:-1] + str((int(fatou.number[-1]) + 1) % 10)
        for _ in range(10):
            answer = log_in(client, fatou, number=wrong)
            assert (answer.status_code, answer.json["code"]) == (422, "card_number_typo")
        assert log_in(client, fatou).status_code == 303

    def test_unknown_numbers_and_wrong_pins_get_one_answer_and_one_hash(
        self,
        app,
        fatou,
        hashes,  # noqa: F811
    ):
        answers = []
        for number in (fatou.number, numbers.new_number()):
            hashes.clear()
            client = app.test_client()
            client.post("/language", data={"language": "en"})
            data = {"number": number, "pin": other(fatou.pin)}
            answers += [client.post("/card", data=data) for _ in range(4)]
            assert len(hashes) == 3  # the fourth was too soon
        known, unknown = answers[:4], answers[4:]
        for one, two in zip(known, unknown, strict=True):
            assert one.status_code == two.status_code
            assert one.headers.get("Retry-After") == two.headers.get("Retry-After")
            assert same(one, fatou.number) == same(two, number)
        assert [answer.status_code for answer in known] == [422, 422, 422, 429]

    def test_somebody_suspended_or_gone_is_not_let_in(self, client, runtime, fatou, clock):
        def change(**values):
            with runtime.transaction() as session:
                user = session.get_one(User, row(runtime, fatou).user_id)
                for name, value in values.items():
                    setattr(user, name, value)

        change(suspended_at=clock())
        assert log_in(client, fatou).json["code"] == "account_suspended"
        change(suspended_at=None, deleted_at=clock())
        assert log_in(client, fatou).json["code"] == "card_wrong"


@pytest.mark.both_databases
class TestTakingBack:
    def test_it_logs_everybody_out_at_once_and_says_why(self, app, people, runtime, fatou):
        browser = app.test_client()
        log_in(browser, fatou)
        people.client("kim").post(f"/cards/{row(runtime, fatou).id}/revocation")
        answer = browser.get("/my-films")
        assert (answer.status_code, answer.location) == (303, "/card?next=/my-films")
        browser.post("/language", data={"language": "en"})
        page = browser.get(answer.location).text
        assert "This card no longer works. Ask your adviser for a new one." in page
        assert "no longer works" not in app.test_client().get("/card").text

    def test_only_who_knows_the_pin_hears_that_a_card_was_taken_back(
        self, client, people, runtime, fatou
    ):
        people.client("kim").post(f"/cards/{row(runtime, fatou).id}/revocation")
        answer = log_in(client, fatou, scanned=True)
        assert (answer.status_code, answer.json["code"]) == (403, "card_revoked")
        answer = log_in(client, fatou, scanned=True, pin=other(fatou.pin))
        assert (answer.status_code, answer.json["code"]) == (422, "card_wrong")

    def test_a_person_is_told_the_code_for_the_help_desk(self, client, fatou):
        page = client.post("/card", data={"number": fatou.number, "pin": "000000"}).text
        assert re.search(r"Code [^<]*card_wrong", page)

    def test_another_card_opens_the_same_account_and_the_lost_one_nothing(
        self, app, people, runtime, fatou
    ):
        card_id = row(runtime, fatou).id
        answer = people.client("kim").post(f"/cards/{card_id}/successor")
        (second,) = printed(answer.text)
        assert second.number != fatou.number
        assert row(runtime, second).user_id == row(runtime, fatou).user_id
        assert log_in(app.test_client(), second).status_code == 303
        assert log_in(app.test_client(), fatou).json["code"] == "card_revoked"

    def test_another_pin_leaves_the_number_and_lets_no_old_paper_in(
        self, app, people, runtime, fatou
    ):
        card_id = row(runtime, fatou).id
        answer = people.client("kim").post(f"/cards/{card_id}/pin")
        (second,) = printed(answer.text)
        assert second.number == fatou.number
        assert second.secret != fatou.secret
        assert log_in(app.test_client(), fatou, scanned=True).json["code"] == "card_wrong"
        assert log_in(app.test_client(), second, scanned=True).status_code == 303

    def test_a_card_that_was_taken_back_gets_no_new_pin(self, people, runtime, fatou):
        kim, card_id = people.client("kim"), row(runtime, fatou).id
        kim.post(f"/cards/{card_id}/revocation")
        answer = kim.post(f"/cards/{card_id}/pin", headers=PROGRAM)
        assert (answer.status_code, answer.json["code"]) == (403, "card_revoked")

    @pytest.mark.parametrize("act", ["pin", "successor", "revocation"])
    def test_what_ends_a_card_is_asked_about_first(self, client, people, runtime, fatou, act):
        kim, card_id = people.client("kim"), row(runtime, fatou).id
        listed = kim.get("/cards").text
        assert f'href="/cards/{card_id}/{act}"' in listed
        assert 'action="/cards/' not in listed
        page = kim.get(f"/cards/{card_id}/{act}").text
        assert re.search(r"<h1>[^<]*Fatou", page)
        assert '<form class="card" method="post">' in page
        assert 'href="/cards"' in page
        assert log_in(client, fatou, scanned=True).status_code == 303  # nothing has happened yet

    def test_every_act_is_in_the_journal_with_who_did_it(self, people, runtime, fatou):
        kim, adm = people.client("kim"), people.client("adm")
        card_id = row(runtime, fatou).id
        kim.post(f"/cards/{card_id}/pin")
        adm.post(f"/cards/{card_id}/revocation")
        adm.post(f"/cards/{card_id}/revocation")  # again changes nothing
        kim_id, adm_id = people.kim.id, people.adm.id
        assert acts(runtime) == sorted(
            [
                ("created", kim_id),
                ("card_made", kim_id),
                ("pin_renewed", kim_id),
                ("card_revoked", adm_id),
            ]
        )


class TestGuessing:
    """Somebody has seen the number, and tries PINs; the owner has the card in hand."""

    @pytest.fixture
    def guesses(self, app, fatou, clock):
        """A guesser's answers, one whenever the last one says."""
        guesser = app.test_client()

        def guesses(n):
            for _ in range(n):
                answer = log_in(guesser, fatou, pin=other(fatou.pin))
                if answer.status_code == 429:
                    clock.advance(seconds=int(answer.headers["Retry-After"]))
                yield answer

        return guesses

    def test_after_three_wrong_pins_the_way_in_that_stays_open_is_named(self, guesses):
        answers = list(guesses(4))
        assert [answer.json["code"] for answer in answers] == ["card_wrong"] * 3 + ["card_slowed"]
        assert answers[-1].headers["Retry-After"] == "30"
        assert answers[-1].json["title"] == "Too many wrong PINs. Scan the QR code on your card."

    def test_the_owner_who_scans_the_card_never_waits_for_a_guesser(self, app, fatou, guesses):
        for _ in guesses(25):
            pass
        assert log_in(app.test_client(), fatou).json["code"] == "card_slowed"
        assert log_in(app.test_client(), fatou, scanned=True).status_code == 303

    def test_nor_does_who_has_been_here_with_it_before(self, app, fatou, guesses):
        own = app.test_client()
        log_in(own, fatou)
        own.post("/logout")
        for _ in guesses(8):
            pass
        assert log_in(own, fatou).status_code == 303

    def test_a_guesser_gains_nothing_by_the_owners_log_in(self, app, fatou, guesses):
        list(guesses(4))
        log_in(app.test_client(), fatou, scanned=True)
        (answer, *_) = guesses(1)
        assert answer.json["code"] == "card_wrong"  # the wait of half a minute is over
        (answer, *_) = guesses(1)
        assert answer.headers["Retry-After"] == "60"

    def test_who_has_found_the_card_is_slowed_down_as_well(self, app, fatou):
        finder = app.test_client()
        codes = [
            log_in(finder, fatou, scanned=True, pin=other(fatou.pin)).json["code"] for _ in range(4)
        ]
        assert codes == ["card_wrong"] * 3 + ["tries_slowed"]

    def test_a_false_secret_is_no_card_in_hand(self, app, fatou, guesses):
        list(guesses(3))
        for secret in ("x" * 22, digest(fatou.secret), ""):
            answer = log_in(app.test_client(), fatou, secret=secret)
            assert answer.json["code"] == "card_slowed"

    def test_a_network_that_tries_many_numbers_is_slowed_down_but_not_its_cards(
        self, app, fatou, make, clock
    ):
        tried = [numbers.new_number() for _ in range(31)]
        codes = [log_in(app.test_client(), fatou, number=n).json["code"] for n in tried]
        assert codes == ["card_wrong"] * 30 + ["card_slowed"]
        assert log_in(app.test_client(), fatou).json["code"] == "card_slowed"
        assert log_in(app.test_client(), fatou, scanned=True).status_code == 303
        elsewhere = app.test_client()
        elsewhere.environ_base["REMOTE_ADDR"] = "203.0.113.9"
        assert log_in(elsewhere, fatou).status_code == 303

    def test_a_class_that_types_its_pins_is_no_attack(self, app, make):
        for room in range(7):
            for card in make(*(f"P{room}{n}" for n in range(5))):
                assert log_in(app.test_client(), card).status_code == 303


class TestOwnAccount:
    def test_the_holder_chooses_another_pin(self, app, client, runtime, fatou):
        log_in(client, fatou)
        chosen = "914 726"
        for current, pin, code in (
            (other(fatou.pin), chosen, "wrong_pin"),
            (fatou.pin, "123456", "pin_too_easy"),
            (fatou.pin, "1234", "pin_length"),
            ("", chosen, "password_missing"),
        ):
            answer = client.post(
                "/account/pin", data={"current": current, "pin": pin}, headers=PROGRAM
            )
            assert (answer.status_code, answer.json["code"]) == (422, code)
        client.post("/account/pin", data={"current": fatou.pin, "pin": chosen})
        assert log_in(app.test_client(), fatou).json["code"] == "card_wrong"
        assert log_in(app.test_client(), fatou, pin=chosen).status_code == 303
        assert ("pin_changed", row(runtime, fatou).user_id) in acts(runtime)

    def test_guessing_the_pin_inside_is_slow_as_well(self, client, fatou):
        log_in(client, fatou)
        data = {"current": other(fatou.pin), "pin": "914726"}
        statuses = [client.post("/account/pin", data=data).status_code for _ in range(5)]
        assert statuses == [422, 422, 422, 429, 429]

    def test_who_has_no_card_has_no_pin(self, people):
        assert people.client("ada").get("/account/pin").status_code == 404

    def test_an_address_makes_it_an_ordinary_account(self, app, client, mailbox, runtime, fatou):
        log_in(client, fatou)
        data = {"current": fatou.pin, "email": "Fatou@Example.org"}
        assert client.post("/account/address", data=data).status_code == 303
        answer = client.post(mailbox.link())
        assert answer.location.startswith("/new-password/")
        password = "un vieux moulin bleu"
        answer = client.post(answer.location, data={"password": password})
        assert answer.location == "/my-films"
        browser = app.test_client()
        data = {"email": "fatou@example.org", "password": password}
        assert browser.post("/login", data=data).status_code == 303
        # The card still works, until its holder needs it no more.
        assert log_in(app.test_client(), fatou).status_code == 303
        assert "/account/card/revocation" in browser.get("/account").text
        assert browser.get("/account/card/revocation").status_code == 200
        assert log_in(app.test_client(), fatou).status_code == 303  # it was only asked
        assert browser.post("/account/card/revocation").location == "/account"
        assert log_in(app.test_client(), fatou).json["code"] == "card_revoked"
        assert is_known(browser)

    def test_who_has_an_address_recovers_the_account_alone(
        self, people, client, mailbox, runtime, fatou
    ):
        log_in(client, fatou)
        client.post("/account/address", data={"current": fatou.pin, "email": "f@example.org"})
        client.post(mailbox.link())
        kim, card_id = people.client("kim"), row(runtime, fatou).id
        for act in ("pin", "successor"):
            answer = kim.post(f"/cards/{card_id}/{act}", headers=PROGRAM)
            assert (answer.status_code, answer.json["code"]) == (409, "card_holder_has_address")
        assert kim.post(f"/cards/{card_id}/revocation").status_code == 303

    def test_who_has_no_other_way_in_cannot_switch_the_card_off(self, client, fatou):
        log_in(client, fatou)
        assert client.post("/account/card/revocation").status_code == 404
        assert is_known(client)

    def test_an_account_without_address_can_be_deleted_with_its_pin(self, client, runtime, fatou):
        log_in(client, fatou)
        answer = client.post("/account/deletion", data={"current": other(fatou.pin)})
        assert answer.status_code == 422
        user_id = row(runtime, fatou).user_id
        client.post("/hand-overs", data={"next": "/"})
        assert client.post("/account/deletion", data={"current": fatou.pin}).status_code == 303
        assert log_in(client, fatou).json["code"] == "card_wrong"
        with runtime.transaction() as session:
            erasure.forget_person(session, user_id)
        with runtime.reading() as session:
            assert session.scalars(select(AccessCard)).all() == []
            assert session.scalars(select(HandOver)).all() == []


def other(pin):
    """A PIN that is not this one."""
    return pin[:-1] + str((int(pin[-1]) + 1) % 10)
