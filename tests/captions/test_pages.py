"""Captions in their owner's hands, without a line of JavaScript."""

from __future__ import annotations

import io

import pytest

from cvtube.videos import lifecycle
from cvtube.videos.caption_track import Wording
from cvtube.videos.models import Clip
from cvtube.videos.timeline import Version
from tests import factories
from tests.captions.words import Form, open_form, press


@pytest.fixture
def ada(people):
    return people.client("ada")


def test_a_draft_says_that_a_machine_wrote_it(ada, film):
    page = ada.get(film.page)
    assert "Brouillon automatique" in page.text
    assert "Bonjour, moi c&#39;est Kamii." in page.text


def test_words_that_were_confirmed_once_are_nobody_elses_draft(ada, film, people, runtime, now):
    press(ada, film.page, open_form(ada, film.page), "confirm")
    with runtime.transaction() as session:
        clip, ben = session.get_one(Clip, film.clip), session.merge(people.ben)
        lifecycle.send_captions_back(session, clip, now, actor=ben, version=1, words="Un numéro.")
    page = ada.get(film.page).text
    assert "Un numéro." in page
    assert "Brouillon automatique" not in page
    assert "Des sous-titres à vérifier" in ada.get(f"/my-films/{film.video.id}").text


def test_the_films_page_leads_there(ada, film):
    assert f"/my-films/{film.video.id}/captions" in ada.get(f"/my-films/{film.video.id}").text
    page = ada.get(f"/my-films/{film.video.id}/captions", follow_redirects=True)
    assert page.request.path == film.page


def test_the_films_page_says_that_a_draft_waits_until_it_has_been_read(ada, film):
    assert "Des sous-titres à vérifier" in ada.get(f"/my-films/{film.video.id}").text
    press(ada, film.page, open_form(ada, film.page), "confirm")
    assert "Des sous-titres à vérifier" not in ada.get(f"/my-films/{film.video.id}").text


def test_a_corrected_sentence_is_kept_and_the_others_stay(ada, film):
    form = open_form(ada, film.page).set("text", "Bonjour, moi c'est Camille.")
    page = press(ada, film.page, form, "save")
    assert "Tout est enregistré." in page.text
    assert film.texts() == ["Bonjour, moi c'est Camille.", "Je suis soudeuse, à Brest."]
    assert film.spans() == [(500, 2000), (2500, 6000)]
    assert film.track().state is Wording.DRAFT


def test_saving_what_nobody_touched_changes_nothing(ada, film):
    before = film.track().version
    press(ada, film.page, open_form(ada, film.page), "save")
    assert film.track().version == before


def test_times_can_be_moved_a_little(ada, film):
    form = open_form(ada, film.page).set("start", "2.2", 1).set("end", "6,4", 1)
    press(ada, film.page, form, "save")
    assert film.spans() == [(500, 2000), (2200, 6400)]


@pytest.mark.parametrize(
    ("do", "texts", "spans"),
    [
        (
            "split-1",
            ["Bonjour, moi c'est Kamii.", "Je suis soudeuse,", "à Brest."],
            [(500, 2000), (2500, 4000), (4000, 6000)],
        ),
        ("join-0", ["Bonjour, moi c'est Kamii. Je suis soudeuse, à Brest."], [(500, 6000)]),
        ("delete-0", ["Je suis soudeuse, à Brest."], [(2500, 6000)]),
        (
            "add-0",
            ["Bonjour, moi c'est Kamii.", "", "Je suis soudeuse, à Brest."],
            [(500, 2000), (2000, 2500), (2500, 6000)],
        ),
    ],
)
def test_sentences_are_split_joined_deleted_and_added(ada, film, do, texts, spans):
    press(ada, film.page, open_form(ada, film.page), do)
    assert (film.texts(), film.spans()) == (texts, spans)


