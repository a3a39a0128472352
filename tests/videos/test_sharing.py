"""To whom an owner shows a film: wish, consents and link go together, and no review is repeated."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from cvtube.errors import Refused
from cvtube.videos import consents, lifecycle, policy, queries, sharing
from cvtube.videos.consents import LINK, SHOW
from cvtube.videos.lifecycle.write import INDEX_VIDEO
from cvtube.videos.models import Review, VideoEvent, Visibility
from tests import factories

pytestmark = pytest.mark.both_databases

ALWAYS = ["moderate", "alone", "discreet"]
FOR_RECRUITERS, BY_LINK = ["show", *ALWAYS], ["link", *ALWAYS]


@pytest.fixture
def film(session, ada, now):
    """A film of one part, ready and approved, and taken back since."""
    ben = factories.make_user(session, now, name="Ben", role="moderator")
    video = factories.make_video(session, ada, now)
    factories.make_ready_clip(session, video.chapters[0], now, owner=ada)
    lifecycle.publish(session, video, now, actor=ada)
    lifecycle.approve(session, video, now, actor=ben)
    lifecycle.withdraw(session, video, now, actor=ada)
    return video


@pytest.fixture
def show(session, ada):
    def show(film, audience, said, now):
        sharing.share(session, film, audience, said, now, actor=ada)

    return show


def agreed(session, film):
    return {consent.purpose for consent in consents.given(session, film.id)}


def verbs(session, film):
    """What has happened since the film was taken back."""
    order = (VideoEvent.at, VideoEvent.id)
    events = session.scalars(
        select(VideoEvent).where(VideoEvent.video_id == film.id).order_by(*order)
    ).all()
    told = [event.verb for event in events]
    assert all(film.link_key not in str(vars(event)) for event in events if film.link_key)
    return set(told) - {"started", "upload_started", "uploaded", "ready", "submitted", "approved"}


def seen(session, film, now):
    """By recruiters, and by whoever has the link."""
    session.flush()
    session.expire_all()
    whole = queries.load_video(session, film.id)
    return policy.is_listed(whole, now), policy.is_open_by_link(whole, now)


def refusal(verb, *arguments, **words):
    with pytest.raises(Refused) as refused:
        verb(*arguments, **words)
    return refused.value.code


def test_by_link_only_means_a_link_and_no_consent_to_be_found(session, film, show, now):
    show(film, Visibility.PRIVATE_LINK, BY_LINK, now)
    assert agreed(session, film) == {"link", *ALWAYS}
    assert len(film.link_key) == 22
    assert seen(session, film, now) == (False, True)
    assert verbs(session, film) >= {"published", "link_made"}


@pytest.mark.parametrize(
    ("audience", "said"),
    [
        (Visibility.RECRUITERS, BY_LINK),
        (Visibility.PRIVATE_LINK, FOR_RECRUITERS),
        (Visibility.PRIVATE_LINK, BY_LINK[:-1]),
        (Visibility.RECRUITERS, []),
    ],
)
def test_each_audience_needs_its_own_yes(session, film, show, now, audience, said):
    assert refusal(show, film, audience, said, now) == "consent_missing"


def test_a_yes_nobody_asked_for_is_not_kept(session, film, show, now):
    show(film, Visibility.PRIVATE_LINK, [*BY_LINK, "show"], now)
    assert "show" not in agreed(session, film)


def test_a_film_for_recruiters_has_no_link_until_one_is_agreed_to(session, film, ada, show, now):
    show(film, Visibility.RECRUITERS, FOR_RECRUITERS, now)
    assert (film.link_key, seen(session, film, now)) == (None, (True, False))
    assert refusal(sharing.make_link, session, film, [], now, actor=ada) == "consent_missing"
    sharing.make_link(session, film, ["link"], now, actor=ada)
    assert seen(session, film, now) == (True, True)
    assert agreed(session, film) == {"show", "link", *ALWAYS}


def test_changing_the_audience_asks_no_moderator_and_wins_no_day(
    session, film, show, notifier, now
):
    show(film, Visibility.RECRUITERS, FOR_RECRUITERS, now)
    until = film.expires_at
    later = now + timedelta(days=9)
    notifier.sent.clear()

    show(film, Visibility.PRIVATE_LINK, ["link"], later)
    assert seen(session, film, later) == (False, True)
    assert film.chapters[0].live_clip.review is Review.APPROVED
    assert (film.published_at, film.expires_at) == (now, until)
    assert "show" not in agreed(session, film)
    key = film.link_key

    show(film, Visibility.RECRUITERS, ["show"], later)
    assert seen(session, film, later) == (True, True)
    assert film.link_key == key  # a printed code goes on working
    session.commit()
    assert (INDEX_VIDEO.path, film.id) in notifier.sent
    assert "audience_changed" in verbs(session, film)


def test_changing_back_asks_again_for_what_was_given_up(session, film, show, now):
    show(film, Visibility.RECRUITERS, FOR_RECRUITERS, now)
    show(film, Visibility.PRIVATE_LINK, ["link"], now)
    code = refusal(show, film, Visibility.RECRUITERS, [], now)
    assert code == "consent_missing"


def test_a_new_link_replaces_the_old_one_at_once(session, film, ada, show, now):
    show(film, Visibility.PRIVATE_LINK, BY_LINK, now)
    old = film.link_key
    sharing.make_link(session, film, [], now, actor=ada)
    assert refusal(queries.film_of_link, session, old, now) == "not_found"
    assert queries.film_of_link(session, film.link_key, now).id == film.id
    assert "link_renewed" in verbs(session, film)


def test_a_link_that_is_off_shows_the_film_to_nobody_and_costs_no_review(
    session, film, ada, show, now
):
    show(film, Visibility.PRIVATE_LINK, BY_LINK, now)
    lifecycle.switch_off_link(session, film, now, actor=ada)
    lifecycle.switch_off_link(session, film, now, actor=ada)
    assert seen(session, film, now) == (False, False)
    assert film.visibility is Visibility.PRIVATE_LINK
    sharing.make_link(session, film, [], now, actor=ada)
    assert seen(session, film, now) == (False, True)
    assert "link_switched_off" in verbs(session, film)


def test_a_draft_has_no_link(session, film, ada, now):
    code = refusal(sharing.make_link, session, film, ["link"], now, actor=ada)
    assert code == "film_not_sent"


@pytest.mark.parametrize(
    ("audience", "linked", "purpose", "left", "seen_after"),
    [
        (Visibility.RECRUITERS, True, LINK, Visibility.RECRUITERS, (True, False)),
        (Visibility.RECRUITERS, True, SHOW, Visibility.PRIVATE_LINK, (False, True)),
        (Visibility.RECRUITERS, False, SHOW, Visibility.DRAFT, (False, False)),
        (Visibility.PRIVATE_LINK, True, LINK, Visibility.DRAFT, (False, False)),
        (Visibility.RECRUITERS, True, consents.PURPOSES[2], Visibility.DRAFT, (False, False)),
        (Visibility.RECRUITERS, True, None, Visibility.DRAFT, (False, False)),
    ],
)
def test_a_yes_taken_back_ends_what_needs_it(
    session, film, ada, show, now, audience, linked, purpose, left, seen_after
):
    show(film, audience, [*FOR_RECRUITERS, "link"], now)
    if linked and film.link_key is None:
        sharing.make_link(session, film, ["link"], now, actor=ada)
    assert sharing.withdraw_consent(session, film, now, actor=ada, purpose=purpose) is left
    assert (film.visibility, seen(session, film, now)) == (left, seen_after)
    assert (film.link_key is not None) == seen_after[1]
    assert (purpose.code if purpose else "alone") not in agreed(session, film)


def test_an_expired_film_opens_again_by_the_same_link(session, film, show, now):
    show(film, Visibility.PRIVATE_LINK, BY_LINK, now)
    key, later = film.link_key, now + timedelta(days=183)
    assert seen(session, film, later) == (False, False)
    show(film, Visibility.PRIVATE_LINK, [], later)
    assert (film.link_key, seen(session, film, later)) == (key, (False, True))


def test_taking_a_yes_back_renews_nothing(session, film, ada, show, now):
    show(film, Visibility.RECRUITERS, FOR_RECRUITERS, now)
    sharing.make_link(session, film, ["link"], now, actor=ada)
    until, later = film.expires_at, now + timedelta(days=200)
    sharing.withdraw_consent(session, film, later, actor=ada, purpose=SHOW)
    assert (film.expires_at, seen(session, film, later)) == (until, (False, False))
