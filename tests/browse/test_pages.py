"""The wall, the search and the page of one film, as they are served."""

from __future__ import annotations

import html
import itertools
import re
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from cvtube.browse import jobs, views
from cvtube.browse.search.ranking import Cursor
from tests.browse.films import publish_film
from tests.browse.media import SQUARE
from tests.personas import NAMES

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def rae(people):
    return people.client("rae")


@pytest.fixture
def publish(runtime, now):
    """Publishes films of people called Prénom0, Prénom1 and so on."""
    numbers = itertools.count()

    def make(number=1, *, at=now, **fields):
        with runtime.transaction() as session:
            films = [
                publish_film(session, at, name=f"Prénom{next(numbers)}", **fields)
                for _ in range(number)
            ]
        jobs.index_changed()
        return films

    return make


def cards(page):
    return re.findall(r'data-film="(\w+)"', page.text)


def plain(page):
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]*>", " ", page.text).split())


# -- for whom --------------------------------------------------------------------------------


def test_everybody_gets_the_first_page_that_is_for_them(people, publish):
    (video,) = publish(occupation_code="J1505", place_code="44109")
    says = {
        "nobody": "Show what you can do, in 1 minute.",
        "cy": "Only recruiters can watch other candidates’ videos.",
        "uma": "We are verifying your organisation",
    }
    for name in NAMES:
        page = people.client(name).get("/", headers=ENGLISH)
        assert page.status_code == 200
        shown = name in {"rae", "ben", "adm"}
        assert cards(page) == ([video.id] if shown else []), name
        assert (says.get(name) or "New this week") in page.text or name == "ada", name


def test_only_the_audience_searches(people, publish):
    (video,) = publish(occupation_code="J1505")
    for name in NAMES:
        page = people.client(name).get("/search?q=infirmier", headers=ENGLISH)
        if name == "nobody":
            assert (page.status_code, page.location) == (303, "/login?next=/search?q%3Dinfirmier")
        else:
            assert page.status_code == 200
            assert (video.id in page.text) == (name in {"rae", "ben", "adm"}), name
            assert "Prénom" not in page.text


def test_a_refused_recruiter_learns_where_the_reason_is(people, runtime):
    with runtime.transaction() as session:
        session.merge(people.uma).refused_at = runtime.now()
    assert "could not verify" in people.client("uma").get("/", headers=ENGLISH).text


# -- the wall --------------------------------------------------------------------------------


def test_a_card_tells_the_work_and_no_name(rae, publish):
    publish(
        family_name="Durand",
        occupation_code="J1505",
        place_code="44109",
        available_from=date(2026, 9, 1),
        clip_ms=75_000,
    )
    page = rae.get("/", headers=ENGLISH)
    for words in ("Preventive health nurse", "Nantes (44)", "From 1 September", "1:15", "Health"):
        assert words in plain(page)
    assert "Durand" not in page.text
    assert "Prénom" not in page.text


def test_this_weeks_films_stand_apart_from_earlier_ones(rae, publish, now):
    publish()
    page = plain(rae.get("/", headers=ENGLISH))
    assert "New this week" in page
    assert "Earlier" not in page
    publish(at=now - timedelta(days=14), occupation_code="D1505")
    page = rae.get("/", headers=ENGLISH).text
    assert page.index("New this week") < page.index("Earlier") < page.index("Cashier")


def test_the_wall_goes_on_page_by_page_without_losing_or_repeating_a_film(
    rae, publish, monkeypatch
):
    monkeypatch.setattr(views, "PAGE", 3)
    films = {video.id for video in publish(8)}
    path, seen = "/", []
    while path:
        page = rae.get(path)
        seen += cards(page)
        following = re.findall(r'<a [^>]*rel="next" href="([^"]+)"', page.text)
        path = following[0].replace("&amp;", "&") if following else None
    assert len(seen) == 8
    assert set(seen) == films


def test_a_wall_opened_before_midnight_goes_on_in_its_own_order(rae, publish, monkeypatch, clock):
    monkeypatch.setattr(views, "PAGE", 3)
    publish(6)
    first = rae.get("/")
    (following,) = re.findall(r'<a [^>]*rel="next" href="([^"]+)"', first.text)
    clock.advance(hours=16)
    second = rae.get(following)
    assert set(cards(first)).isdisjoint(cards(second))
    assert len(cards(second)) == 3


def test_a_field_of_work_filters_the_wall_and_shows_its_number(rae, publish):
    (nurse,) = publish(occupation_code="J1505")
    publish(occupation_code="D1505")
    page = rae.get("/?family=J", headers=ENGLISH)
    assert cards(page) == [nurse.id]
    assert re.search(r'aria-current="true">Health <span class="count">1<', page.text)


@pytest.mark.parametrize("after", ["x", "20260302-3-2930-1-short", "99999999-3-2930-1-" + "0" * 26])
@pytest.mark.parametrize("path", ["/", "/search"])
def test_a_made_up_page_is_a_bad_request(rae, path, after):
    assert rae.get(path, query_string={"after": after}).status_code == 400


