"""What the pages say of a film is so: approved, online, missing, sent, prepared, thrown away."""

from __future__ import annotations

import html
import re

import pytest

from cvtube.jobs import claiming, leases
from cvtube.jobs.kinds import TRANSCODE
from cvtube.videos import consents, lifecycle
from cvtube.videos.models import Clip, Review, Visibility
from tests.candidate.conftest import said
from tests.factories import LEASE

POINTS = ["show", "moderate", "alone", "discreet"]


def publish(filming, to=Visibility.RECRUITERS, points=POINTS):
    answer = filming.browser.post(
        f"/my-films/{filming.film_id}/publication", data={"to": to, "consent": points}
    )
    assert answer.status_code == 303, answer.text


def page_of(filming, path=""):
    return html.unescape(said(filming.get(f"/films/{filming.film_id}{path}")))


def film_page(filming):
    return html.unescape(said(filming.browser.get(f"/my-films/{filming.film_id}").text))


def part_page(filming, number):
    return html.unescape(said(filming.get(f"/chapters/{filming.chapters[number].id}")))


def badges(filming):
    """Of the parts, on the studio's page and on the film's own."""
    parts = filming.get(f"/films/{filming.film_id}")
    studio = re.findall(r'data-unless-here="[^"]*"(?: data-todo)?>\s*([^<]+?)\s*<', parts)
    own = filming.browser.get(f"/my-films/{filming.film_id}").text
    return studio, re.findall(r'<span class="badge[^>]*>.*?</svg>([^<]+)</span>', own, re.DOTALL)


@pytest.fixture
def online(filming):
    filming.all_ready()
    publish(filming)
    filming.approve()
    return filming


@pytest.fixture
def hidden(online):
    online.browser.post(f"/my-films/{online.film_id}/withdrawal")
    return online


def ask_for_changes(filming, number):
    with filming._runtime.transaction() as session:
        clip = session.get_one(Clip, filming.chapters[number].live_clip_id)
        lifecycle.ask_for_changes(
            session,
            clip,
            filming._runtime.now(),
            actor=filming.people.ben,
            reason="sound",
            words="",
        )


# -- online ---------------------------------------------------------------------------------


def test_parts_of_a_film_that_is_online_say_so(online):
    assert badges(online) == (["Online"] * 6, ["Online"] * 6)


def test_parts_of_a_hidden_film_are_approved_and_not_online(hidden):
    assert badges(hidden) == (["Approved"] * 6, ["Approved"] * 6)
    assert "Only you can see your video." in film_page(hidden)


def test_a_link_that_is_off_leaves_no_part_online(filming):
    filming.all_ready()
    publish(filming, Visibility.PRIVATE_LINK, ["link", *POINTS[1:]])
    filming.approve()
    assert badges(filming)[0] == ["Online"] * 6
    filming.post(f"/films/{filming.film_id}/link/removal")
    assert badges(filming)[0] == ["Approved"] * 6


def test_while_one_part_is_to_be_redone_the_others_are_not_online(filming):
    filming.all_ready()
    publish(filming)
    ask_for_changes(filming, 1)
    filming.approve()
    assert badges(filming)[0] == ["Approved", "To film again", *["Approved"] * 4]


# -- back online ----------------------------------------------------------------------------


def test_an_approved_film_is_put_back_online_and_nobody_is_said_to_look_first(hidden):
    for path in ("/review", "/sending?to=recruiters"):
        page = page_of(hidden, path)
        assert "Put my video back online" in page
        assert "Send to the moderators" not in page
    assert "It goes online straight away." in page_of(hidden, "/sending?to=recruiters")
    page = film_page(hidden)
    assert "It goes online straight away." in page
    assert "Our moderators watch it first." not in page
    publish(hidden)
    page = film_page(hidden)
    assert "Recruiters can watch your video." in page
    assert "We have sent your video to our moderators." not in page
    assert page.count("The video is waiting for our moderators.") == 1  # the first time


