"""From the desk to the phone: once, within minutes, to one page, and only by a deliberate press."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from cvtube.accounts import hand_overs, jobs
from cvtube.accounts.models import AccountEvent, LoginSession, User
from cvtube.accounts.passwordless import HandOver
from cvtube.accounts.sessions import digest
from tests.accounts.cards import printed, scanned_svg
from tests.personas import NAMES

PROGRAM = {"Accept": "application/json", "Accept-Language": "en"}
pytestmark = pytest.mark.both_databases


@pytest.fixture
def desk(people):
    return people.client("ada")


@pytest.fixture
def phone(app):
    return app.test_client()


def begin(desk, path="/my-films/new"):
    """The desk's page, and the path its code leads to."""
    answer = desk.post("/hand-overs", data={"next": path})
    assert answer.status_code == 303
    page = desk.get(answer.location).text
    (drawing,) = re.findall(r'(<svg[^>]*class="qr".*?</svg>)', page, re.DOTALL)
    return answer.location, scanned_svg(drawing).removeprefix("http://localhost")


def is_known(client):
    return client.get("/account").status_code == 200


def stage(desk, page):
    return desk.get(f"{page}/state").json["version"]


def test_a_phone_reads_the_code_is_asked_and_goes_on_where_the_desk_was(desk, phone):
    page, code = begin(desk)
    assert desk.get(f"{page}/state").json == {"version": "waiting", "percent": None, "moving": True}
    question = phone.get(code, headers={"Accept-Language": "en"})
    assert "Are you Ada?" in question.text
    answer = phone.post(code)
    assert (answer.status_code, answer.location) == (303, "/my-films/new")
    assert is_known(phone)
    assert is_known(desk)
    assert stage(desk, page) == "connected"
    assert "Tests" not in desk.get(page).text  # the phone's own name, not the desk's


def test_looking_at_the_code_takes_nothing(desk, app, phone):
    _page, code = begin(desk)
    for _ in range(3):
        scanner = app.test_client()
        assert scanner.get(code).status_code == 200
        assert scanner.head(code).status_code == 200
        assert not is_known(scanner)
    assert phone.post(code).status_code == 303


def test_the_desk_logs_the_phone_out_again(desk, phone):
    page, code = begin(desk)
    phone.post(code)
    assert desk.post(f"{page}/end").status_code == 303
    assert not is_known(phone)
    assert is_known(desk)
    assert stage(desk, page) == "ended"


def test_it_works_once_even_for_two_at_the_same_moment(desk, app):
    _page, code = begin(desk)
    phones = [app.test_client() for _ in range(6)]
    with ThreadPoolExecutor(6) as crowd:
        statuses = list(crowd.map(lambda one: one.post(code).status_code, phones))
    assert sorted(statuses) == [303, 410, 410, 410, 410, 410]
    assert sum(map(is_known, phones)) == 1


def test_who_presses_twice_goes_on_all_the_same(desk, phone):
    _page, code = begin(desk)
    phone.post(code)
    for again in (phone.post(code), phone.get(code)):
        assert (again.status_code, again.location) == (303, "/my-films/new")


def test_used_too_old_and_guessed_are_three_sentences(desk, app, clock):
    def refusals(code):
        page = app.test_client().get(code, headers={"Accept-Language": "en"})
        answers = [app.test_client().open(code, method=m, headers=PROGRAM) for m in ("GET", "POST")]
        (known,) = {(a.status_code, a.json["code"], a.json["title"]) for a in answers}
        assert page.status_code == known[0]
        assert known[1] in page.text
        assert known[2] in page.text
        return known[:2]

    page, used = begin(desk)
    app.test_client().post(used)
    assert refusals(used) == (410, "hand_over_used")
    _page, old = begin(desk)
    clock.advance(minutes=4, seconds=59)
    assert app.test_client().get(old).status_code == 200
    clock.advance(seconds=1)
    assert refusals(old) == (410, "hand_over_expired")
    assert refusals("/phone/" + "x" * 43) == (404, "hand_over_unknown")
    assert stage(desk, page) == "connected"