def test_a_page_behind_the_last_film_is_empty_and_no_error(rae, publish):
    publish()
    cursor = Cursor(date(2026, 3, 2), 3, 0, 0, "z" * 26)
    page = rae.get("/search", query_string={"after": str(cursor)})
    assert page.status_code == 200
    assert cards(page) == []


# -- the search ------------------------------------------------------------------------------


def test_a_search_finds_and_says_how_many(rae, publish):
    (nurse,) = publish(occupation_code="J1505", skills=["Bloc"])
    publish(occupation_code="D1505")
    page = rae.get("/search?q=infirmiere+bloc", headers=ENGLISH)
    assert cards(page) == [nurse.id]
    assert "1 video for “infirmiere bloc”" in plain(page)
    assert f"/films/{nurse.id}?q=infirmiere+bloc" in page.text


def test_a_slip_of_the_finger_is_forgiven_and_said(rae, publish):
    (nurse,) = publish(occupation_code="J1505", skills=["Électrocardiogramme"])
    page = rae.get("/search?q=electrocardiograme", headers=ENGLISH)
    assert cards(page) == [nurse.id]
    assert "No results for “electrocardiograme”" in plain(page)
    assert "Showing results for “électrocardiogramme”" in plain(page)
    exact = re.search(r'href="(/search\?[^"]*exact=1[^"]*)"', page.text).group(1)
    assert cards(rae.get(exact.replace("&amp;", "&"))) == []


def test_results_that_the_filters_leave_out_are_not_promised(rae, publish):
    publish(occupation_code="J1505", skills=["Électrocardiogramme"], contracts=["permanent"])
    page = rae.get("/search?q=electrocardiograme&contract=temporary", headers=ENGLISH)
    assert cards(page) == []
    assert "No results for “electrocardiograme” or “électrocardiogramme”." in plain(page)


def test_filters_are_in_the_address_and_can_be_taken_off_one_by_one(rae, publish):
    (found,) = publish(
        occupation_code="J1505", contracts=["permanent"], languages={"en": "B2"}, licences=["B"],
        experience="from_5", place_code="44109", available_from=date(2026, 1, 1),
    )  # fmt: skip
    address = (
        "/search?contract=permanent&language=en&licence=B&experience=from_5&available=now"
        "&occupation=J1505&place=Nantes&radius=10"
    )
    page = rae.get(address, headers=ENGLISH)
    assert cards(page) == [found.id]
    off = re.findall(r'class="chip" href="([^"]+)"', page.text)
    assert len(off) == 7
    for link in off:
        assert cards(rae.get(link.replace("&amp;", "&"))) == [found.id]
    for other in ("contract=internship", "language=de", "licence=D", "occupation=D1505"):
        assert cards(rae.get(f"/search?{other}")) == []


def test_a_filter_never_hides_the_other_values_of_its_group(rae, publish):
    publish(occupation_code="J1505", contracts=["permanent"])
    publish(occupation_code="D1505", contracts=["internship"])
    page = rae.get("/search?contract=permanent&family=J", headers=ENGLISH)
    assert re.search(r'value="permanent"[^>]*checked', page.text)
    # One internship, but not in health: the group's own filter is left out, the other is not.
    assert 'value="internship"' not in page.text
    page = rae.get("/search?contract=permanent", headers=ENGLISH)
    assert 'value="internship"' in page.text
    assert re.search(r"Shops and sales \(0\)|Health \(1\)", page.text)


@pytest.mark.parametrize(
    ("query", "hints"),
    [
        ("q=zzz", ["Try the name of a job, a skill or a town."]),
        ("q=zzz+yyy", ["Try fewer words."]),
        ("q=zzz+yyy&contract=permanent", ["Remove a filter.", "Try fewer words."]),
        ("licence=B", ["Remove a filter."]),
    ],
)
def test_whoever_finds_nothing_is_told_what_could_help(rae, query, hints):
    page = plain(rae.get(f"/search?{query}", headers=ENGLISH))
    assert "No videos match your search." in page
    every = ["Remove a filter.", "Try fewer words.", "Try the name of a job, a skill or a town."]
    assert [hint for hint in every if hint in page] == hints


def test_a_town_nobody_knows_is_said_so(rae, publish):
    (video,) = publish(place_code="44109")
    page = rae.get("/search?place=Xyzville", headers=ENGLISH)
    assert "We do not know a town called “Xyzville”" in plain(page)
    assert cards(page) == [video.id]


def test_towns_of_one_name_are_all_offered(rae, publish):
    (video,) = publish(place_code="93066")
    page = rae.get("/search?place=Saint-Denis", headers=ENGLISH)
    assert "Several towns have this name. You see videos near Saint-Denis (974)." in plain(page)
    (other,) = re.findall(r'href="([^"]+)">Saint-Denis \(93\)', page.text)
    there = rae.get(html.unescape(other), headers=ENGLISH)
    assert "Several towns" not in plain(there)
    assert cards(there) == [video.id]