def test_what_is_agreed_to_holds_for_a_film_that_is_approved_already(hidden):
    page = page_of(hidden, "/sending?to=recruiters")
    assert [point.sentence for point in consents.PURPOSES if point.sentence in page] == [
        point.sentence for point in consents.PURPOSES if point is not consents.LINK
    ]
    assert "first" not in " ".join(point.sentence for point in consents.PURPOSES)


def test_an_approved_film_with_a_newer_part_says_which_of_them_is_looked_at(hidden):
    hidden.take(1, ready=True)
    words = "The approved video goes online straight away."
    assert words in page_of(hidden, "/sending?to=recruiters")
    assert words in film_page(hidden)
    publish(hidden)
    assert "Other people still see the old version." in film_page(hidden)


def test_a_film_nobody_has_looked_at_is_sent_to_the_moderators(filming):
    filming.all_ready()
    page = page_of(filming, "/sending?to=recruiters")
    assert "Send to the moderators" in page
    assert "straight away" not in page


def test_a_film_that_ran_out_goes_online_at_once_and_says_so(online, clock):
    clock.advance(days=200)
    online.browser = online.people.client("ada")  # nobody stays signed in for so long
    online.browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = film_page(online)
    assert "It goes online straight away." in page
    assert "Our moderators watch it first." not in page
    assert badges(online)[0] == ["Approved"] * 6


# -- what is missing ------------------------------------------------------------------------


def test_how_many_parts_are_filmed_is_counted(filming):
    assert "Parts filmed so far: 0 of 6." in film_page(filming)
    filming.take(0, ready=True)
    assert "Parts filmed so far: 1 of 6." in film_page(filming)
    assert "1 of 6 filmed" in html.unescape(said(filming.browser.get("/my-films").text))


def test_whoever_has_parts_to_film_is_not_asked_to_wait(filming):
    filming.take(0, ready=True)
    for path in ("/review", "/sending?to=recruiters"):
        page = page_of(filming, path)
        assert "Some parts are still missing." in page
        assert "Please wait a little." not in page
    filming.all_ready()
    filming.take(0, chosen=True)
    assert "Please wait a little." not in page_of(filming, "/review")  # the old one plays


# -- sent again -----------------------------------------------------------------------------


def test_a_part_filmed_again_goes_to_the_moderators_by_itself_and_every_page_says_so(filming):
    filming.all_ready()
    publish(filming)
    ask_for_changes(filming, 1)
    page = film_page(filming)
    assert "The new recording goes to our moderators by itself." in page
    straight = "It goes straight to our moderators."
    recorder = f"/chapters/{filming.chapters[1].id}/recording"
    assert straight in html.unescape(said(filming.get(recorder)))
    take = filming.take(1)
    assert straight in part_page(filming, 1)
    filming.take(1, ready=True)
    assert filming.clip(filming.chapters[1].live_clip_id).review is Review.PENDING
    assert filming.chapters[1].live_clip_id != take


def test_a_part_of_a_draft_goes_nowhere_by_itself_and_no_page_says_so(filming):
    filming.take(1)
    recorder = f"/chapters/{filming.chapters[1].id}/recording"
    for page in (part_page(filming, 1), said(filming.get(recorder)), film_page(filming)):
        assert "straight to our moderators" not in page
        assert "goes to our moderators by itself" not in page


def test_a_new_recording_of_what_is_online_waits_for_a_moderator_and_says_so(online):
    words = "The old one stays until a moderator approves the new one."
    assert words in film_page(online)
    new = online.take(1, ready=True)
    assert online.chapters[1].next_clip_id == new
    page = part_page(online, 1)
    assert "Being reviewed" in page
    assert "Being prepared" not in page


def test_whoever_redoes_a_part_can_change_the_words_for_it(filming):
    filming.all_ready()
    publish(filming)
    ask_for_changes(filming, 1)
    assert "Change my words" in part_page(filming, 1)
    filming.take(1)
    assert "Change my words" in part_page(filming, 1)


