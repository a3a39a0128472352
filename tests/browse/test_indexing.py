"""What is found follows what is shown: promptly by the notifier, surely by the clock."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, text, update

from cvtube.accounts.models import CandidateProfile, User
from cvtube.browse import jobs
from cvtube.browse.search import document, indexer
from cvtube.browse.search.backends import text_index
from cvtube.browse.search.filters import SearchFilters
from cvtube.browse.search.models import SearchEntry, SearchTerm
from cvtube.browse.search.pages import prepare_search, result_page
from cvtube.browse.wall import load_cards
from cvtube.videos import lifecycle, queries
from cvtube.videos.models import Chapter, Clip, Review, Video, Visibility
from tests.browse.films import publish_film

pytestmark = pytest.mark.both_databases

NURSE = {
    "occupation_code": "J1505",  # Infirmier / Infirmière de prévention
    "place_code": "44109",
    "skills": ["Électrocardiogramme", "C++"],
    "contracts": ["permanent", "temporary"],
    "languages": {"en": "B2", "es": "A1"},
    "licences": ["B"],
    "experience": "from_5",
    "about": "J’aime l’œnologie.",
}


@pytest.fixture
def nurse(runtime, now):
    """An approved film, and the index as the clock leaves it."""
    with runtime.transaction() as session:
        video = publish_film(
            session,
            now,
            name="Zoé",
            family_name="Du Puis-Étoilé",
            said=["Bonjour, je suis Zoé.", "J’ai réanimé un patient."],
            **NURSE,
        )
    jobs.index_changed()
    return video


def found(runtime, typed, *, exact=False, **facets):
    with runtime.reading() as session:
        search = prepare_search(session, SearchFilters(typed, exact, facets), runtime.now())
        cursors = result_page(session, search, None, 10).cursors
        cards = load_cards(session, [cursor.video_id for cursor in cursors], runtime.now())
    return [card.video_id for card in cards]


FINDS = (
    "infirmière", "INFIRMIER", "infirm", "infirmières", "nurse",  # the job sought
    "electrocardiogramme", "électro", "c++",  # skills
    "nantes", "CDI", "permanent", "temporary", "anglais", "english", "espagnol",
    "permis b", "santé", "health", "oenologie", "réanimé", "REANIME",
    "infirmière à Nantes", "electrocardigramme", "infirmire anglais",
)  # fmt: skip


def test_a_film_is_found_by_what_its_owner_says_and_writes(runtime, nurse):
    missed = [typed for typed in FINDS if found(runtime, typed) != [nurse.id]]
    assert missed == []


def test_a_film_is_not_found_by_a_name_or_by_what_it_does_not_say(runtime, nurse):
    strange = ("zoe", "Étoilé", "puis", "cuisinier", "infirmier cuisinier", "zzzz")
    met = [typed for typed in strange if found(runtime, typed, exact=True)]
    assert met == []


def test_what_was_typed_wrong_can_be_searched_as_typed(runtime, nurse):
    assert found(runtime, "infirmire") == [nurse.id]
    assert found(runtime, "infirmire", exact=True) == []


# -- whatever hides a film takes it out of the index -----------------------------------------


def withdraw(session, video, clock):
    film = session.get_one(Video, video.id)
    owner = session.get_one(User, film.owner_id)
    lifecycle.withdraw(session, film, clock.advance(minutes=1), actor=owner)


def take_down(session, video, clock):
    clip = session.scalars(select(Clip).where(Clip.review == Review.APPROVED)).first()
    moderator = session.scalars(select(User).where(User.role == "moderator")).one()
    lifecycle.take_down(
        session, clip, clock.advance(minutes=1), actor=moderator, reason="scam", words="…"
    )


def delete_film(session, video, clock):
    film = session.get_one(Video, video.id)
    owner = session.get_one(User, film.owner_id)
    lifecycle.delete_video(session, film, clock.advance(minutes=1), actor=owner)


def suspend(session, video, clock):
    session.execute(update(User).where(User.id == video.owner_id).values(suspended_at=clock()))


def leave(session, video, clock):
    session.execute(update(User).where(User.id == video.owner_id).values(deleted_at=clock()))


def show_by_link_only(session, video, clock):
    film = session.get_one(Video, video.id)
    owner = session.get_one(User, film.owner_id)
    only = Visibility.PRIVATE_LINK
    lifecycle.change_audience(session, film, clock.advance(minutes=1), actor=owner, audience=only)


def expire(session, video, clock):
    clock.advance(days=183)


def purge(session, video, clock):
    session.execute(update(Chapter).values(live_clip_id=None, next_clip_id=None))
    session.execute(delete(Clip))
    session.execute(delete(Video))


HIDES = [withdraw, show_by_link_only, take_down, delete_film, suspend, leave, expire, purge]


@pytest.mark.parametrize("hide", HIDES, ids=lambda hide: hide.__name__)
def test_a_hidden_film_is_shown_to_nobody_and_the_clock_removes_its_words(
    runtime, nurse, clock, hide
):
    with runtime.transaction() as session:
        hide(session, nurse, clock)
    assert found(runtime, "infirmier") == []  # while the index still has it

    jobs.index_changed()
    assert index_of(runtime) == ({}, {})
    with runtime.reading() as session:
        assert session.execute(text("SELECT count(*) FROM search_index")).scalar() == 0


@pytest.mark.parametrize("hide", [withdraw, show_by_link_only, take_down, delete_film])
def test_the_bell_does_so_at_once(runtime, nurse, clock, hide):
    with runtime.transaction() as session:
        hide(session, nurse, clock)
    jobs.index_video(nurse.id)

    assert index_of(runtime)[0] == {}


def test_a_film_comes_back_when_its_owner_does(runtime, nurse, clock):
    with runtime.transaction() as session:
        suspend(session, nurse, clock)
    jobs.index_changed()
    with runtime.transaction() as session:
        session.execute(update(User).values(suspended_at=None))
    jobs.index_changed()

    assert found(runtime, "infirmier") == [nurse.id]


def test_an_unapproved_film_never_gets_into_the_index(runtime, now):
    with runtime.transaction() as session:
        video = publish_film(session, now, **NURSE)
        session.execute(update(Clip).values(review=Review.PENDING, reviewed_at=None))
    jobs.index_video(video.id)
    jobs.index_changed()

    assert index_of(runtime) == ({}, {})


# -- what changes is indexed anew ------------------------------------------------------------


def change_profile(runtime, clock):
    with runtime.transaction() as session:
        profile = session.scalars(select(CandidateProfile)).one()
        profile.skills = ["Plâtre"]
        profile.available_from = date(2026, 9, 1)
        profile.updated_at = clock.advance(minutes=5)


@pytest.mark.parametrize("by", ["notice", "clock"])
def test_a_changed_profile_is_found_by_its_new_words_only(runtime, nurse, clock, by):
    change_profile(runtime, clock)
    if by == "notice":
        jobs.index_owner(nurse.owner_id)
    else:
        jobs.index_changed()

    assert found(runtime, "platre") == [nurse.id]
    assert found(runtime, "electrocardiogramme") == []
    assert found(runtime, "infirmier", available=("now",)) == []


def test_nothing_is_written_when_nothing_changed(runtime, nurse):
    with runtime.reading() as session:
        assert indexer.outdated(session, runtime.now(), 10) == ()


def test_an_entry_of_an_earlier_version_is_made_anew_by_the_clock(runtime, nurse):
    before = index_of(runtime)
    with runtime.transaction() as session:
        session.execute(
            update(SearchEntry).values(document_version=document.VERSION - 1, licences="")
        )
    jobs.index_changed()

    assert index_of(runtime) == before
    assert found(runtime, "infirmier", licence=("B",)) == [nurse.id]


def test_an_entry_of_a_newer_version_is_left_to_it(runtime, nurse):
    """While two versions run side by side, they must not make each other's entries in turn."""
    with runtime.transaction() as session:
        session.execute(update(SearchEntry).values(document_version=document.VERSION + 1))
    test_nothing_is_written_when_nothing_changed(runtime, nurse)


