"""Signing in. Whoever stands before them learns nothing about who lives here."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from cvtube.accounts import passwords
from cvtube.accounts.models import (
    AccountEvent,
    LoginSession,
    LogInThrottle,
    OneTimeToken,
    Organisation,
    Role,
    User,
)
from cvtube.accounts.people import create_user
from cvtube.web.language import local_path

PASSWORD = "un vieux moulin bleu"
CANDIDATE = {"given_name": "Zoé", "email": "zoe@example.org", "password": PASSWORD}
RECRUITER = {
    **CANDIDATE,
    "family_name": "Durand",
    "organisation": "Boulangerie Durand",
    "siret": "732 829 320 00074",
    "website": "www.durand.example",
    "charter": "y",
}
PROGRAM = {"Accept": "application/json", "Accept-Language": "en"}


@pytest.fixture
def zoe(runtime):
    """Somebody with a password and a confirmed address."""
    with runtime.transaction() as session:
        return create_user(session, runtime.now(), confirmed=True, role=Role.CANDIDATE, **CANDIDATE)


@pytest.fixture
def hashes(monkeypatch):
    """How often a password was hashed or checked."""
    counted = []
    for name in ("hash", "verify"):
        real = getattr(passwords.HASHER, name)

        def counting(*arguments, real=real):
            counted.append(1)
            return real(*arguments)

        monkeypatch.setattr(type(passwords.HASHER), name, lambda self, *a, c=counting: c(*a))
    return counted


def log_in(client, email="zoe@example.org", password=PASSWORD, **more):
    return client.post("/login", data={"email": email, "password": password, **more})


def is_known(client):
    return client.get("/account").status_code == 200


def kept(runtime, what):
    with runtime.reading() as session:
        return session.scalars(select(what)).all()


class TestLogIn:
    def test_the_right_password_opens_the_page_one_wanted(self, client, zoe):
        answer = client.post("/login?next=/profile", data={**CANDIDATE})
        assert (answer.status_code, answer.location) == (303, "/profile")
        assert is_known(client)

    def test_the_address_is_the_same_in_any_case(self, client, zoe):
        assert log_in(client, " ZOE@Example.ORG ").status_code == 303

    @pytest.mark.parametrize(
        ("name", "home"),
        [
            ("ada", "/my-films"),
            ("rae", "/"),
            ("uma", "/"),
            ("ben", "/moderation"),
            ("adm", "/moderation"),
        ],
    )
    def test_everybody_comes_to_their_own_work(self, app, client, people, runtime, name, home):
        user = getattr(people, name)
        with runtime.transaction() as session:
            session.get_one(User, user.id).password_hash = passwords.make_hash(PASSWORD)
        assert log_in(client, user.email).location == home
        assert client.get("/login").location == home

    @pytest.mark.parametrize(
        "away",
        [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "javascript:x",
        ],
    )
    def test_nobody_is_sent_away_from_the_site(self, client, zoe, away):
        answer = client.post("/login", query_string={"next": away}, data=CANDIDATE)
        assert answer.location == "/my-films"
        assert local_path(away) == "/"

    @pytest.mark.parametrize(
        ("email", "password"),
        [
            ("zoe@example.org", "not the password"),
            ("nobody@example.org", PASSWORD),
            ("new@example.org", PASSWORD),  # signed up, never confirmed
        ],
    )
    def test_every_wrong_log_in_is_the_same_to_the_byte(
        self, app, runtime, zoe, hashes, email, password
    ):
        with runtime.transaction() as session:
            unconfirmed = {**CANDIDATE, "email": "new@example.org"}
            create_user(session, runtime.now(), role=Role.CANDIDATE, **unconfirmed)
        reference = log_in(app.test_client(), "who@example.org", "whatever it is")
        hashes.clear()
        answer = log_in(app.test_client(), email, password)
        assert len(hashes) == 1
        assert answer.status_code == reference.status_code == 422
        assert same(answer, email) == same(reference, "who@example.org")

    def test_it_counts_a_hash_for_the_right_password_too(self, client, zoe, hashes):
        log_in(client)
        assert len(hashes) == 1

    def test_a_program_gets_the_code(self, client, zoe):
        answer = client.post("/login", data={**CANDIDATE, "password": "wrong"}, headers=PROGRAM)
        assert (answer.status_code, answer.json["code"]) == (422, "wrong_log_in")

    def test_the_suspended_are_told_so_if_they_know_the_password(self, app, runtime, zoe):
        with runtime.transaction() as session:
            session.get_one(User, zoe.id).suspended_at = runtime.now()
        answer = app.test_client().post("/login", data=CANDIDATE, headers=PROGRAM)
        assert (answer.status_code, answer.json["code"]) == (403, "account_suspended")
        wrong = {**CANDIDATE, "password": "wrong"}
        answer = app.test_client().post("/login", data=wrong, headers=PROGRAM)
        assert answer.json["code"] == "wrong_log_in"

    def test_an_old_hash_is_renewed(self, client, runtime, zoe, real_passwords):
        with runtime.transaction() as session:
            weaker = type(passwords.HASHER)(time_cost=1, memory_cost=8192, parallelism=1)
            session.get_one(User, zoe.id).password_hash = weaker.hash(PASSWORD)
        assert log_in(client).status_code == 303
        (renewed,) = kept(runtime, User.password_hash)
        assert "m=47104" in renewed
        assert passwords.matches(PASSWORD, renewed)

    def test_each_log_in_has_a_new_token_and_ends_the_one_before(self, client, runtime, zoe):
        log_in(client)
        (first,) = kept(runtime, LoginSession.token_hash)
        log_in(client)
        (second,) = kept(runtime, LoginSession.token_hash)
        assert first != second

    def test_nothing_that_was_in_the_cookie_before_stays(self, client, zoe):
        with client.session_transaction() as cookie:
            cookie["planted"] = "by a stranger"
        log_in(client)
        with client.session_transaction() as cookie:
            assert "planted" not in cookie

    def test_the_cookie_stays_only_on_ones_own_device(self, app, people, runtime, zoe):
        def lives_on(**more):
            answer = log_in(app.test_client(), **more)
            (header,) = [h for h in answer.headers.getlist("Set-Cookie") if h.startswith("cvtube=")]
            assert "HttpOnly" in header
            assert "SameSite=Lax" in header
            return "Expires" in header

        assert lives_on(stay="y")
        assert not lives_on()
        with runtime.transaction() as session:
            session.get_one(User, zoe.id).role = Role.MODERATOR
        assert not lives_on(stay="y")  # staff never

    def test_the_account_speaks_its_own_language(self, client, zoe):
        client.post("/language", data={"language": "en"})
        log_in(client)
        assert '<html lang="fr"' in client.get("/account").text

    def test_logging_out_ends_the_log_in_itself(self, client, runtime, zoe):
        log_in(client)
        stolen = client.get_cookie("cvtube").value
        assert client.post("/logout").location == "/"
        assert kept(runtime, LoginSession.id) == []
        client.set_cookie("cvtube", stolen)
        assert not is_known(client)


class TestBrake:
    def test_guesses_are_slowed_down_alike_for_known_and_unknown_addresses(
        self, app, client, zoe, clock
    ):
        answers = {}
        for email in ("zoe@example.org", "nobody@example.org"):
            for _ in range(3):
                assert log_in(client, email, "a wrong guess").status_code == 422
            answers[email] = log_in(client, email, "a wrong guess")
        known, unknown = answers.values()
        assert known.status_code == unknown.status_code == 429
        assert known.headers["Retry-After"] == unknown.headers["Retry-After"] == "30"
        assert same(known, "zoe@example.org") == same(unknown, "nobody@example.org")

        assert log_in(client).status_code == 429  # nor is the right one heard
        clock.advance(seconds=31)
        assert log_in(client).status_code == 303

    def test_a_stranger_who_guesses_does_not_keep_the_owner_out(self, app, client, zoe, clock):
        log_in(client)
        client.post("/logout")
        for _ in range(4):
            last = log_in(app.test_client(), password="a wrong guess")
        assert last.status_code == 429
        assert log_in(client).status_code == 303

    def test_nor_does_an_owners_log_in_help_the_stranger(self, app, client, zoe):
        log_in(client)
        client.post("/logout")
        stranger = app.test_client()
        for _ in range(4):
            log_in(stranger, password="a wrong guess")
        log_in(client)
        assert log_in(stranger, password="a wrong guess").status_code == 429

    def test_the_owners_own_browser_is_slowed_down_as_well(self, client, zoe):
        log_in(client)
        client.post("/logout")
        codes = [log_in(client, password="a wrong guess").status_code for _ in range(5)]
        assert codes == [422, 422, 422, 429, 429]

    def test_success_forgets_the_tries(self, client, runtime, zoe):
        log_in(client, password="a wrong guess")
        log_in(client)
        assert kept(runtime, LogInThrottle.key) == []


def same(answer, email):
    """The page without what is different in any two answers."""
    page = re.sub(r'(name="csrf-token" content|name="csrf_token" value)="[^"]*"', "", answer.text)
    return page.replace(email, "ADDRESS")


class TestSignUp:
    def test_a_candidate_signs_up_reads_the_mail_and_is_in(self, client, runtime, mailbox):
        answer = client.post("/signup", data=CANDIDATE)
        assert (answer.status_code, answer.location) == (303, "/look-in-your-mailbox")
        assert "zoe@example.org" in client.get("/look-in-your-mailbox").text
        assert not is_known(client)
        assert mailbox.newest().to_address == "zoe@example.org"
        assert mailbox.newest().subject == "Confirmez votre adresse e-mail pour CV Tube"

        link = mailbox.link()
        assert client.get(link).status_code == 200
        assert client.get(link).status_code == 200
        answer = client.post(link)
        assert (answer.status_code, answer.location) == (303, "/profile")
        assert is_known(client)
        with runtime.reading() as session:
            zoe = session.scalars(select(User)).one()
            assert (zoe.role, zoe.given_name, zoe.email) == (
                Role.CANDIDATE,
                "Zoé",
                "zoe@example.org",
            )
            assert zoe.email_confirmed_at == runtime.now()

    def test_a_recruiter_comes_with_an_organisation_and_waits(self, client, runtime, mailbox):
        client.post("/signup/recruiter", data=RECRUITER)
        assert client.post(mailbox.link()).location == "/organisation"
        with runtime.reading() as session:
            organisation = session.scalars(select(Organisation)).one()
            assert organisation.name == "Boulangerie Durand"
            assert organisation.siret == "73282932000074"
            assert organisation.website == "https://www.durand.example"
            verbs = set(session.scalars(select(AccountEvent.verb)))
            assert verbs == {"created", "charter_accepted", "address_confirmed"}
            assert not session.scalars(select(User)).one().is_verified_recruiter

    def test_elsewhere_the_link_confirms_and_asks_for_the_password(self, app, client, mailbox):
        client.post("/signup", data=CANDIDATE)
        other = app.test_client()
        assert other.post(mailbox.link()).location == "/login"
        assert not is_known(other)
        assert log_in(other).status_code == 303

    def test_nobody_is_in_before_the_mail_is_read(self, client, mailbox):
        client.post("/signup", data=CANDIDATE)
        assert log_in(client).status_code == 422

    def test_pages_and_mails_speak_the_visitors_language(self, client, mailbox):
        client.post("/signup", data=CANDIDATE, headers={"Accept-Language": "en"})
        assert mailbox.newest().subject == "Confirm your email address for CV Tube"

    @pytest.mark.parametrize(
        ("path", "data"),
        [
            ("/signup", CANDIDATE),
            ("/signup/recruiter", RECRUITER),
            ("/forgotten-password", {"email": "zoe@example.org"}),
        ],
    )
    def test_whoever_mistyped_the_address_gets_back_to_the_same_form(self, client, path, data):
        client.post(path, data=data)
        page = client.get("/look-in-your-mailbox", headers={"Accept-Language": "en"}).text
        assert re.findall(r'href="([^"]*)">Use another email address', page) == [path]

    @pytest.mark.parametrize(
        ("path", "data"), [("/signup", CANDIDATE), ("/signup/recruiter", RECRUITER)]
    )
    def test_a_known_address_gets_the_same_answer_and_another_mail(
        self, app, zoe, mailbox, hashes, path, data
    ):
        answers, cookies = [], []
        for email in ("zoe@example.org", "new@example.org"):
            hashes.clear()
            browser = app.test_client()
            answer = browser.post(path, data={**data, "email": email})
            assert len(hashes) == 1
            cookies.append(len(browser.get_cookie("cvtube").value) - len(email) * 4 / 3)
            page = same(browser.get(answer.location), email)
            answers.append((answer.status_code, answer.location, page))
        known, unknown = answers
        assert known == unknown
        # They are packed, so what is random in them makes them some bytes longer or shorter.
        assert abs(cookies[0] - cookies[1]) < 8
        exists, confirm = sorted(mailbox.read(), key=lambda mail: "confirm" in mail.body)
        assert exists.to_address == "zoe@example.org"
        assert exists.subject == "Vous avez déjà un compte CV Tube"
        assert "http://localhost/login" in exists.body
        assert "http://localhost/confirm/" in confirm.body

    def test_an_account_nobody_confirmed_makes_way(self, app, client, runtime, mailbox):
        squatter = app.test_client()
        squatter.post("/signup/recruiter", data={**RECRUITER, "given_name": "Eve"})
        stale = mailbox.link()
        client.post("/signup", data=CANDIDATE)
        with runtime.reading() as session:
            assert session.scalars(select(User.given_name)).all() == ["Zoé"]
            assert session.scalar(select(func.count()).select_from(Organisation)) == 0
        assert squatter.post(stale).status_code == 410

    def test_a_mailbox_is_not_flooded(self, client, zoe, mailbox, clock):
        for _ in range(9):
            client.post("/signup", data=CANDIDATE)
        assert len(mailbox.read()) == 5
        clock.advance(hours=1, seconds=1)
        client.post("/signup", data=CANDIDATE)
        assert len(mailbox.read()) == 6

    def test_the_link_starts_as_the_settings_say_whatever_the_request_says(self, client, mailbox):
        client.post("/signup", data=CANDIDATE, headers={"Host": "127.0.0.1:9999"})
        assert "127.0.0.1" not in mailbox.newest().body
        assert "http://localhost/confirm/" in mailbox.newest().body

    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("given_name", "", "given_name_missing"),
            ("given_name", "  \x07 ", "given_name_missing"),
            ("given_name", "x" * 61, "text_too_long"),
            ("family_name", "x" * 61, "text_too_long"),
            ("email", "", "address_not_valid"),
            ("email", "zoe", "address_not_valid"),
            ("email", "zoe@localhost", "address_not_valid"),
            ("email", "zoe@exam ple.org", "address_not_valid"),
            ("email", "z" * 250 + "@example.org", "address_not_valid"),
            ("password", "", "password_too_short"),
            ("password", "short", "password_too_short"),
            ("password", "x" * 129, "password_too_long"),
            ("password", "azertyuiop", "password_too_common"),
            ("password", "zoe@example.org", "password_too_common"),
            ("organisation", " ", "organisation_missing"),
            ("organisation", "x" * 121, "text_too_long"),
            ("siret", "73282932000075", "siret_not_valid"),
            ("siret", "7328293200007", "siret_not_valid"),
            ("siret", "٧٣٢٨٢٩٣٢٠٠٠٠٧٤", "siret_not_valid"),
            ("website", "javascript:alert(1)", "website_not_valid"),
            ("website", "ftp://example.org", "website_not_valid"),
            ("website", "http://user:pw@example.org", "website_not_valid"),
            ("website", "nowhere", "website_not_valid"),
            ("website", "https://example.org/" + "x" * 200, "website_not_valid"),
            ("website", "http://[::1", "website_not_valid"),
            ("website", "http://example.org:port", "website_not_valid"),
            ("charter", None, "charter_missing"),
        ],
    )
    def test_bad_input_gets_one_sentence_and_loses_nothing(
        self, client, runtime, mailbox, field, value, code
    ):
        data = {**RECRUITER, field: value}
        if value is None:
            del data[field]
        answer = client.post("/signup/recruiter", data=data, headers=PROGRAM)
        assert answer.status_code == 422
        assert [(f["name"], f["code"]) for f in answer.json["fields"]] == [(field, code)]
        assert answer.json["code"] == code

        page = client.post("/signup/recruiter", data=data)
        assert page.status_code == 422
        assert f'href="#{field}"' in page.text
        assert f'id="{field}-error"' in page.text
        for name in ("given_name", "organisation"):
            if name != field:
                assert RECRUITER[name] in page.text
        assert PASSWORD not in page.text
        assert kept(runtime, User.id) == []
        assert mailbox.read() == []


class TestForgotten:
    def test_the_link_sets_a_new_password_and_ends_every_log_in(
        self, app, client, runtime, zoe, mailbox
    ):
        elsewhere = app.test_client()
        log_in(elsewhere)
        client.post("/forgotten-password", data={"email": "zoe@example.org"})
        link = mailbox.link()
        assert client.get(link).status_code == 200
        answer = client.post(link, data={"password": "une autre phrase"})
        assert (answer.status_code, answer.location) == (303, "/my-films")
        assert is_known(client)
        assert not is_known(elsewhere)
        assert mailbox.newest().subject == "Votre mot de passe CV Tube a changé"
        assert log_in(app.test_client(), password="une autre phrase").status_code == 303
        assert log_in(app.test_client()).status_code == 422

    def test_a_weak_password_does_not_use_the_link_up(self, client, zoe, mailbox):
        client.post("/forgotten-password", data={"email": "zoe@example.org"})
        for weak in ("short", "zoe@example.org"):
            assert client.post(mailbox.link(), data={"password": weak}).status_code == 422
        assert client.post(mailbox.link(), data={"password": PASSWORD}).status_code == 303

    def test_using_one_link_kills_the_others(self, client, runtime, zoe, mailbox):
        client.post("/forgotten-password", data={"email": "zoe@example.org"})
        first = mailbox.link()
        client.post("/forgotten-password", data={"email": "zoe@example.org"})
        client.post(first, data={"password": "une autre phrase"})
        assert kept(runtime, OneTimeToken.id) == []

    def test_an_unknown_address_gets_the_same_answer_and_no_mail(self, app, zoe, mailbox, hashes):
        answers = []
        for email in ("zoe@example.org", "nobody@example.org"):
            hashes.clear()
            browser = app.test_client()
            answer = browser.post("/forgotten-password", data={"email": email})
            assert len(hashes) == 1
            page = same(browser.get(answer.location), email)
            answers.append((answer.status_code, answer.location, page))
        assert answers[0] == answers[1]
        assert [mail.to_address for mail in mailbox.read()] == ["zoe@example.org"]

    def test_it_confirms_the_address_as_well(self, client, runtime, mailbox):
        client.post("/signup", data=CANDIDATE)
        client.post("/forgotten-password", data={"email": "zoe@example.org"})
        links = [mail.body for mail in mailbox.read() if "/new-password/" in mail.body]
        (path,) = re.findall(r"http://localhost(\S+)", links[0])
        client.post(path, data={"password": "une autre phrase"})
        assert is_known(client)

    def test_a_malformed_address_is_told_so(self, client):
        answer = client.post("/forgotten-password", data={"email": "zoe"}, headers=PROGRAM)
        assert (answer.status_code, answer.json["code"]) == (422, "address_not_valid")


@pytest.mark.parametrize("path", ["/confirm/x", "/new-password/x", "/new-address/x"])
def test_a_dead_link_says_so_and_shows_the_way_on(client, path):
    page = client.get(path)
    assert page.status_code == 410
    assert 'href="/forgotten-password"' in page.text
    answer = client.post(path, data={"password": PASSWORD}, headers=PROGRAM)
    assert (answer.status_code, answer.json["code"]) == (410, "link_expired")


def test_forms_need_the_token_of_their_page(app, client, zoe):
    app.config["WTF_CSRF_ENABLED"] = True
    assert log_in(client).status_code == 400
    page = client.get("/login").text
    (token,) = re.findall(r'name="csrf_token" value="([^"]+)"', page.partition("<form class")[2])[
        :1
    ]
    assert log_in(client, csrf_token=token).status_code == 303
    assert client.post("/logout").status_code == 400
