"""A film takes a break, and goes on; its months end, unless its owner wants six more."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cvtube.accounts.models import User
from cvtube.candidate.jobs import announce_ends
from cvtube.mail.models import Mail
from cvtube.videos import consents
from cvtube.videos.lifecycle.publication import PUBLICATION
from cvtube.videos.models import VideoEvent, Visibility
from cvtube.videos.verbs import Verb
from tests.candidate.conftest import said

EVERYTHING = {"to": "recruiters", "consent": ["show", "moderate", "alone", "discreet"]}
KEEP = "Keep it online for 6 more months"


@pytest.fixture
def online(filming):
    filming.all_ready()
    act(filming, "publication", **EVERYTHING)
    filming.approve()
    filming.post(f"/films/{filming.film_id}/link", consent=["link"])
    assert filming.film.link_key
    return filming


def act(filming, path, **form):
    """Presses a button on the page of the film; returns the page after it."""
    address = f"/my-films/{filming.film_id}/{path}"
    answer = filming.browser.post(address, data=form, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return html.unescape(said(answer.text))


def film_page(filming):
    return html.unescape(said(filming.browser.get(f"/my-films/{filming.film_id}").text))


def doors(filming):
    """What a recruiter gets: the film, its playlist, and what leads there by the link."""
    rae, film = filming.people.client("rae"), filming.film_id
    addresses = (
        f"/films/{film}",
        f"/films/{film}/published/master.m3u8",
        f"/l/{filming.film.link_key}",
    )
    return [rae.get(address).status_code for address in addresses]


@pytest.fixture
def later(online, clock):
    """Lets days pass, after which Ada signs in anew."""

    def pass_by(days):
        clock.advance(days=days)
        online.browser = online.people.client("ada")
        online.browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"

    return pass_by


@pytest.fixture
def events(runtime):
    def count(verb):
        with runtime.reading() as session:
            wanted = select(func.count()).where(VideoEvent.verb == verb)
            return session.scalar(wanted.select_from(VideoEvent))

    return count


@pytest.fixture
def mails(runtime):
    def read():
        with runtime.reading() as session:
            return session.scalars(select(Mail).order_by(Mail.created_at, Mail.id)).all()

    return read


# -- the pause ------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_a_pause_hides_a_film_at_once_and_its_end_shows_it_as_before(online, clock, events):
    before = online.film
    assert doors(online) == [200, 200, 200]
    page = act(online, "pause")
    assert "Your video is paused. Nobody else sees it." in page
    assert "Pause my video" not in page
    assert doors(online) == [404, 404, 404]
    clock.advance(days=3)
    assert "Recruiters can watch your video." in act(online, "resumption")
    assert doors(online) == [200, 200, 200]
    after = online.film
    for kept in ("published_at", "expires_at", "link_key", "visibility"):
        assert getattr(after, kept) == getattr(before, kept)
    assert (events(Verb.PAUSED), events(Verb.RESUMED)) == (1, 1)


def test_what_was_agreed_to_holds_during_a_pause(online, runtime):
    act(online, "pause")
    with runtime.reading() as session:
        assert {one.purpose for one in consents.given(session, online.film_id)} >= {"show", "link"}


@pytest.mark.parametrize(("path", "verb"), [("pause", Verb.PAUSED), ("resumption", Verb.RESUMED)])
def test_pressing_twice_is_pressing_once(online, events, path, verb):
    act(online, "pause")
    for _ in range(2):
        act(online, path)
    assert events(verb) == 1


def test_a_film_that_is_nobody_elses_has_no_pause(filming):
    filming.browser.environ_base["HTTP_ACCEPT"] = "application/json"
    answer = filming.browser.post(f"/my-films/{filming.film_id}/pause")
    assert (answer.status_code, answer.json["code"]) == (409, "film_not_sent")


def test_the_link_says_when_it_will_work_again(online):
    act(online, "pause")
    page = online.get(f"/films/{online.film_id}/link")
    assert "This link will work again after the pause." in said(page)


def test_a_part_that_is_filmed_anew_does_not_end_the_pause(online):
    act(online, "pause")
    online.take(0, ready=True)
    page = film_page(online)
    assert "Your video is paused. Nobody else sees it." in page
    online.approve()
    assert doors(online)[0] == 404


def test_whom_the_film_is_for_can_be_changed_during_a_pause(online):
    act(online, "pause")
    act(online, "publication", to="private_link")
    assert online.film.visibility is Visibility.PRIVATE_LINK
    assert doors(online) == [404, 404, 404]
    act(online, "resumption")
    assert doors(online) == [404, 404, 200]


# -- six more months ------------------------------------------------------------------------


def test_a_film_is_renewed_in_one_tap_in_its_last_month_and_not_before(online, later, events):
    first = online.film
    later(100)
    assert KEEP not in film_page(online)
    act(online, "publication", to="recruiters")
    assert online.film.expires_at == first.expires_at
    later(60)
    assert KEEP in film_page(online)
    assert "Your video stays online for 6 more months." in act(
        online, "publication", to="recruiters"
    )
    renewed = online.film
    assert renewed.expires_at == first.published_at + timedelta(days=160) + PUBLICATION
    assert renewed.published_at == first.published_at, "it is not a new film to recruiters"
    assert KEEP not in film_page(online)
    assert events(Verb.RENEWED) == 1


def test_a_change_of_audience_wins_no_day(online, later):
    end = online.film.expires_at
    later(170)
    act(online, "publication", to="private_link")
    assert online.film.expires_at == end


@pytest.mark.both_databases
def test_its_owner_is_told_twice_that_a_film_ends(online, clock, mails):
    before = len(mails())
    told = []
    for _day in range(185):
        announce_ends()
        announce_ends()  # two clocks
        told += [_day] * (len(mails()) - before - len(told))
        clock.advance(days=1)
    assert told == [152, 175]
    letter = mails()[-1]
    assert letter.to_address == online.ada.email
    assert "31" in letter.subject
    assert f"/my-films/{online.film_id}" in letter.body


def test_who_renews_is_told_again_half_a_year_later(online, later, mails):
    later(160)
    announce_ends()
    act(online, "publication", to="recruiters")
    count = len(mails())
    later(100)
    announce_ends()
    assert len(mails()) == count
    later(60)
    announce_ends()
    assert len(mails()) == count + 1


@pytest.mark.parametrize("field", ["email_confirmed_at", "email"])
def test_nobody_is_written_to_who_has_no_address_of_their_own(online, later, runtime, mails, field):
    with runtime.transaction() as session:
        setattr(session.get_one(User, online.ada.id), field, None)
    count = len(mails())
    later(160)
    announce_ends()
    assert len(mails()) == count
    assert KEEP in film_page(online)
