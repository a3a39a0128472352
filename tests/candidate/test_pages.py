"""The flow without JavaScript: begin, prepare, choose, put in order, watch, agree and send."""

from __future__ import annotations

import html
import io
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from cvtube.accounts.models import User
from cvtube.browse import wall
from cvtube.privacy import jobs as privacy
from cvtube.videos import keys, lifecycle
from cvtube.videos.models import Asset, Chapter, Clip, OriginalChunk, Review, Stage, Visibility
from tests.candidate.conftest import said
from tests.upload.tus import code

EVERYTHING = {"to": "recruiters", "consent": ["show", "moderate", "alone", "discreet"]}


def publish(filming, **form):
    return filming.browser.post(f"/my-films/{filming.film_id}/publication", data=form)


def page_of(filming, number):
    return f"/chapters/{filming.chapters[number].id}"


# -- beginning ------------------------------------------------------------------------------


def test_a_film_begins_with_the_usual_parts_in_ones_own_language(filming):
    assert filming.topics == ["hello", "can", "proof", "looking", "when", "goodbye"]
    page = filming.get(f"/films/{filming.film_id}")
    assert "What I can do" in page
    assert "Start: Hello" in page
    filming.browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "fr"
    filming.start()
    assert [chapter.title for chapter in filming.chapters][1] == "Ce que je sais faire"


def test_my_films_offers_parts_first_and_a_file_second(filming):
    page = filming.browser.get("/my-films").text
    assert page.index("Film part by part") < page.index("Send a video file")
    assert f"/studio/films/{filming.film_id}" in page


def test_the_first_time_it_is_the_same(people):
    browser = people.client("cy")
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = browser.get("/my-films").text
    assert page.index("Film part by part") < page.index("Send a video file")


# -- preparing ------------------------------------------------------------------------------


def test_tapped_and_typed_answers_become_the_script(filming):
    filming.be(occupation_code="A1203", skills=["prune roses"])
    page = filming.get(f"{page_of(filming, 1)}/questions/skills")
    assert 'value="prune roses"' in page  # the profile's own come first
    assert page.index("prune roses") < page.index("trim hedges")
    answer = filming.post(
        f"{page_of(filming, 1)}/questions/skills", tap=["plant", "mow"], typed="lay a lawn"
    )
    assert answer.headers["Location"].endswith("/questions/quality")
    answer = filming.post(f"{page_of(filming, 1)}/questions/quality", tap=["calm"])
    assert answer.headers["Location"].endswith("/script")
    page = filming.get(f"{page_of(filming, 1)}/script")
    assert "I can plant, mow and lay a lawn.\nPeople say I am calm." in page
    assert "About 6 seconds to say." in page


def test_an_answer_is_found_again_and_can_be_taken_back(filming):
    path = f"{page_of(filming, 1)}/questions/skills"
    filming.post(path, tap=["learn fast"], typed="sing")
    page = filming.get(path)
    assert 'value="learn fast" checked' in page
    assert 'name="typed" value="sing"' in page
    filming.post(path)
    assert "sing" not in filming.get(f"{page_of(filming, 1)}/script")


def test_a_question_with_one_answer_takes_what_was_typed(filming):
    filming.post(f"{page_of(filming, 0)}/questions/since", tap="two years", typed="three summers")
    page = filming.get(f"{page_of(filming, 0)}/script")
    assert "I have been doing this job for three summers." in page


def test_what_the_profile_says_is_offered(filming):
    filming.be(occupation_code="A1208", place_code="72181")
    job = filming.get(f"{page_of(filming, 0)}/questions/job")
    assert 'value="landscape gardener"' in job
    assert 'value="Ada"' in filming.get(f"{page_of(filming, 0)}/questions/name")
    filming.browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "fr"
    job = filming.get(f"{page_of(filming, 0)}/questions/job")
    assert 'value="jardinier paysagiste"' in job
    assert 'value="jardinière paysagiste"' in job
    assert "au Mans" in filming.get(f"{page_of(filming, 4)}/questions/place")