# What is the film's own, and says nothing of how films are described.
OF_THE_FILM = {
    "video_id", "film_version", "profile_version", "document_version", "expires_at", "week",
    "shuffle_key",
}  # fmt: skip
DESCRIBED = {1: "99a9eceaf1edddd2"}


def test_describing_films_otherwise_needs_a_new_version(runtime, nurse):
    """Else entries made before stay as they are: a new filter would find no older film."""
    with runtime.reading() as session:
        video = queries.load_video(session, nurse.id)
        facts = {k: v for k, v in document.facts_of(video).items() if k not in OF_THE_FILM}
        words = asdict(document.texts_of(video, ["J’ai réanimé un patient."]).text())
    columns = sorted(set(SearchEntry.__table__.columns.keys()) - OF_THE_FILM)
    look = json.dumps([columns, facts, words], sort_keys=True)
    digest = hashlib.sha256(look.encode()).hexdigest()[:16]
    assert {document.VERSION: digest} == DESCRIBED, (
        "an entry looks different: raise VERSION in cvtube/browse/search/document.py by one, so "
        "that the clock makes older entries anew, and write the new version and digest here"
    )


def test_indexing_twice_changes_nothing(runtime, nurse):
    before = index_of(runtime)
    jobs.index_video(nurse.id)
    jobs.index_owner(nurse.owner_id)

    assert index_of(runtime) == before


