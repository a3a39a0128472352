"""How often one person may do something: beyond what people do, and not without an end."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from limits import parse_many

from cvtube.app import create_app
from cvtube.db.session import open_engine
from cvtube.upload.tus_views import SMALL
from cvtube.web import rate_limits
from cvtube.web.security import limiter
from tests.personas import Personas
from tests.services import free_port
from tests.upload.tus import Cut, Tus, code, film, metadata

PROGRAM = {"Accept": "application/json", "Accept-Language": "en"}
SCHOOL = {"REMOTE_ADDR": "203.0.113.9"}  # one address for a whole classroom
SENDER = Path(__file__).parents[2] / "frontend" / "src" / "upload"


@pytest.fixture
def people(runtime, monkeypatch) -> Personas:
    """On a site that counts."""
    monkeypatch.setattr(limiter, "enabled", True)
    monkeypatch.setattr(limiter, "_storage_dead", False)
    app = create_app(runtime)
    app.config.update(WTF_CSRF_ENABLED=False)
    return Personas(app, runtime)


def used_up(measure, whose: str, *, but: int) -> None:
    """As if all but so many of a measure had been asked for."""
    said = measure.person if whose.startswith("person") else measure.network
    for each in parse_many(said):
        limiter.limiter.hit(each, whose, measure.scope, cost=each.amount - but)


def refusal(answer) -> tuple[int, str]:
    """Status and code of a refusal that says when to come again."""
    assert int(answer.headers["Retry-After"]) > 0
    return answer.status_code, answer.json["code"]


# -- pieces of an upload ---------------------------------------------------------------------


@pytest.fixture
def tus(people) -> Tus:
    return Tus(people.client("ada"))


def test_ever_more_small_pieces_are_refused_and_large_ones_go_on(tus, people):
    data = film(2_000_000)
    path = tus.create(len(data), data[:5000]).headers["Location"]
    most = parse_many(rate_limits.SMALL_PIECES.person)[0].amount
    for offset in range(5000, 5000 + most):
        assert tus.patch(path, offset, data[offset : offset + 1]).status_code == 204
    offset = 5000 + most
    refused = tus.patch(path, offset, b"x")
    assert refusal(refused) == (429, "pieces_too_small")
    assert tus.head(path).headers["Upload-Offset"] == str(offset)
    large = data[offset : offset + SMALL]
    assert tus.patch(path, offset, large).status_code == 204
    other = Tus(people.client("cy"))
    theirs = other.create(9000, data[:5000]).headers["Location"]
    assert other.patch(theirs, 5000, b"x").status_code == 204


def test_the_last_piece_of_an_upload_may_be_as_small_as_it_is(tus, people):
    used_up(rate_limits.SMALL_PIECES, f"person {people.ada.id}", but=1)
    for _ in range(3):
        path = tus.create(9000).headers["Location"]
        assert tus.patch(path, 0, film(9000)).status_code == 204


def test_a_piece_that_was_cut_is_not_one_that_is_small(tus, people):
    used_up(rate_limits.SMALL_PIECES, f"person {people.ada.id}", but=1)
    data = film(900_000)
    path = tus.create(len(data), data[:5000]).headers["Location"]
    for offset in range(5000, 8000, 1000):
        cut = Cut(data[offset : offset + 1000])
        assert tus.patch_stream(path, offset, cut, announced=800_000).status_code == 204
    used_up(rate_limits.CUT_PIECES, f"person {people.ada.id}", but=3)
    answer = tus.patch_stream(path, 8000, Cut(b"x"), announced=800_000)
    assert refusal(answer) == (429, "too_many_requests")


def test_pieces_of_any_size_have_an_end(tus, people):
    path = tus.create(2_000_000).headers["Location"]
    used_up(rate_limits.PIECES, f"person {people.ada.id}", but=1)
    assert tus.patch(path, 0, film(SMALL)).status_code == 204
    assert refusal(tus.patch(path, SMALL, bytes(SMALL))) == (429, "too_many_requests")


def test_what_our_own_sender_does_stays_far_below():
    """Its constants, read from its source: requests a minute and person, eight tabs at once."""
    stream = (SENDER / "streaming-source.js").read_text()
    chunk = (SENDER / "chunk-size.js").read_text()
    longest_s = int(re.search(r"LONGEST_MS = (\d+)", stream)[1]) / 1000
    least = int(re.search(r"LEAST = (\d+) \* 1024", stream)[1]) * 1024
    smallest = int(re.search(r"SMALLEST = (\d+) \* KIB", chunk)[1]) * 1024
    small_pieces = parse_many(rate_limits.SMALL_PIECES.person)
    assert min(least, smallest) >= SMALL
    one_recording = 60 / longest_s
    assert small_pieces[0].amount >= 4 * one_recording
    assert small_pieces[1].amount >= 60 * one_recording
    aim_s = int(re.search(r"AIM_S = (\d+)", chunk)[1])
    assert parse_many(rate_limits.PIECES.person)[0].amount >= 8 * 60 / aim_s


# -- films ------------------------------------------------------------------------------------


def studio(client):
    return client.post("/studio/films", headers=PROGRAM)


def upload(client):
    return Tus(client).create(9000)


def form(client):
    body = {"film": (BytesIO(film(9000)), "film.mp4")}
    return client.post("/my-films/new", data=body, headers={"Accept-Language": "en"})


@pytest.mark.parametrize("way", [studio, upload, form])
def test_films_begun_have_an_end_whichever_way_they_are_begun(people, way):
    used_up(rate_limits.FILMS, f"person {people.ada.id}", but=1)
    browser = people.client("ada")
    assert way(browser).status_code != 429
    refused = way(browser)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert "You have started many videos" in refused.text
    assert studio(people.client("cy")).status_code == 303


def test_a_part_that_is_filmed_again_is_no_other_film(people, runtime):
    browser = people.client("ada")
    film_id = studio(browser).headers["Location"].rpartition("/")[2]
    used_up(rate_limits.FILMS, f"person {people.ada.id}", but=0)
    page = browser.get(f"/studio/films/{film_id}").text
    chapter = re.search(r"/studio/chapters/(\w+)", page)[1]
    again = Tus(browser).create(9000, upload_metadata=metadata(chapter=chapter))
    assert again.status_code == 201


# -- watching and searching --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "path"),
    [
        (rate_limits.SEARCH, "/search?q=cook"),
        (rate_limits.SEARCH, "/"),
        (rate_limits.TYPING, "/places?q=pa"),
    ],
)
def test_one_person_has_an_end_and_others_behind_the_same_address_go_on(people, measure, path):
    used_up(measure, f"person {people.rae.id}", but=1)
    rae, uma = people.client("rae"), people.client("uma")
    assert rae.get(path, headers=PROGRAM, environ_overrides=SCHOOL).status_code == 200
    refused = rae.get(path, headers=PROGRAM, environ_overrides=SCHOOL)
    assert refusal(refused) == (429, "too_many_requests")
    assert uma.get(path, headers=PROGRAM, environ_overrides=SCHOOL).status_code == 200
    nobody = people.client("nobody")
    assert nobody.get(path, headers=PROGRAM, environ_overrides=SCHOOL).status_code != 429


def test_playlists_have_an_end_for_each_person(people):
    film_id = studio(people.client("ada")).headers["Location"].rpartition("/")[2]
    path = f"/films/{film_id}/working/master.m3u8"
    used_up(rate_limits.PLAYERS, f"person {people.ada.id}", but=1)
    ada = people.client("ada")
    assert ada.get(path, headers=PROGRAM).status_code == 404  # nothing is filmed yet
    assert refusal(ada.get(path, headers=PROGRAM)) == (429, "too_many_requests")
    assert people.client("ben").get(path, headers=PROGRAM).status_code == 404


@pytest.mark.parametrize(
    ("measure", "most_each"),
    [
        (rate_limits.SEARCH, 150),  # words typed for a minute without a pause
        (rate_limits.TYPING, 200),
        (rate_limits.PLAYERS, 300),  # thirty films begun in a minute
    ],
)
def test_thirty_strangers_behind_one_address_are_no_crowd(measure, most_each):
    assert parse_many(measure.network)[0].amount >= 30 * most_each
    assert parse_many(measure.person)[0].amount >= 2 * most_each


def test_a_stranger_is_asked_to_log_in_before_anything_is_counted(people):
    path = Tus(people.client("ada")).create(9000).headers["Location"]
    nobody = Tus(people.client("nobody"))
    assert code(nobody.patch(path, 0, film(9000))) == (401, "log_in_first")


def test_a_database_that_is_away_is_no_reason_to_forget_what_was_counted(people, runtime):
    """Who asks cannot be known then; it must not look as if the counters were away."""
    known = people.client("ada").get_cookie("cvtube").value
    away = open_engine(f"postgresql://nobody@127.0.0.1:{free_port()}/none")
    elsewhere = create_app(replace(runtime, engine=away)).test_client()
    elsewhere.set_cookie("cvtube", known)
    assert elsewhere.get("/places?q=pa").status_code == 200
    assert not limiter._storage_dead


def test_a_counter_that_cannot_be_kept_costs_nobody_their_answer(runtime, own_queue, monkeypatch):
    """What is counted only behind an answer finds a full queue, which could be read before."""
    monkeypatch.setattr(limiter, "enabled", True)
    monkeypatch.setattr(limiter, "_storage_dead", False)
    port = own_queue.connection_pool.connection_kwargs["port"]
    settings = runtime.settings.model_copy(update={"redis_url": f"redis://127.0.0.1:{port}/0"})
    stranger = create_app(replace(runtime, settings=settings)).test_client()
    unknown = f"/l/{'x' * 22}"
    assert stranger.get(unknown).status_code == 404
    own_queue.config_set("maxmemory", "1")
    assert stranger.get(unknown).status_code == 404


@pytest.mark.parametrize("sent_elsewhere", [False, True])
def test_only_who_is_refused_is_told_to_come_back_later(people, sent_elsewhere):
    if sent_elsewhere:
        mail = {"email": "nobody@example.org"}
        answer = people.client("nobody").post("/forgotten-password", data=mail)
        assert answer.status_code == 303
    else:
        answer = people.client("ada").get("/")
    assert "X-RateLimit-Remaining" in answer.headers  # it was counted
    assert "Retry-After" not in answer.headers