def test_a_text_changed_by_hand_is_never_overwritten_until_one_says_so(filming):
    path = page_of(filming, 1)
    filming.post(f"{path}/questions/skills", tap=["learn fast"])
    assert filming.post(f"{path}/script", text="I learn in a day.").status_code == 303
    filming.post(f"{path}/questions/skills", tap=["work in a team"])
    assert "I learn in a day." in filming.get(f"{path}/script")
    filming.post(f"{path}/script", text="", again="1")
    assert "I can work in a team." in filming.get(f"{path}/script")


def test_private_things_are_noticed_once_and_decided_by_their_writer(filming):
    path, text = f"{page_of(filming, 0)}/script", "I am 45 years old. I have two kids."
    answer = filming.post(path, text=text)
    assert answer.headers["Location"].endswith("/script")
    page = filming.get(path)
    assert "your age" in page
    assert "your family" in page
    answer = filming.post(path, text=text, seen="age,family")
    assert answer.headers["Location"].endswith(page_of(filming, 0))
    assert "I have two kids." in html.unescape(filming.get(page_of(filming, 0)))


@pytest.mark.parametrize(
    ("path", "form"),
    [("questions/skills", {"typed": "x" * 301}), ("script", {"text": "x" * 2001})],
)
def test_a_text_without_end_is_refused(filming, path, form):
    filming.browser.environ_base["HTTP_ACCEPT"] = "application/json"
    assert code(filming.post(f"{page_of(filming, 1)}/{path}", **form)) == (422, "text_too_long")


def test_there_are_only_the_programmes_questions(filming):
    answer = filming.browser.get(f"/studio{page_of(filming, 1)}/questions/star_sign")
    assert answer.status_code == 404


# -- parts ----------------------------------------------------------------------------------


def test_parts_change_places(filming):
    filming.post(f"{page_of(filming, 2)}/moves", to="up")
    assert filming.topics[:3] == ["hello", "proof", "can"]
    filming.post(f"{page_of(filming, 0)}/moves", to="up")  # it is the first already
    filming.post(f"{page_of(filming, 5)}/moves", to="down")
    filming.post(f"{page_of(filming, 0)}/moves", to="down")
    assert filming.topics[:3] == ["proof", "hello", "can"]


def test_a_part_is_left_out_and_taken_back_with_its_words(filming):
    filming.post(f"{page_of(filming, 2)}/script", text="I built a wall.")
    take = filming.take(2, ready=True)
    assert "We will delete your recordings" in filming.get(f"{page_of(filming, 2)}/removal")
    filming.post(f"{page_of(filming, 2)}/removal")
    assert "proof" not in filming.topics
    assert filming.clip(take).stage is Stage.ABANDONED
    filming.post(f"/films/{filming.film_id}/parts", topic="proof")
    assert filming.topics[-1] == "proof"
    assert "I built a wall." in filming.get(f"{page_of(filming, 5)}/script")


def test_one_part_at_least_stays(filming):
    for _ in range(5):
        filming.post(f"{page_of(filming, 0)}/removal")
    filming.browser.environ_base["HTTP_ACCEPT"] = "application/json"
    assert code(filming.post(f"{page_of(filming, 0)}/removal")) == (409, "last_chapter")
    assert filming.topics == ["goodbye"]


@pytest.mark.parametrize("topic", ["hello", "horoscope", ""])
def test_a_part_is_of_the_programme_and_there_once(filming, topic):
    filming.browser.environ_base["HTTP_ACCEPT"] = "application/json"
    answer = filming.post(f"/films/{filming.film_id}/parts", topic=topic)
    assert code(answer) == (422, "choice_unknown")


def test_a_film_that_is_out_gets_no_empty_part(filming):
    filming.post(f"{page_of(filming, 2)}/removal")
    filming.all_ready()
    publish(filming, **EVERYTHING)
    filming.browser.environ_base["HTTP_ACCEPT"] = "application/json"
    answer = filming.post(f"/films/{filming.film_id}/parts", topic="proof")
    assert code(answer) == (409, "film_is_out")