def test_words_are_counted_as_often_as_films_have_them(runtime, now, nurse, clock):
    with runtime.transaction() as session:
        other = publish_film(session, now, name="Bo", occupation_code="J1505", skills=["Bloc"])
    jobs.index_changed()
    assert index_of(runtime)[1]["infirmier"] == 2
    assert index_of(runtime)[1]["bloc"] == 1

    change_profile_words(runtime, other, clock)
    jobs.index_changed()
    with runtime.transaction() as session:
        withdraw(session, nurse, clock)
    jobs.index_changed()

    _, counted = index_of(runtime)
    with runtime.transaction() as session:
        indexer.recount(session)
    assert counted == index_of(runtime)[1]
    assert counted["infirmier"] == 1
    assert "bloc" not in counted


def change_profile_words(runtime, video, clock):
    with runtime.transaction() as session:
        profile = session.get_one(CandidateProfile, video.owner_id)
        profile.skills = ["Nantes"]
        profile.updated_at = clock.advance(minutes=5)


def test_a_rebuild_makes_a_lost_index_whole_again(runtime, nurse):
    whole = index_of(runtime)
    with runtime.transaction() as session:
        index = text_index(runtime.engine)
        for entry in session.scalars(select(SearchEntry)):
            index.forget(session, entry.id)
            session.delete(entry)
        session.execute(delete(SearchTerm))
    assert found(runtime, "infirmier") == []

    assert jobs.rebuild() == 1
    assert index_of(runtime) == whole
    assert found(runtime, "infirmier") == [nurse.id]


def test_a_correction_is_shown_with_its_accents(runtime, nurse):
    with runtime.reading() as session:
        spellings = dict(session.execute(select(SearchTerm.term, SearchTerm.spelling)).all())
    assert spellings["electrocardiogramme"] == "électrocardiogramme"
    assert spellings["oenologie"] == "œnologie"


def test_an_entry_lasts_exactly_as_long_as_its_film(runtime, nurse, clock):
    clock.advance(days=182)
    clock.time -= timedelta(seconds=1)
    assert found(runtime, "infirmier") == [nurse.id]
    clock.advance(seconds=1)
    assert found(runtime, "infirmier") == []


def index_of(runtime):
    """Each entry's words, and each known word's count."""
    with runtime.reading() as session:
        index = text_index(runtime.engine)
        entries = {
            entry.video_id: index.words(session, entry.id)
            for entry in session.scalars(select(SearchEntry))
        }
        terms = {t.term: t.documents for t in session.scalars(select(SearchTerm))}
    return entries, terms
