"""Knowing who asks costs no lock, and is noted now and then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from cvtube.accounts import access
from cvtube.accounts.models import LoginSession, Role, User
from cvtube.app import create_app
from cvtube.db.session import open_engine
from cvtube.web.unit_of_work import runtime as current_runtime
from tests.services import free_port

EVERYBODY = ("ada", "cy", "rae", "uma", "ben", "adm", "nobody")


@pytest.fixture
def app(own_app):
    return own_app


@pytest.mark.both_databases
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
def test_a_long_request_of_somebody_known_leaves_the_database_to_others(app, people, clock, method):
    @app.route("/bytes", methods=[method])
    @access.signed_in
    def move_bytes() -> str:
        with (
            current_runtime().transaction() as session
        ):  # would wait for ever if the request held a lock
            session.get_one(User, access.me().id).given_name = "Ada Augusta"
        return "moved"

    browser = people.client("ada")
    clock.advance(minutes=6)  # the visit itself is due to be noted, too
    assert browser.open("/bytes", method=method).data == b"moved"


@pytest.mark.both_databases
def test_a_visit_is_noted_at_most_every_five_minutes(app, people, runtime, clock):
    @app.get("/who")
    @access.signed_in
    def who() -> str:
        return access.me().given_name

    browser = people.client("ada")
    start = clock()
    seen = []
    for minutes in (0, 3, 3, 3, 3):
        clock.advance(minutes=minutes)
        assert browser.get("/who").data == b"Ada"
        with runtime.reading() as session:
            seen.append(session.scalars(select(LoginSession.last_seen_at)).one() - start)
    assert seen == [timedelta(minutes=n) for n in (0, 0, 6, 6, 12)]


def test_what_a_view_changes_of_its_visitor_is_kept(app, people, runtime):
    @app.post("/rename")
    @access.signed_in
    def rename() -> str:
        access.myself().given_name = "Ada Augusta"
        return "renamed"

    browser = people.client("ada")
    browser.post("/rename")
    with runtime.reading() as session:
        assert session.get_one(User, people.ada.id).given_name == "Ada Augusta"


@pytest.mark.parametrize(
    ("guard", "who_may"),
    [
        (access.public, set(EVERYBODY)),
        (access.signed_in, set(EVERYBODY) - {"nobody"}),
        (access.for_roles(Role.CANDIDATE), {"ada", "cy"}),
        (access.for_roles(Role.RECRUITER), {"rae", "uma"}),
        (access.for_roles(Role.MODERATOR), {"ben", "adm"}),
        (access.for_roles(Role.ADMIN), {"adm"}),
    ],
)
def test_each_guard_lets_in_whom_it_names_and_tells_others_nothing(app, people, guard, who_may):
    @app.get("/room")
    @guard
    def room() -> str:
        return "inside"

    answers = {name: people.client(name).get("/room") for name in EVERYBODY}
    assert {name for name, answer in answers.items() if answer.data == b"inside"} == who_may
    for name in set(EVERYBODY) - who_may:
        if name == "nobody":
            assert answers[name].location == "/login?next=/room"
        else:
            assert answers[name].status_code == 404


def test_a_visitor_who_would_write_or_is_a_program_is_refused_not_redirected(app, client):
    @app.route("/room", methods=["GET", "POST"])
    @access.signed_in
    def room() -> str:
        return "inside"

    assert client.post("/room").status_code == 401
    answer = client.get("/room", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["code"]) == (401, "log_in_first")


def test_a_log_in_ends_by_idleness_and_by_age_sooner_for_staff(app, people, clock):
    @app.get("/who")
    @access.public
    def who() -> str:
        return str(access.viewer() is not None)

    def still_known(name: str, *, visits: int, every: timedelta) -> bool:
        browser = people.client(name)
        for _ in range(visits):
            clock.advance(seconds=every.total_seconds())
            answer = browser.get("/who").data
        return answer == b"True"

    day, minute = timedelta(days=1), timedelta(minutes=1)
    assert still_known("ada", visits=1, every=29 * day)
    assert not still_known("ada", visits=1, every=31 * day)
    assert still_known("ada", visits=3, every=29 * day)
    assert not still_known("ada", visits=4, every=29 * day)  # 90 days at most
    assert still_known("ben", visits=1, every=29 * minute)
    assert not still_known("ben", visits=1, every=31 * minute)
    assert still_known("ben", visits=24, every=29 * minute)
    assert not still_known("ben", visits=25, every=29 * minute)  # 12 hours at most


def test_a_suspended_or_deleted_person_is_a_stranger_with_the_next_request(app, people, runtime):
    @app.get("/who")
    @access.public
    def who() -> str:
        return str(access.viewer() is not None)

    for change in ("suspended_at", "deleted_at"):
        browser = people.client("ada")
        assert browser.get("/who").data == b"True"
        with runtime.transaction() as session:
            setattr(session.get_one(User, people.ada.id), change, runtime.now())
        assert browser.get("/who").data == b"False"
        with runtime.transaction() as session:
            setattr(session.get_one(User, people.ada.id), change, None)


def test_a_visitor_we_cannot_look_up_gets_a_page_that_says_why(people, runtime):
    browser = people.client("ada")
    away = open_engine(f"postgresql://nobody@127.0.0.1:{free_port()}/none")
    elsewhere = create_app(replace(runtime, engine=away)).test_client()
    elsewhere.set_cookie("cvtube", browser.get_cookie("cvtube").value)
    for answer in (elsewhere.get("/account"), elsewhere.post("/account/language")):
        assert answer.status_code in {400, 503}
        assert "<h1>" in answer.text
    assert "database_unavailable" in elsewhere.get("/account").text