# -- the one next thing ---------------------------------------------------------------------


def test_the_overview_always_knows_what_comes_next(filming, runtime, people, now):
    overview = f"/films/{filming.film_id}"
    for _ in range(4):
        filming.post(f"{page_of(filming, 2)}/removal")
    assert "Start: Hello" in filming.get(overview)
    hello, other = filming.take(0), None
    assert "Choose a recording: Hello" in filming.get(overview)
    filming.post(f"/takes/{hello}/choice")
    page = said(filming.get(overview))
    assert "Being prepared" in page
    assert "Start: What I can do" in page
    other = filming.take(1, chosen=True)
    assert "We are preparing your video." in filming.get(overview)
    filming.take(0, ready=True)
    filming.take(1, ready=True)
    assert "Watch my video" in filming.get(overview)
    publish(filming, **EVERYTHING)
    page = said(filming.get(overview))
    assert "See where my video is" in page
    assert "Being reviewed" in page
    with runtime.transaction() as session:
        clip = session.get_one(type(filming.clip(other)), filming.film.chapters[1].live_clip_id)
        lifecycle.ask_for_changes(session, clip, now, actor=people.ben, reason="sound", words="")
    page = said(filming.get(overview))
    assert "Film again: What I can do" in page
    assert "To film again" in page


def test_an_approved_part_is_filmed_again_without_touching_the_rest(filming):
    filming.all_ready()
    publish(filming, **EVERYTHING)
    filming.approve()
    before = [chapter.live_clip_id for chapter in filming.chapters]
    new = filming.take(1, ready=True)
    after = filming.chapters
    assert [chapter.live_clip_id for chapter in after] == before
    assert after[1].next_clip_id == new
    assert filming.clip(new).review is Review.PENDING
    assert "Being reviewed" in filming.get(f"/films/{filming.film_id}")


def test_takes_stand_on_their_parts_page(filming):
    first, second = filming.take(1), filming.take(1, ready=True)
    page = filming.get(page_of(filming, 1))
    assert f"{page_of(filming, 1)}?take={first}" in page
    assert f"?take={second}" not in page
    assert f"/studio/takes/{second}/choice" not in page
    assert "In my video" in page
    assert "Film this part again" in page
    assert "Kept until 9 Mar 2026" in page  # 09/03 is another day elsewhere
    page = filming.get(f"{page_of(filming, 1)}?take={first}")
    assert f'src="/studio/takes/{first}/film"' in page
    assert f"/studio/takes/{first}/choice" in page


def test_a_take_is_watched_before_it_is_chosen(filming, clock):
    filming.take(1)
    clock.advance(minutes=1)
    newest = filming.take(1)
    page = filming.get(page_of(filming, 1))
    assert f'src="/studio/takes/{newest}/film"' in page
    assert big_button(page) == "Use this recording"
    filming.post(f"/takes/{newest}/choice")
    assert big_button(filming.get(page_of(filming, 1))) == "Continue"


def test_a_part_to_be_redone_says_why_and_leads_to_the_camera(filming, runtime, now):
    filming.all_ready()
    publish(filming, **EVERYTHING)
    with runtime.transaction() as session:
        clip = session.get_one(Clip, filming.chapters[1].live_clip_id)
        lifecycle.ask_for_changes(
            session, clip, now, actor=filming.people.ben, reason="sound", words="A radio plays."
        )
    page = filming.get(page_of(filming, 1))
    assert "What you say is hard to hear." in page
    assert "A radio plays." in page
    assert big_button(page) == "Film this part again"
    again = filming.take(1)  # and is still to be chosen
    page = filming.get(page_of(filming, 1))
    assert f"/studio/takes/{again}/choice" in page
    assert big_button(page) == "Use this recording"
    film_page = filming.browser.get(f"/my-films/{filming.film_id}").text
    assert f'href="/studio{page_of(filming, 1)}"' in film_page