def test_of_a_part_to_be_redone_an_older_recording_is_not_put_forward(filming, clock):
    older = filming.take(1)
    clock.advance(minutes=1)
    filming.all_ready()
    publish(filming)
    ask_for_changes(filming, 1)
    chapter = f"/chapters/{filming.chapters[1].id}"
    assert f'src="/studio/takes/{older}/film"' not in filming.get(chapter)
    clock.advance(minutes=1)
    newer = filming.take(1)
    assert f'src="/studio/takes/{newer}/film"' in filming.get(chapter)
    assert f'src="/studio/takes/{older}/film"' in filming.get(f"{chapter}?take={older}")


def test_a_part_to_be_redone_is_not_called_part_of_the_film(filming):
    filming.all_ready()
    publish(filming)
    ask_for_changes(filming, 1)
    page = part_page(filming, 1)
    assert "To film again" in page
    assert "In my video" not in page


# -- being prepared -------------------------------------------------------------------------


def test_percents_and_minutes_stand_at_each_part_and_at_the_film(filming, runtime, clock):
    filming.all_ready()
    clock.advance(minutes=1)
    take = filming.take(0, chosen=True)
    with runtime.transaction() as session:
        held = claiming.claim(
            session, TRANSCODE, take, runtime.now(), lease=100 * LEASE, max_tries=4
        )
    clock.advance(minutes=2)
    with runtime.transaction() as session:
        leases.extend(session, held, runtime.now(), lease=100 * LEASE, progress=40)
    page, first = page_of(filming), filming.chapters[0].id
    assert "Being prepared 40% 3 min left" in page
    state = filming.browser.get(f"/my-films/{filming.film_id}/state").json
    assert (state["parts"], state["percent"], state["moving"]) == ({first: 40}, 40, True)
    assert "40% 3 min left" in film_page(filming)
    assert "Ready in about 3 minutes." in film_page(filming)
    assert "Other videos come first." not in film_page(filming)
    assert f'data-percent-of="{first}"' in filming.get(f"/films/{filming.film_id}")


# -- trimmed --------------------------------------------------------------------------------


def test_a_trim_stays_with_its_take_while_another_one_is_chosen(filming):
    first, second = filming.take(1), filming.take(1)
    choose = f"/studio/takes/{first}/choice"
    trim = {"start_ms": 500, "end_ms": 2500}
    assert filming.browser.post(choose, json=trim).status_code == 200
    filming.post(f"/takes/{second}/choice")
    page = filming.get(f"/chapters/{filming.chapters[1].id}?take={first}")
    assert f"/studio/takes/{first}/film#t=0.5,2.5" in page
    assert "Trimmed" in page
    filming.post(f"/takes/{first}/choice")
    clip = filming.clip(first)
    assert (clip.trim_start_ms, clip.trim_end_ms) == (500, 2500)
    assert filming.browser.post(choose, json={"start_ms": 0, "end_ms": None}).status_code == 200
    assert filming.clip(first).trim_end_ms is None  # who says so wants all of it


# -- left out -------------------------------------------------------------------------------


def removal(filming, number):
    return html.unescape(said(filming.get(f"/chapters/{filming.chapters[number].id}/removal")))


def shown_removal(filming, number):
    page = filming.get(f"/chapters/{filming.chapters[number].id}/removal")
    return said(re.sub(r"<div data-[^>]* hidden>.*?</div>", "", page, flags=re.DOTALL))


def test_leaving_out_a_part_says_only_what_is_thrown_away_and_kept(filming):
    deleted, kept = "We will delete your recordings", "We will keep your words."
    page = shown_removal(filming, 2)
    assert deleted not in page
    assert kept not in page
    filming.post(f"/chapters/{filming.chapters[2].id}/script", text="I built a wall.")
    assert kept in shown_removal(filming, 2)
    filming.take(2)
    assert deleted in shown_removal(filming, 2)
    assert "You can add this part again later." in removal(filming, 2)


def test_leaving_out_a_part_of_a_film_that_is_out_says_how_it_can_come_back(online):
    page = removal(online, 2)
    assert "We will delete your recordings" in page
    assert "You can add this part again later." not in page
    assert "To add it again, hide your video first." in page