def test_a_step_keeps_what_was_typed_elsewhere(ada, film):
    form = open_form(ada, film.page).set("text", "Bonjour, moi c'est Camille.")
    press(ada, film.page, form, "split-1")
    assert film.texts()[0] == "Bonjour, moi c'est Camille."


def test_the_last_sentence_can_go_too(ada, film):
    press(ada, film.page, open_form(ada, film.page), "delete-0")
    page = press(ada, film.page, open_form(ada, film.page), "delete-0")
    assert page.status_code == 200
    assert film.texts() == []


def test_a_line_break_begins_a_new_sentence(ada, film):
    form = open_form(ada, film.page).set("text", "Je suis soudeuse,\r\nà Brest.", 1)
    press(ada, film.page, form, "save")
    assert film.texts()[1:] == ["Je suis soudeuse,", "à Brest."]
    assert film.spans()[1:] == [(2500, 4000), (4000, 6000)]


def test_one_begins_from_nothing_where_no_machine_has_been(ada, film):
    page = ada.get(film.other_page)
    assert "Écrivez ce que vous dites." in page.text
    form = open_form(ada, film.other_page).set("at", "3000")
    page = press(ada, film.other_page, form, "here")
    assert "autofocus" in page.text
    form = open_form(ada, film.other_page).set("text", "Voici la preuve.")
    press(ada, film.other_page, form, "save")
    assert film.texts(clip_id=film.other_clip) == ["Voici la preuve."]
    assert film.spans(film.other_clip) == [(3000, 5500)]
    assert not film.track(film.other_clip).by_machine


def test_what_is_confirmed_waits_for_a_moderator(ada, film):
    page = press(ada, film.page, open_form(ada, film.page), "confirm")
    assert "Notre équipe les vérifiera avec votre film." in page.text
    assert film.track().state is Wording.CONFIRMED
    assert film.texts(Version.PUBLISHED) == []


def test_sentences_left_empty_go_when_one_confirms(ada, film):
    press(ada, film.page, open_form(ada, film.page), "add-0")
    press(ada, film.page, open_form(ada, film.page), "confirm")
    assert film.texts() == ["Bonjour, moi c'est Kamii.", "Je suis soudeuse, à Brest."]


def test_correcting_again_takes_them_back_from_the_moderators(ada, film):
    press(ada, film.page, open_form(ada, film.page), "confirm")
    form = open_form(ada, film.page).set("text", "Bonjour, moi c'est Camille.")
    press(ada, film.page, form, "save")
    assert film.track().state is Wording.DRAFT


def test_the_language_is_chosen_by_who_speaks_it(ada, film):
    press(ada, film.page, open_form(ada, film.page).set("language", "en"), "save")
    assert film.track().language == "en"


def test_two_windows_lose_nothing(ada, film):
    first, second = open_form(ada, film.page), open_form(ada, film.page)
    press(ada, film.page, first.set("text", "Du premier."), "save")
    answer = press(ada, film.page, second.set("text", "Du second."), "save")
    assert answer.status_code == 409
    assert "Ces sous-titres ont changé ailleurs." in answer.text
    assert film.texts()[0] == "Du premier."
    assert "Du second." in answer.text  # still on the page, and saving again means it
    press(ada, film.page, Form(answer.text), "save")
    assert film.texts()[0] == "Du second."


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("start", "x", "Une phrase doit finir après son début"),
        ("end", "0.1", "Une phrase doit finir après son début"),
        ("end", "nan", "Une phrase doit finir après son début"),
        ("start", "1e999", "Une phrase doit finir après son début"),
        ("start", "1e9", "Une phrase doit finir après son début"),
        ("start", "-3", "Une phrase doit finir après son début"),
        ("text", "a" * 241, "Une phrase est trop longue"),
    ],
)
def test_nonsense_is_refused_and_stays_on_the_page(ada, film, field, value, sentence):
    form = open_form(ada, film.page).set(field, value).set("text", "Gardé.", 1)
    answer = press(ada, film.page, form, "save")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Gardé." in answer.text
    assert film.texts()[1] == "Je suis soudeuse, à Brest."