def test_throwing_a_take_away_is_asked_about_first(filming):
    take = filming.take(1)
    path = f"/takes/{take}/discarding"
    assert f'href="/studio{path}"' in filming.get(page_of(filming, 1))
    assert "You cannot undo this." in filming.get(path)
    assert filming.clip(take).stage is Stage.KEPT
    assert filming.post(path).status_code == 303
    assert filming.clip(take).stage is Stage.ABANDONED


def big_button(page: str) -> str:
    """What the one thing to do next is called, where this device knows no better."""
    foot = re.split('<div data-unless-here="[^"]*">', page)[-1]
    return said(
        re.search(r'class="button big wide"[^>]*>(.*?)</(?:a|button)>', foot, re.DOTALL)[1]
    ).strip()


# -- before it is sent ----------------------------------------------------------------------


def test_nothing_is_sent_without_a_yes_to_each_point(filming):
    filming.all_ready()
    page = filming.get(f"/films/{filming.film_id}/sending?to=recruiters")
    assert page.count('name="consent"') == 4
    assert "checked" not in said(page).replace("Verified recruiters", "")
    filming.browser.environ_base["HTTP_ACCEPT"] = "application/json"
    for points in ([], ["show", "moderate", "alone"]):
        answer = publish(filming, to="recruiters", consent=points)
        assert code(answer) == (422, "consent_missing")
    assert filming.film.visibility is Visibility.DRAFT
    assert publish(filming, **EVERYTHING).status_code == 303
    assert filming.film.visibility is Visibility.RECRUITERS


def test_what_was_agreed_to_is_kept_with_its_time_and_taken_back_in_one_tap(filming, clock):
    filming.all_ready()
    publish(filming, **EVERYTHING)
    page = filming.get(f"/films/{filming.film_id}/consents")
    assert "2 Mar 2026" in page
    answer = filming.post(f"/films/{filming.film_id}/consents/show/withdrawal")
    assert answer.status_code == 303
    assert filming.film.visibility is Visibility.DRAFT
    page = filming.get(f"/films/{filming.film_id}/sending?to=recruiters")
    assert page.count('name="consent"') == 1  # the others hold
    assert publish(filming, to="recruiters", consent="show").status_code == 303


def test_taking_the_film_back_takes_every_yes_back(filming):
    filming.all_ready()
    publish(filming, **EVERYTHING)
    filming.browser.post(f"/my-films/{filming.film_id}/withdrawal")
    assert "You have not agreed to anything." in filming.get(f"/films/{filming.film_id}/consents")


def test_only_who_has_an_address_is_told_of_a_letter(filming, runtime):
    filming.all_ready()
    publish(filming, **EVERYTHING)
    letter, visit = "We will email you.", "Come back here to see the answer."
    page = filming.browser.get(f"/my-films/{filming.film_id}").text
    assert (letter in page, visit in page) == (True, False)
    with runtime.transaction() as session:
        session.get_one(User, filming.ada.id).email = None  # as access cards make accounts
    page = filming.browser.get(f"/my-films/{filming.film_id}").text
    assert (letter in page, visit in page) == (False, True)


def test_an_unknown_yes_is_nothing(filming):
    filming.all_ready()
    answer = filming.post(f"/films/{filming.film_id}/consents/everything/withdrawal")
    assert answer.status_code == 404
    filming.browser.environ_base["HTTP_ACCEPT"] = "application/json"
    assert code(publish(filming, to="recruiters", consent="everything")) == (422, "consent_missing")


def test_another_parts_picture_may_stand_for_the_film(filming):
    filming.all_ready()
    page = filming.get(f"/films/{filming.film_id}/poster")
    assert page.count('type="radio"') == 6
    assert "Part 3: Something I did well" in said(page)
    assert "picture 1" not in said(page)  # each has one
    third = filming.choose_picture(2)
    for address in ("/my-films", f"/studio/films/{filming.film_id}/review"):
        assert f"/{third}/" in filming.browser.get(address).text
    poster = filming.browser.get(f"/films/{filming.film_id}/working/poster.jpg")
    assert f"/{third}/" in poster.headers["Location"]