def test_a_new_code_ends_the_one_before(desk, phone):
    first_page, first = begin(desk)
    _page, second = begin(desk)
    assert phone.post(first, headers=PROGRAM).json["code"] == "hand_over_expired"
    assert stage(desk, first_page) == "expired"
    assert phone.post(second).status_code == 303


def test_logging_out_at_the_desk_ends_the_code(desk, phone):
    _page, code = begin(desk)
    desk.post("/logout")
    assert phone.post(code, headers=PROGRAM).json["code"] == "hand_over_unknown"


def test_so_does_a_suspension(desk, phone, people, runtime):
    _page, code = begin(desk)
    with runtime.transaction() as session:
        session.get_one(User, people.ada.id).suspended_at = runtime.now()
    assert phone.post(code, headers=PROGRAM).json["code"] == "hand_over_unknown"


def test_the_phone_of_a_card_holder_is_logged_out_with_the_card(people, app, phone, runtime):
    (card,) = printed(people.client("kim").post("/cards", data={"names": "Fatou"}).text)
    desk = app.test_client()
    desk.post("/card", data={"number": card.number, "pin": card.pin})
    _page, code = begin(desk)
    phone.post(code)
    assert is_known(phone)
    with runtime.reading() as session:
        (card_id,) = set(
            session.scalars(select(LoginSession.card_id).where(LoginSession.card_id.is_not(None)))
        )
    people.client("kim").post(f"/cards/{card_id}/revocation")
    assert not is_known(phone)
    assert not is_known(desk)


def test_whoever_was_logged_in_on_the_phone_is_not_any_more(desk, people):
    phone = people.client("cy")
    _page, code = begin(desk)
    phone.post(code)
    assert "ada@example.org" in phone.get("/account").text
    with people._runtime.reading() as session:
        assert not session.scalars(
            select(LoginSession).where(LoginSession.user_id == people.cy.id)
        ).all()


@pytest.mark.parametrize(
    "path",
    [
        "", "my-films", "//evil.example", "/\\evil.example", "/\t/evil.example",
        "https://evil.example", "/my films", "/" + "x" * 200, "/é", "/a\n",
    ],
)  # fmt: skip
def test_it_leads_to_a_page_of_this_site_or_nowhere(desk, path):
    answer = desk.post("/hand-overs", data={"next": path}, headers=PROGRAM)
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")


@pytest.mark.parametrize("path", ["/", "/my-films", "/my-films/abc123/part?n=2&x=%C3%A9"])
def test_every_ordinary_page_may_be_its_end(desk, phone, path):
    _page, code = begin(desk, path)
    assert phone.post(code).location == path


@pytest.mark.parametrize("name", [*NAMES, "kim"])
def test_hand_overs_are_for_candidates_and_each_ones_own(desk, people, name):
    page, _code = begin(desk)
    other = people.client(name)
    answer = other.post("/hand-overs", data={"next": "/"}, headers=PROGRAM)
    expected = 303 if name in {"ada", "cy"} else 401 if name == "nobody" else 404
    assert answer.status_code == expected
    if name == "ada":
        return
    away = 303 if name == "nobody" else 404
    assert [other.get(path).status_code for path in (page, f"{page}/state")] == [away, away]
    assert other.post(f"{page}/end", headers=PROGRAM).status_code in {401, 404}
    assert stage(desk, page) == "waiting"


def test_the_database_cannot_log_anybody_in(desk, runtime):
    _page, code = begin(desk)
    token = code.rpartition("/")[2]
    with runtime.reading() as session:
        kept = session.scalars(select(HandOver)).one()
        assert kept.token_hash == digest(token)
        assert token not in " ".join(str(value) for value in vars(kept).values())
        assert hand_overs.token(b"another key" * 3, kept.id) != token


def test_it_is_in_the_journal_and_forgotten_after_a_day(desk, phone, people, runtime, clock):
    page, code = begin(desk)
    phone.post(code)
    with runtime.reading() as session:
        verbs = session.execute(select(AccountEvent.verb, AccountEvent.user_id)).all()
        assert ("phone_connected", people.ada.id) in [tuple(row) for row in verbs]
    clock.advance(days=1, minutes=6)
    jobs.forget_expired()
    assert desk.get(page).status_code == 404
    assert is_known(phone)