@pytest.mark.parametrize("do", ["split-9", "join-9", "delete-9", "add-9"])
def test_a_sentence_that_is_not_there_is_refused(ada, film, do):
    assert press(ada, film.page, open_form(ada, film.page), do).status_code == 400


def test_a_word_alone_is_not_split(ada, film):
    form = open_form(ada, film.page).set("text", "Bonjour")
    assert press(ada, film.page, form, "split-0").status_code == 422


def test_forms_of_somebody_else_s_making_are_refused(ada, film):
    assert ada.post(film.page, data={"text": ["a", "b"], "language": "fr"}).status_code == 400
    assert ada.post(film.page, data={"language": "xx"}).status_code == 422


def test_without_an_engine_nothing_is_asked_of_a_machine(ada, film):
    ada.post(f"{film.page}/machine/withdrawal")  # may always be said
    page = ada.get(film.page).text
    assert "machine peut" not in page
    assert "sous-titres automatiques sont en préparation" not in page
    assert ada.post(f"{film.page}/machine").status_code == 404


# -- files --------------------------------------------------------------------------------------


def bring(client, film, content: bytes, *, language="fr", name="mine.srt"):
    data = {"captions": (io.BytesIO(content), name), "language": language}
    return client.post(f"{film.page}/file", data=data, follow_redirects=True)


def test_a_file_takes_the_place_of_the_draft(ada, film):
    answer = bring(
        ada, film, b"1\n00:00:01,000 --> 00:00:02,000\nHello <i>there</i>\n", language="en"
    )
    assert answer.status_code == 200
    assert film.texts() == ["Hello there"]
    assert (film.track().language, film.track().by_machine) == ("en", False)
    assert "Brouillon automatique" not in answer.text


def test_a_refused_file_leaves_everything_as_it_was(ada, film):
    answer = bring(ada, film, b"this is a letter")
    assert answer.status_code == 415
    assert "Ce ne sont pas des sous-titres." in answer.text
    assert film.texts()[0] == "Bonjour, moi c'est Kamii."


def test_no_file_at_all_is_told(ada, film):
    answer = ada.post(f"{film.page}/file", data={"language": "fr"})
    assert answer.status_code == 400


def test_they_can_be_taken_along_with_the_time_of_each_word(ada, film):
    answer = ada.get(f"{film.page}/file")
    assert answer.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "00:00:02.500 --> 00:00:06.000\nJe <00:00:02.800>suis" in answer.text
    assert bring(ada, film, answer.data, name="captions.vtt").status_code == 200
    assert film.texts()[1] == "Je suis soudeuse, à Brest."


# -- for whom -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cy", "ben", "rae", "uma"])
def test_to_strangers_there_is_no_such_page(people, film, name):
    stranger = people.client(name)
    index = f"/my-films/{film.video.id}/captions"
    for path in (index, film.page, f"{film.page}/file"):
        assert stranger.get(path).status_code == 404, path
    assert stranger.post(film.page, data={"language": "fr"}).status_code == 404
    assert bring(stranger, film, b"x").status_code == 404
    assert film.texts()[0] == "Bonjour, moi c'est Kamii."


def test_who_is_not_logged_in_is_asked_to(client, film):
    assert client.get(film.page).status_code == 303
    assert client.post(film.page).status_code == 401


def test_a_clip_of_another_film_is_not_found(ada, film):
    assert ada.get(f"/my-films/{film.video.id}/captions/{'0' * 26}").status_code == 404


def test_a_film_without_a_picture_yet_has_no_captions_either(ada, people, runtime, now):
    with runtime.transaction() as session:
        video = factories.make_video(session, session.merge(people.ada), now)
    assert ada.get(f"/my-films/{video.id}/captions").status_code == 409