def test_the_films_own_page_leads_to_the_choice_where_there_is_one(filming):
    choice = f"/studio/films/{filming.film_id}/poster"
    filming.take(0, ready=True)
    assert choice not in filming.browser.get(f"/my-films/{filming.film_id}").text
    filming.take(1, ready=True)
    assert choice in filming.browser.get(f"/my-films/{filming.film_id}").text


def test_any_still_of_any_part_may_stand_for_the_film(filming):
    filming.all_ready(stills=3)
    page = filming.get(f"/films/{filming.film_id}/poster")
    assert page.count('type="radio"') == 18
    assert "Part 3: Something I did well, picture 2 of 3" in said(page)
    third = filming.choose_picture(2, still=1)
    page = filming.get(f"/films/{filming.film_id}/poster")
    assert page.count("checked") == 1
    assert f'value="{third}-1" checked' in page
    chosen = f"/{third}/1/poster-2.jpg"
    for address in ("/my-films", f"/studio/films/{filming.film_id}/review"):
        assert chosen in filming.browser.get(address).text
    poster = filming.browser.get(f"/films/{filming.film_id}/working/poster.jpg")
    assert chosen in poster.headers["Location"]


def test_a_part_recorded_again_stands_for_the_film_with_its_first_still(filming):
    filming.all_ready(stills=3)
    before = filming.choose_picture(2, still=2)
    new = filming.take(2, ready=True, stills=3)
    poster = filming.browser.get(f"/films/{filming.film_id}/working/poster.jpg")
    assert f"/{new}/1/poster.jpg" in poster.headers["Location"]
    filming.browser.environ_base["HTTP_ACCEPT"] = "application/json"
    for picture in (f"{before}-2", f"{new}-3", f"{new}-x", ""):
        answer = filming.post(f"/films/{filming.film_id}/poster", picture=picture)
        assert code(answer) == (422, "choice_unknown")


def test_a_part_that_is_gone_stands_for_nothing(filming):
    filming.all_ready()
    third = filming.chapters[2]
    filming.choose_picture(2)
    filming.post(f"/chapters/{third.id}/removal")
    first = filming.chapters[0]
    assert filming.film.poster_chapter_id is None
    assert f"/{first.live_clip_id}/" in filming.browser.get("/my-films").text


# -- for whom -------------------------------------------------------------------------------

PAGES = [
    ("get", "/films/{film}"),
    ("get", "/films/{film}/parts"),
    ("post", "/films/{film}/parts"),
    ("get", "/films/{film}/review"),
    ("get", "/films/{film}/poster"),
    ("post", "/films/{film}/poster"),
    ("get", "/films/{film}/audience"),
    ("get", "/films/{film}/sending"),
    ("get", "/films/{film}/link"),
    ("post", "/films/{film}/link"),
    ("post", "/films/{film}/link/removal"),
    ("get", "/films/{film}/link.png"),
    ("get", "/films/{film}/consents"),
    ("post", "/films/{film}/consents/show/withdrawal"),
    ("get", "/chapters/{chapter}"),
    ("get", "/chapters/{chapter}/questions/name"),
    ("post", "/chapters/{chapter}/questions/name"),
    ("get", "/chapters/{chapter}/script"),
    ("post", "/chapters/{chapter}/script"),
    ("get", "/chapters/{chapter}/recording"),
    ("post", "/chapters/{chapter}/moves"),
    ("get", "/chapters/{chapter}/removal"),
    ("post", "/chapters/{chapter}/removal"),
]


@pytest.mark.parametrize("name", ["cy", "ben", "rae", "uma", "adm", "nobody"])
def test_a_film_in_the_making_is_its_owners_alone(filming, people, name):
    browser = people.client(name)
    browser.environ_base["HTTP_ACCEPT"] = "application/json"
    expected = 401 if name == "nobody" else 404
    places = {"film": filming.film_id, "chapter": filming.chapters[0].id}
    for method, path in PAGES:
        answer = getattr(browser, method)(f"/studio{path.format(**places)}")
        assert answer.status_code == expected, (method, path)


