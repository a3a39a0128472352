"""SQLite and PostgreSQL find the same films, in the same order, with the same numbers.

Both are held to a third, naive implementation in Python, over made-up corpora and searches.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from cvtube.browse.search import facet_counts, geo, query, ranking, spelling
from cvtube.browse.search.backends import text_index
from cvtube.browse.search.facets import FACETS, several
from cvtube.browse.search.filters import SearchFilters, parse
from cvtube.browse.search.models import SearchEntry, SearchTerm
from cvtube.browse.search.pages import neighbours, prepare_search, result_page
from cvtube.browse.search.text_index import Text
from cvtube.db.session import open_engine
from cvtube.taxonomy.places import place
from tests.conftest import create_schema
from tests.taxonomy.distances import distance_km

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = NOW.date()

# Words that databases like to take for something else: operators, numbers, paths, prefixes.
WORDS = (
    "infirmier", "infirmiere", "bloc", "j1501", "c++", "c#", "c", "dev", "developpeur", "3d", "1e5",
    "and", "or", "not", "near", "permis", "b", "anglais", "nantes", "2010",
)  # fmt: skip
TYPED = (*WORDS, "infir", "INFIRMIÈRES", "devel", "infirmeir", "zzz", "d'anglais", "de", "AS")
PLACES = ("44109", "44162", "85191", "75056", "01001", None)  # the last but one has no position
LANGUAGES = ("en", "fr", "es")
LICENCES = ("B", "BE", "C")
OCCUPATIONS = ("J1501", "J1502", "M1805")


@pytest.fixture(scope="module")
def engines(postgresql, tmp_path_factory):
    sqlite = open_engine(f"sqlite:///{tmp_path_factory.mktemp('search')}/search.db")
    create_schema(sqlite)
    yield {"postgresql": postgresql, "sqlite": sqlite}
    sqlite.dispose()


some_words = st.lists(st.sampled_from(WORDS), max_size=4)
some_days = st.integers(-30, 120)


@st.composite
def films(draw):
    """Films as rows and words. Few different weeks and lots, so that all rules get to decide."""
    number = draw(st.integers(0, 12))
    return [
        {
            "video_id": f"{i:026d}",
            "shuffle_key": draw(st.integers(0, 3)),
            "week": draw(st.integers(2930, 2932)),
            "occupation": draw(st.sampled_from(OCCUPATIONS)),
            "contracts": draw(st.sets(st.sampled_from(["permanent", "temporary", "freelance"]))),
            "experience": draw(st.sampled_from(["", "none", "from_2"])),
            "languages": draw(st.sets(st.sampled_from(LANGUAGES))),
            "licences": draw(st.sets(st.sampled_from(LICENCES))),
            "available": draw(st.none() | some_days),
            "place": draw(st.sampled_from(PLACES)),
            "travel_km": draw(st.sampled_from([0, 20, 100])),
            "expires": draw(st.none() | st.sampled_from([-1, 1])),
            "text": Text(draw(some_words), draw(some_words), draw(some_words)),
        }
        for i in range(number)
    ]


def some_of(*values, most=None):
    return st.sets(st.sampled_from(values), max_size=most).map(lambda some: tuple(sorted(some)))


CHOICES = {
    "family": some_of("J", most=1),
    "occupation": some_of("J1501", most=1),
    "contract": some_of("permanent", "temporary"),
    "available": some_of("now", "month", "quarter", most=1),
    "experience": some_of("none", "from_2"),
    "language": some_of("en", "es"),
    "licence": some_of("B", "C"),
}


@st.composite
def searches(draw):
    return SearchFilters(
        text=" ".join(draw(st.lists(st.sampled_from(TYPED), max_size=3))),
        exact=draw(st.booleans()),
        facets={name: values for name, some in CHOICES.items() if (values := draw(some))},
        place=place(draw(st.sampled_from(PLACES))),
        radius_km=draw(st.sampled_from([*geo.RADII_KM, geo.DEPARTMENT])),
    )


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(films(), searches(), st.integers(1, 4))
def test_both_find_the_same_films_in_the_same_order(engines, corpus, sought, size):
    answers = {}
    for name, engine in engines.items():
        with filled(engine, corpus) as session:
            search = prepare_search(session, sought, NOW)
            answers[name] = {
                "words": search.words,
                "corrections": search.corrections,
                "order": all_pages(session, search, size),
                "counts": facet_counts.count_facets(session, search),
                "neighbours": [neighbours(session, search, f["video_id"]) for f in corpus],
            }
    assert answers["sqlite"] == answers["postgresql"]
    found = answers["sqlite"]["order"]
    fits = [film for film in corpus if is_found(film, sought, answers["sqlite"]["words"])]
    assert found == [film["video_id"] for film in sorted(fits, key=sort_key(answers["sqlite"]))]
    assert answers["sqlite"]["counts"] == naive_counts(corpus, sought, answers["sqlite"]["words"])
    for film, sides in zip(corpus, answers["sqlite"]["neighbours"], strict=True):
        assert sides == sides_of(film["video_id"], found)


@contextmanager
def filled(engine, corpus):
    """The corpus in this database, rolled back at the end."""
    with Session(engine) as session:
        for table in (SearchTerm, SearchEntry):
            session.execute(delete(table))
        index = text_index(engine)
        for film in corpus:
            entry = SearchEntry(**row_of(film))
            session.add(entry)
            session.flush()
            index.put(session, entry.id, film["text"])
            assert index.words(session, entry.id) == film["text"].words
            spelling.count_words(session, come=film["text"].words)
        yield session
        session.rollback()


def row_of(film):
    home = place(film["place"])
    x, y, z = (home and geo.point(home)) or (None, None, None)
    available = film["available"]
    return {
        "video_id": film["video_id"],
        "film_version": NOW,
        "profile_version": None,
        "expires_at": None if film["expires"] is None else NOW + timedelta(hours=film["expires"]),
        "week": film["week"],
        "shuffle_key": film["shuffle_key"],
        "occupation": film["occupation"],
        "family": film["occupation"][0],
        "contracts": several(film["contracts"]),
        "experience": film["experience"],
        "languages": several(film["languages"]),
        "licences": several(film["licences"]),
        "available_from": None if available is None else TODAY + timedelta(days=available),
        "department": home.department if home else "",
        "x": x,
        "y": y,
        "z": z,
        "reach": geo.chord(film["travel_km"]),
    }


def all_pages(session, search, size):
    found, after = [], None
    while True:
        part = result_page(session, search, after, size)
        found += [cursor.video_id for cursor in part.cursors]
        if part.next is None:
            return found
        assert ranking.read_cursor(str(part.next)) == part.next
        after = part.next


# -- the naive implementation ---------------------------------------------------------------


def is_found(film, sought, words, *, without=()):
    if film["expires"] == -1:
        return False
    if words and depth_of(film, words) is None:
        return False
    if sought.place and not lives_near(film, sought):
        return False
    return all(FITS[name](film, v) for name, v in sought.facets.items() if name not in without)


def _available_by(film, days):
    return film["available"] is not None and film["available"] <= days


DAYS = {"now": 0, "month": 31, "quarter": 92}
FITS = {
    "family": lambda film, values: film["occupation"][0] in values,
    "occupation": lambda film, values: film["occupation"] in values,
    "contract": lambda film, values: set(values) & film["contracts"],
    "available": lambda film, values: _available_by(film, DAYS[values[0]]),
    "experience": lambda film, values: film["experience"] in values,
    "language": lambda film, values: set(values) & film["languages"],
    "licence": lambda film, values: set(values) & film["licences"],
}


def depth_of(film, words):
    text = film["text"]
    layers = ([*text.job], [*text.job, *text.skills], [*text.words])
    for depth, layer in enumerate(layers, start=1):
        if all(any(all(_has(layer, t) for t in phrase) for phrase in c) for c in words.choices):
            return depth
    return None


def _has(layer, term):
    return any(w.startswith(term.word) if term.start else w == term.word for w in layer)


def lives_near(film, sought):
    home, there = place(film["place"]), sought.place
    same_department = home is not None and home.department == there.department
    if there.latitude is None:
        return same_department
    away = distance_km(home, there) if home else None
    if sought.radius_km == geo.DEPARTMENT:
        return same_department or (away is not None and away <= film["travel_km"])
    if away is None:
        return same_department
    return away <= max(sought.radius_km, film["travel_km"])


def sort_key(answer):
    a, b = ranking.shuffle_of(TODAY)

    def key(film):
        depth = depth_of(film, answer["words"]) if answer["words"] else 3
        return depth, -film["week"], (film["shuffle_key"] * a + b) % ranking.PRIME, film["video_id"]

    return key


def naive_counts(corpus, sought, words):
    values = {
        "family": lambda f: [f["occupation"][0]],
        "occupation": lambda f: [f["occupation"]],
        "contract": lambda f: f["contracts"],
        "available": lambda f: [w for w, d in DAYS.items() if _available_by(f, d)],
        "experience": lambda f: [f["experience"]] if f["experience"] else [],
        "language": lambda f: f["languages"],
        "licence": lambda f: f["licences"],
    }
    counts = {"total": Counter(total=sum(is_found(f, sought, words) for f in corpus))}
    for name, value in values.items():
        own = {"family", "occupation"} if name == "family" else {name}
        counts[name] = Counter(
            one for f in corpus if is_found(f, sought, words, without=own) for one in value(f)
        )
    return counts


def sides_of(video_id, found):
    if video_id not in found:
        return None, None
    at = found.index(video_id)
    return (found[at - 1] if at else None), (found[at + 1] if at + 1 < len(found) else None)


# -- each facet by itself: a forgotten one is missed by chance, never here ----------------------

FITTING_AND_OTHER = {
    "family": ({"occupation": "J1501"}, {"occupation": "M1805"}, "J"),
    "occupation": ({"occupation": "J1501"}, {"occupation": "J1502"}, "J1501"),
    "contract": ({"contracts": ("freelance", "permanent")}, {"contracts": ()}, "permanent"),
    "available": ({"available": 31}, {"available": 32}, "month"),
    "experience": ({"experience": "from_2"}, {"experience": ""}, "from_2"),
    "language": ({"languages": ("en", "fr")}, {"languages": ("fr",)}, "en"),
    "licence": ({"licences": ("B", "C")}, {"licences": ("BE",)}, "B"),
}


def test_every_facet_has_its_case_and_its_part_in_chance():
    assert set(FITTING_AND_OTHER) == set(FITS) == set(CHOICES) == set(FACETS), (
        "a new facet needs an entry in each of these three"
    )


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("name", FACETS)
def test_a_facet_finds_the_films_that_have_it_and_counts_them(engines, kind, name):
    fitting, other, value = FITTING_AND_OTHER[name]
    corpus = [film_with("bloc", **facts) for facts in (fitting, other)]
    for number, film in enumerate(corpus):
        film["video_id"] = f"{number:026d}"
    sought = SearchFilters(facets={name: (value,)})
    with filled(engines[kind], corpus) as session:
        search = prepare_search(session, sought, NOW)
        assert all_pages(session, search, 10) == [corpus[0]["video_id"]]
        assert len(all_pages(session, prepare_search(session, SearchFilters(), NOW), 10)) == 2
        counts = facet_counts.count_facets(session, search)
        assert (counts[facet_counts.TOTAL].total(), counts[name][value]) == (1, 1)
        # Its own group is counted as if it were not set: what the other one has is offered, too.
        everything = facet_counts.count_facets(
            session, prepare_search(session, SearchFilters(), NOW)
        )
        assert counts[name] == everything[name]


@pytest.mark.parametrize("name", FACETS)
def test_a_facet_stands_in_an_address_and_can_be_taken_off(name):
    value = FITTING_AND_OTHER[name][2]
    asked = MultiDict([(name, "no such value"), (name, value)])
    sought = parse(asked)
    assert sought.chosen(name) == (value,)
    assert parse(MultiDict(sought.address())) == sought
    assert sought.without(name, value).chosen(name) == ()


# -- the rules themselves -------------------------------------------------------------------


def test_the_lot_favours_nobody_over_the_days():
    ids = [f"{i:026d}" for i in range(40)]
    lots = {video_id: ranking.shuffle_key(video_id) for video_id in ids}
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(400)]
    firsts = Counter()
    for day in days:
        a, b = ranking.shuffle_of(day)
        for one, other in zip(ids[::2], ids[1::2], strict=True):
            turn = {v: (lots[v] * a + b) % ranking.PRIME for v in (one, other)}
            firsts[min(turn, key=turn.__getitem__)] += 1
    # 400 fair coins land on one side 140 to 260 times but once in some 500 million trials.
    assert all(140 <= firsts[video_id] <= 260 for video_id in ids)


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("transufsion", "transfusion"),  # two letters exchanged
        ("tranfusion", "transfusion"),  # one missing
        ("transffusion", "transfusion"),  # one too many
        ("trinsfusiun", "transfusion"),  # two wrong, in a long word
        ("bloqc", "bloc"),  # one too many, in a short word
    ],
)
def test_a_mistyped_word_is_taken_for_the_nearest_known_one(engines, slip, meant):
    for engine in engines.values():
        with filled(engine, [film_with("transfusion", "bloc")]) as session:
            understood = query.understand(session, slip)
            assert understood.corrections == {slip: [meant]}
            assert query.understand(session, slip, exact=True).corrections == {}


def test_a_word_of_four_letters_is_what_it_is(engines):
    for engine in engines.values():
        with filled(engine, [film_with("transfusion", "bloc")]) as session:
            assert query.understand(session, "blic").corrections == {}


@pytest.mark.parametrize(
    "typed_word", ["inf", "infirmières", "bic", "blo", "xnfyrmizr", "plumbers"]
)
def test_a_word_that_begins_something_or_is_too_far_off_is_not_corrected(engines, typed_word):
    for engine in engines.values():
        with filled(engine, [film_with("infirmiere", "bloc", "numbers")]) as session:
            assert query.understand(session, typed_word).corrections == {}


def film_with(*words, **facts):
    return {
        "video_id": "0" * 26, "shuffle_key": 0,
        "week": 2930, "occupation": "J1501", "contracts": (),
        "experience": "", "languages": (), "licences": (), "available": None, "place": None,
        "travel_km": 0, "expires": None, "text": Text(job=words), **facts,
    }  # fmt: skip