@pytest.mark.parametrize("place", ["nantes", "44000", "Nantes (44)", "NANTES 44"])
def test_a_town_is_known_by_name_department_or_postal_code(rae, publish, place):
    (video,) = publish(place_code="44109")
    publish(place_code="13055")
    assert cards(rae.get("/search", query_string={"place": place, "radius": 10})) == [video.id]


@pytest.mark.parametrize(
    "query",
    [
        "contract=x&experience=&language=english&licence=bb&available=never&family=Z",
        "occupation=XXXXX&radius=7&radius=x&exact=",
        "q=%FF%FE", "q=" + "a" * 5000, "q=%22%29+OR+%2A+NEAR%28", "q=%27%3A%2A+%26+%7C+%21",
        "q=job%3Ainfirmier&q=second", "place=" + "%E2%80%8B" * 300, "age=30&sex=f&name=ada",
    ],
)  # fmt: skip
def test_odd_addresses_are_pages_like_others(rae, publish, query):
    publish()
    page = rae.get(f"/search?{query}")
    assert page.status_code == 200
    if "q=" not in query:
        assert len(cards(page)) == 1


def test_what_is_typed_cannot_become_part_of_the_page(rae):
    page = rae.get("/search", query_string={"q": '"><script>x</script>', "place": "<b>"})
    assert "<script>x" not in page.text
    assert "<b>" not in page.text


# -- one film --------------------------------------------------------------------------------


def test_the_page_of_a_film_says_what_its_owner_says(rae, publish):
    (video,) = publish(
        family_name="Durand", chapters=("Bonjour", "Ce que je sais faire"), said=["J’écoute bien."],
        occupation_code="J1505", place_code="44109", contracts=["permanent"], skills=["Bloc"],
        languages={"en": "B2"}, licences=["B"], experience="from_5", about="Je ris souvent.",
        available_from=date(2026, 1, 1),
    )  # fmt: skip
    words = plain(rae.get(f"/films/{video.id}", headers=ENGLISH))
    for said in (
        "Preventive health nurse", "Prénom0 Durand", "Nantes (44)", "Permanent contract", "Bloc",
        "English (B2)", "Available now", "Je ris souvent.", "J’écoute bien.", "0:12 Ce que je sais",
    ):  # fmt: skip
        assert said in words, said


def test_moments_have_addresses(rae, publish):
    (video,) = publish(said=["Un.", "Deux."])
    page = rae.get(f"/films/{video.id}?q=x&t=3")
    assert f'href="/films/{video.id}?t=2&amp;q=x"' in page.text
    assert 'data-start="3"' in page.text
    assert "master.m3u8#t=3" in page.text  # without scripts, too
    for moment in ("-1", "13", "x", "1e9", ""):
        assert 'data-player data-start="0"' in rae.get(f"/films/{video.id}?t={moment}").text


def test_a_film_knows_its_neighbours_in_the_list_one_came_from(rae, publish):
    publish(3, occupation_code="J1505")
    publish(occupation_code="D1505")
    listed = cards(rae.get("/search?family=J"))
    page = rae.get(f"/films/{listed[1]}?family=J")
    assert re.findall(r'<link rel="(?:prev|next)" href="/films/(\w+)\?family=J"', page.text) == [
        listed[0], listed[2],
    ]  # fmt: skip
    assert 'rel="prev"' not in rae.get(f"/films/{listed[0]}?family=J").text


def test_similar_films_do_the_same_work_the_nearest_first(rae, publish):
    (film,) = publish(occupation_code="J1505", place_code="44109")
    far = publish(occupation_code="J1505", place_code="13055")[0]
    near = publish(occupation_code="J1505", place_code="44162")[0]
    field = publish(occupation_code="J1501", place_code="44109")[0]
    publish(occupation_code="D1505", place_code="44109")
    assert cards(rae.get(f"/films/{film.id}")) == [near.id, far.id, field.id]


def test_owners_see_their_film_as_recruiters_do_but_nobody_elses(people, publish, shoot):
    publish(occupation_code="J1505")
    mine = shoot(SQUARE, owner=people.ada, occupation_code="J1505")
    jobs.index_changed()
    page = people.client("ada").get(f"/films/{mine.id}")
    assert page.status_code == 200
    assert cards(page) == []
    assert people.client("cy").get(f"/films/{mine.id}").status_code == 404


# -- cost ------------------------------------------------------------------------------------


@contextmanager
def queries(engine):
    seen = []

    def note(_conn, _cursor, statement, *_):
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", ["/", "/search?q=infirmier&contract=permanent", "/films/{id}"])
def test_a_page_asks_the_database_as_often_for_many_films_as_for_few(
    rae, publish, runtime, path
):  # fmt: skip
    fields = {"occupation_code": "J1505", "contracts": ["permanent"], "place_code": "44109"}
    (film,) = publish(**fields)
    publish(2, **fields)
    with queries(runtime.engine) as few:
        rae.get(path.format(id=film.id))
    publish(20, **fields)
    with queries(runtime.engine) as many:
        rae.get(path.format(id=film.id))
    assert len(many) == len(few)
    assert len(many) <= 14