def test_a_deleted_films_pages_are_gone(filming):
    filming.browser.post(f"/my-films/{filming.film_id}/deletion")
    for method, path in PAGES:
        address = path.format(film=filming.film_id, chapter="x")
        assert getattr(filming.browser, method)(f"/studio{address}").status_code == 404


def test_a_sent_films_part_can_be_filmed_as_well(filming, runtime, now):
    with runtime.transaction() as session:
        video = lifecycle.start_video(session, filming.ada, now)
        filming.film_id = video.id
    assert "Film this part" in filming.get(page_of(filming, 0))
    assert "cv-recorder" in filming.get(f"{page_of(filming, 0)}/recording")
    assert filming.get(f"{page_of(filming, 0)}/script")


# -- what it means elsewhere ----------------------------------------------------------------


def test_recruiters_see_the_chosen_picture_on_the_wall(filming, people, runtime, now):
    filming.all_ready(stills=3)
    chosen = filming.choose_picture(3, still=2)
    publish(filming, **EVERYTHING)
    filming.approve()

    def card():
        with runtime.reading() as session:
            return wall.load_cards(session, [filming.film_id], now)[0].poster.key

    def watched(picture):
        answer = people.client("rae").get(f"/films/{filming.film_id}/published/{picture}.jpg")
        return answer.headers["Location"]

    assert card().endswith(f"/{chosen}/1/poster-3.jpg")
    assert f"/{chosen}/1/poster-3.jpg" in watched("poster")
    assert f"/{chosen}/" in watched("storyboard")
    # While the part is recorded again, its first recording goes on standing for the film.
    again = filming.take(3, ready=True, stills=3)
    assert f"/{chosen}/1/poster-3.jpg" in watched("poster")
    filming.approve()
    assert f"/{again}/1/poster.jpg" in watched("poster")
    assert card().endswith(f"/{again}/1/poster.jpg")


def test_what_was_made_of_a_take_that_stepped_back_is_swept_and_its_bytes_are_not(filming, runtime):
    first = filming.take(1, ready=True)
    with runtime.reading() as session:
        made = list(session.scalars(select(Asset.key).where(Asset.clip_id == first)))
        sent = session.scalars(
            select(OriginalChunk.key).where(OriginalChunk.clip_id == first)
        ).one()
    for key in (*made, sent):
        runtime.storage.put(key, io.BytesIO(b"x"))
    filming.take(1, ready=True)
    assert filming.clip(first).stage is Stage.KEPT
    privacy.purge_video(filming.film_id)
    left = {stored.key for stored in runtime.storage.list(keys.of_clip(filming.film_id, first))}
    assert left == {sent}


def test_giving_up_a_sent_part_leaves_the_film_and_its_words(filming, runtime, now):
    filming.post(f"{page_of(filming, 0)}/script", text="Hello.")
    with runtime.transaction() as session:
        chapter = session.get_one(Chapter, filming.chapters[0].id)
        lifecycle.start_clip(session, chapter, now, actor=filming.ada)
    chapter_id = filming.chapters[0].id
    filming.browser.post(f"/my-films/{filming.film_id}/chapters/{chapter_id}/dropping")
    assert filming.chapters[0].next_clip_id is None
    assert "Hello." in filming.get(f"{page_of(filming, 0)}/script")


def test_of_taps_at_the_same_moment_none_fails(filming, people):
    filming.start()
    path = f"/studio{page_of(filming, 0)}/questions/name"
    browsers = [people.client("ada") for _ in range(4)]
    with ThreadPoolExecutor(4) as crowd:
        answers = list(crowd.map(lambda one: one.post(path, data={"typed": "Ada"}), browsers))
    assert {answer.status_code for answer in answers} == {303}
