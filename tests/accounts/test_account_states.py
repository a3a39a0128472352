"""Administrators suspend, reopen and close accounts, end sign-ins and change roles."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import func, select

from cvtube.accounts import account_states
from cvtube.accounts.account_states import Act
from cvtube.accounts.models import AccountEvent, LoginSession, Role, User
from cvtube.accounts.passwordless import AccessCard
from cvtube.accounts.people import create_user
from cvtube.accounts.profile import INDEX_OWNER
from cvtube.accounts.suspension import REASONS_FOR, SENTENCES, AccountMeasure, SuspensionReason
from cvtube.errors import Refused
from tests.accounts.cards import printed
from tests.factories import SilentNotifier
from tests.races import at_once

PROGRAM = {"Accept": "application/json", "Accept-Language": "en"}
ENGLISH = {"Accept-Language": "en"}
SECURITY, CHECKED, RULES = (
    SuspensionReason.SECURITY,
    SuspensionReason.CHECKED,
    SuspensionReason.RULES,
)
PASSWORD = "un vieux moulin bleu"


def by(actor, reason, **more):
    return Act(actor, reason, **more)


@pytest.fixture
def do(runtime):
    """One verb, in a transaction of its own."""

    def done(verb, user, act, **more):
        with runtime.transaction() as session:
            verb(session, session.get_one(User, user.id), runtime.now(), act, **more)

    return done


def refusal(do, verb, user, act, **more):
    with pytest.raises(Refused) as refused:
        do(verb, user, act, **more)
    return refused.value.code


def test_every_reason_has_a_sentence_and_every_measure_its_reasons():
    assert set(SENTENCES) == set(SuspensionReason)
    assert set(REASONS_FOR) == set(AccountMeasure)
    assert {reason for some in REASONS_FOR.values() for reason in some} == set(SuspensionReason)


@pytest.mark.both_databases
class TestSuspending:
    def test_it_is_felt_with_the_next_request_and_says_why(self, people, do):
        page, program = people.client("ada"), people.client("ada")
        assert page.get("/my-films").status_code == 200
        words = "Call us <today>."
        do(account_states.suspend, people.ada, by(people.adm, SECURITY, words=words))
        answer = program.get("/my-films", headers=PROGRAM)
        assert (answer.status_code, answer.json["code"]) == (403, "account_suspended")
        answer = program.post("/account/language", headers=PROGRAM)
        assert (answer.status_code, answer.json["code"]) == (403, "account_suspended")
        shown = page.get("/my-films", headers=ENGLISH)
        assert shown.status_code == 403
        assert "We think somebody else used this account." in shown.text
        assert "Call us &lt;today&gt;." in shown.text
        assert page.get("/account", headers=PROGRAM).json["code"] == "account_suspended"
        assert page.get("/", headers=ENGLISH).status_code == 200  # what is for everybody stays

    def test_nobody_else_is_told(self, people, client, do):
        do(account_states.suspend, people.ada, by(people.adm, SECURITY))
        answer = client.get("/my-films", headers=PROGRAM)
        assert (answer.status_code, answer.json["code"]) == (401, "log_in_first")
        assert people.client("cy").get("/my-films").status_code == 200

    def test_it_is_noted_told_and_passed_on_to_search(self, people, runtime, mailbox):
        notifier = SilentNotifier()
        act = by(people.adm, RULES, words="Ring us.", contact="help@example.org")
        ada_id = people.ada.id
        with replace(runtime, notifier=notifier).transaction() as session:
            account_states.suspend(session, session.get_one(User, ada_id), runtime.now(), act)
        assert (INDEX_OWNER.path, people.ada.id) in notifier.sent
        with runtime.reading() as session:
            event = session.scalars(select(AccountEvent)).one()
        noted = (event.user_id, event.actor_id, event.verb, event.reason)
        assert noted == (people.ada.id, people.adm.id, "suspended", "rules")
        mail = mailbox.newest()
        assert mail.to_address == "ada@example.org"
        assert "Ce compte a été utilisé contre nos règles." in mail.body
        assert "Ring us." in mail.body
        assert "help@example.org" in mail.body

    def test_who_names_no_help_desk_sends_nobody_to_one(self, people, do, mailbox):
        do(account_states.suspend, people.ada, by(people.adm, RULES))
        assert "@" not in mailbox.newest().body
        assert "None" not in mailbox.newest().body
        assert "Demandez aux responsables de ce site." in mailbox.newest().body

    def test_twice_is_once(self, people, do, mailbox):
        do(account_states.suspend, people.ada, by(people.adm, RULES))
        assert (
            refusal(do, account_states.suspend, people.ada, by(people.adm, RULES))
            == "already_decided"
        )
        assert len(mailbox.read()) == 1

    def test_a_reason_must_fit_what_is_done(self, people, do, stored):
        for reason in (CHECKED, SuspensionReason.LOST_DEVICE):
            act = by(people.adm, reason)
            assert refusal(do, account_states.suspend, people.ada, act) == "unknown_reason"
        act = by(people.adm, RULES, words="x" * 501)
        assert refusal(do, account_states.suspend, people.ada, act) == "text_too_long"
        assert stored(people.ada).suspended_at is None

    def test_the_password_leads_to_the_reason_and_no_further(self, app, runtime, people, do):
        with runtime.transaction() as session:
            zoe = create_user(
                session, runtime.now(), email="zoe@example.org", password=PASSWORD,
                role=Role.CANDIDATE, given_name="Zoe", confirmed=True,
            )  # fmt: skip
        do(
            account_states.suspend,
            zoe,
            by(people.adm, SuspensionReason.IDENTITY, words="Show us a paper."),
        )
        told = {"email": "zoe@example.org", "password": PASSWORD}
        page = app.test_client().post("/login", data=told, headers=ENGLISH)
        assert page.status_code == 403
        assert "We could not check whose account this is." in page.text
        assert "Show us a paper." in page.text
        assert "Something is missing" not in page.text
        assert "Ask the people who run this site." in page.text
        page = app.test_client().post("/login", data={**told, "password": "x"}, headers=ENGLISH)
        assert "We could not check" not in page.text
        assert "That email address or password is wrong." in page.text
        assert "Something is missing" not in page.text

    def test_a_cards_holder_is_told_at_the_cards_page(self, app, people, runtime, do):
        kim = people.client("kim")
        (card,) = printed(kim.post("/cards", data={"names": "Fatou"}).text)
        with runtime.reading() as session:
            kept = session.scalars(select(AccessCard)).one()
            fatou = session.get_one(User, kept.user_id)
        do(account_states.suspend, fatou, by(people.adm, SECURITY, words="Come and see us."))
        told = {"number": card.number, "pin": card.pin}
        page = app.test_client().post("/card", data=told, headers=ENGLISH)
        assert page.status_code == 403
        assert "Come and see us." in page.text
        assert "suspended" in kim.get("/cards", headers=ENGLISH).text
        for way in ("pin", "successor"):  # nor does an adviser open it again
            answer = kim.post(f"/cards/{kept.id}/{way}", headers=PROGRAM)
            assert (answer.status_code, answer.json["code"]) == (403, "account_suspended")


@pytest.mark.both_databases
class TestReopening:
    def test_everything_is_there_again_but_the_sign_ins(self, people, do, stored, runtime):
        browser = people.client("ada")
        do(account_states.suspend, people.ada, by(people.adm, RULES, words="So."))
        do(account_states.reopen, people.ada, by(people.adm, CHECKED))
        ada = stored(people.ada)
        assert (ada.suspended_at, ada.suspension_reason, ada.suspension_words) == (None,) * 3
        answer = browser.get("/my-films", headers=PROGRAM)
        assert (answer.status_code, answer.json["code"]) == (401, "log_in_first")
        with runtime.reading() as session:
            own = select(func.count()).where(LoginSession.user_id == ada.id)
            assert session.scalar(own) == 0
        assert people.client("ada").get("/my-films").status_code == 200

    def test_only_who_is_suspended_can_be_reopened(self, people, do):
        act = by(people.adm, CHECKED)
        assert refusal(do, account_states.reopen, people.ada, act) == "already_decided"


@pytest.mark.both_databases
def test_ending_the_sign_ins_ends_all_of_them_and_nothing_else(people, do, stored):
    browsers = [people.client("ada"), people.client("ada")]
    do(account_states.end_sessions, people.ada, by(people.adm, SuspensionReason.LOST_DEVICE))
    for browser in browsers:
        assert browser.get("/my-films", headers=PROGRAM).status_code == 401
    assert stored(people.ada).in_good_standing


@pytest.mark.both_databases
def test_closing_is_for_good_and_says_why_in_the_last_email(people, do, stored, mailbox, runtime):
    browser = people.client("ada")
    do(account_states.close, people.ada, by(people.adm, SuspensionReason.ASKED))
    assert browser.get("/my-films", headers=PROGRAM).status_code == 401
    ada = stored(people.ada)
    assert ada.deleted_at == runtime.now()
    assert ada.email is None
    (farewell,) = mailbox.read()
    assert "La personne à qui est ce compte l’a demandé." in farewell.body
    assert refusal(do, account_states.close, people.ada, by(people.adm, RULES)) == "already_decided"
    with runtime.reading() as session:
        assert session.scalars(select(AccountEvent.verb)).all() == ["closed"]


@pytest.mark.both_databases
class TestRoles:
    def test_what_the_former_one_allowed_ends_at_once(self, people, runtime, do, stored):
        with runtime.transaction() as session:
            session.get_one(User, people.ben.id).password_hash = "x"
        browser = people.client("ben")
        assert browser.get("/moderation").status_code == 200
        act = by(people.adm, SuspensionReason.DUTIES)
        do(account_states.change_role, people.ben, act, role=Role.ADVISER)
        assert browser.get("/moderation", headers=PROGRAM).status_code == 401
        assert people.client("ben").get("/moderation").status_code == 404
        assert stored(people.ben).role is Role.ADVISER
        with runtime.reading() as session:
            event = session.scalars(select(AccountEvent)).one()
        assert (event.before, event.after, event.reason) == ("moderator", "adviser", "duties")

    def test_a_verdict_on_a_recruiter_goes_with_the_role(self, people, runtime, do, stored):
        with runtime.transaction() as session:
            session.get_one(User, people.rae.id).password_hash = "x"
        act = by(people.adm, SuspensionReason.DUTIES)
        do(account_states.change_role, people.rae, act, role=Role.MODERATOR)
        do(account_states.change_role, people.rae, act, role=Role.RECRUITER)
        rae = stored(people.rae)
        assert rae.organisation_id is not None
        assert not rae.is_verified_recruiter

    def test_a_card_opens_nobodys_account_but_a_candidates(self, people, runtime, do):
        people.client("kim").post("/cards", data={"names": "Fatou"})
        with runtime.transaction() as session:
            card = session.scalars(select(AccessCard)).one()
            fatou = session.get_one(User, card.user_id)
        act = by(people.adm, SuspensionReason.DUTIES)
        code = refusal(do, account_states.change_role, fatou, act, role=Role.ADVISER)
        assert code == "role_needs_address"
        with runtime.transaction() as session:
            kept = session.get_one(User, fatou.id)
            kept.email, kept.password_hash = "fatou@example.org", "x"
        do(account_states.change_role, fatou, act, role=Role.ADVISER)
        with runtime.reading() as session:
            assert session.scalars(select(AccessCard)).one().revoked_at is not None

    def test_what_cannot_be_is_refused(self, people, do):
        act = by(people.adm, SuspensionReason.DUTIES)
        for role, code in (
            (Role.OTHER, "choice_unknown"),
            (Role.CANDIDATE, "role_already"),
            (Role.RECRUITER, "organisation_missing"),
            (Role.ADMIN, "role_needs_address"),
        ):
            assert refusal(do, account_states.change_role, people.ada, act, role=role) == code


VERBS = {
    "suspend": (account_states.suspend, RULES, {}),
    "close": (account_states.close, RULES, {}),
    "demote": (account_states.change_role, SuspensionReason.DUTIES, {"role": Role.CANDIDATE}),
}


@pytest.mark.both_databases
class TestTheLastAdministrator:
    @pytest.mark.parametrize("verb", VERBS)
    def test_the_operator_cannot_take_away_the_last_one(self, people, do, stored, verb):
        function, reason, more = VERBS[verb]
        act = by(None, reason)
        assert refusal(do, function, people.adm, act, **more) == "last_administrator"
        assert stored(people.adm).role is Role.ADMIN
        assert stored(people.adm).in_good_standing

    @pytest.mark.parametrize("verb", VERBS)
    def test_nobody_does_it_to_oneself(self, people, do, verb):
        function, reason, more = VERBS[verb]
        assert refusal(do, function, people.adm, by(people.adm, reason), **more) == "not_oneself"

    @pytest.mark.parametrize("verb", VERBS)
    def test_of_two_who_act_on_each_other_one_stays(self, people, do, stored, runtime, verb):
        function, reason, more = VERBS[verb]
        with runtime.transaction() as session:
            ben = session.get_one(User, people.ben.id)
            ben.role = Role.ADMIN
        together = Barrier(2)

        def act(actor, other):
            together.wait()
            try:
                do(function, other, by(actor, reason), **more)
            except Refused as refused:
                return refused.code
            return "done"

        with ThreadPoolExecutor(2) as pool:
            pairs = ((people.adm, people.ben), (people.ben, people.adm))
            said = list(pool.map(act, *zip(*pairs, strict=True)))
        assert sorted(said) == ["done", "not_found"]
        left = [stored(one) for one in (people.adm, people.ben)]
        assert len([one for one in left if one.role is Role.ADMIN and one.in_good_standing]) == 1


def test_who_is_suspended_while_acting_has_no_power_any_more(people, runtime):
    with runtime.transaction() as session:
        session.get_one(User, people.ben.id).role = Role.ADMIN

    def suspend(actor, other):
        def done(session):
            try:
                user = session.get_one(User, other.id)
                account_states.suspend(session, user, runtime.now(), by(actor, RULES))
            except Refused as refused:
                return refused.code
            return "done"

        return done

    both = at_once(runtime, suspend(people.adm, people.ben), suspend(people.ben, people.adm))
    assert both == ("done", "not_found")


@pytest.mark.both_databases
def test_sign_ins_of_those_who_see_other_peoples_data_are_noted(app, runtime, stored):
    with runtime.transaction() as session:
        made = {
            role: create_user(
                session, runtime.now(), email=f"{role.value}@example.org", password=PASSWORD,
                role=role, given_name="X", confirmed=True,
            )
            for role in (Role.CANDIDATE, Role.MODERATOR, Role.ADVISER, Role.ADMIN)
        }  # fmt: skip
    for user in made.values():
        told = {"email": user.email, "password": PASSWORD}
        assert app.test_client().post("/login", data=told).status_code == 303
        assert stored(user).last_signed_in_at == runtime.now()
    with runtime.reading() as session:
        noted = select(AccountEvent.user_id).where(AccountEvent.verb == "signed_in")
        assert set(session.scalars(noted)) == {
            user.id for role, user in made.items() if role is not Role.CANDIDATE
        }
