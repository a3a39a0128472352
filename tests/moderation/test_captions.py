"""Words beside films, before recruiters read them."""

from __future__ import annotations

import pytest

from cvtube.videos import captions, lifecycle, queries
from cvtube.videos.caption_track import Wording
from cvtube.videos.models import Clip
from cvtube.videos.sentences import Sentence
from cvtube.videos.timeline import Version
from tests.personas import NAMES

STAFF = {"ben", "adm"}


@pytest.fixture
def words(runtime, people):
    """Ada's words for the first clip of a film, confirmed or not."""

    def write(film, *texts, confirmed=True) -> int:
        said = [Sentence(1000 * n, 1000 * n + 900, text) for n, text in enumerate(texts)]
        with runtime.transaction() as session:
            clip = session.get_one(Clip, film.clips[0])
            track = captions.track_of(session, clip.id)
            version = track.version if track else 0
            version = lifecycle.save_captions(session, clip, said, language="fr", version=version)
            if confirmed:
                owner = queries.load_video(session, film.id).owner
                lifecycle.confirm_captions(
                    session, clip, runtime.now(), actor=owner, version=version
                )
            return version

    return write


@pytest.fixture
def shown(runtime):
    def read(film) -> list[str]:
        with runtime.reading() as session:
            return [cue.text for cue in captions.cues_of(session, film.clips, Version.PUBLISHED)]

    return read


@pytest.fixture
def ben(people):
    return people.client("ben")


def approve_film(client, film, *read: str):
    data = {"clip": list(film.clips), "words": list(read)}
    return client.post(f"/moderation/films/{film.id}/approval", data=data)


def address(film, version: int, verb: str) -> str:
    return f"/moderation/films/{film.id}/captions/{film.clips[0]}/{version}/{verb}"


def test_the_page_says_who_stands_for_the_words(ben, studio, words):
    film = studio.sent()
    words(film, "Bonjour.", confirmed=False)
    assert "brouillon, non visible par d’autres" in ben.get(f"/moderation/films/{film.id}").text
    words(film, "Bonjour à tous.")
    page = ben.get(f"/moderation/films/{film.id}").text
    assert "sous-titres confirmés par la personne" in page
    assert "Bonjour à tous." in page


def test_the_form_names_the_words_that_were_read(ben, studio, words):
    film = studio.sent()
    version = words(film, "Bonjour.")
    ben.post(f"/moderation/films/{film.id}/lock")
    page = ben.get(f"/moderation/films/{film.id}").text
    assert f'name="words" value="{film.clips[0]}:{version}"' in page


def test_approving_a_film_approves_the_words_that_were_read(ben, studio, words, shown, take_effect):
    film = studio.sent()
    version = words(film, "Bonjour.")
    assert approve_film(ben, film, f"{film.clips[0]}:{version}").status_code == 303
    take_effect()
    assert shown(film) == ["Bonjour."]


def test_but_not_those_that_came_while_they_were_read(ben, studio, words, shown, take_effect):
    film = studio.sent()
    version = words(film, "Bonjour.")
    words(film, "Autre chose.")
    assert approve_film(ben, film, f"{film.clips[0]}:{version}").status_code == 303
    take_effect()
    assert shown(film) == []
    assert f"/moderation/films/{film.id}" in ben.get("/moderation").text  # they wait alone now


def test_nor_a_machines_draft(ben, studio, words, shown, take_effect):
    film = studio.sent()
    version = words(film, "Bonjour.", confirmed=False)
    approve_film(ben, film, f"{film.clips[0]}:{version}")
    take_effect()
    assert shown(film) == []


@pytest.mark.parametrize("nonsense", ["", ":", "x:1", "x", "0:é", "0:²"])
def test_names_of_words_that_mean_nothing_are_left_alone(
    ben, studio, words, shown, take_effect, nonsense
):
    film = studio.sent()
    words(film, "Bonjour.")
    assert approve_film(ben, film, nonsense).status_code == 303
    take_effect()
    assert shown(film) == []


def test_new_words_of_an_approved_film_wait_and_the_film_stays_online(ben, studio, words, shown):
    film = studio.approved()
    assert "Sous-titres à vérifier" not in ben.get("/moderation").text
    version = words(film, "Bonjour.")
    queue = ben.get("/moderation").text
    assert "Sous-titres à vérifier" in queue
    assert f"/moderation/films/{film.id}" in queue
    assert "Accepter ces sous-titres" in ben.get(f"/moderation/films/{film.id}").text
    assert ben.post(address(film, version, "approval")).status_code == 303
    assert shown(film) == ["Bonjour."]
    assert "Sous-titres à vérifier" not in ben.get("/moderation").text


def test_what_waits_is_named_beside_the_film(ben, studio, words):
    film = studio.approved()
    page = f"/moderation/films/{film.id}"
    assert "Il n’y a rien à décider pour ce film." in ben.get(page).text
    version = words(film, "Bonjour.")
    first = ben.get(page).text
    assert "Il n’y a rien à décider" not in first
    assert f'href="#captions-{film.clips[0]}"' in first
    assert f'id="captions-{film.clips[0]}"' in first
    assert "quand vous les aurez acceptés" in first
    assert "anciens sous-titres" not in first
    ben.post(address(film, version, "approval"))
    words(film, "Bonsoir.")
    assert "anciens sous-titres" in ben.get(page).text


def test_words_are_sent_back_with_a_reason_their_owner_reads(
    ben, people, studio, words, shown, mails, runtime
):
    film = studio.approved()
    version = words(film, "Appelez le 06 12 34 56 78.")
    back = {"words": "Enlevez le numéro."}
    assert ben.post(address(film, version, "return"), data=back).status_code == 303
    with runtime.reading() as session:
        assert captions.track_of(session, film.clips[0]).state is Wording.DRAFT
    page = people.client("ada").get(f"/my-films/{film.id}/captions/{film.clips[0]}").text
    assert "Notre équipe vous demande de corriger ces sous-titres." in page
    assert "Enlevez le numéro." in page
    (mail,) = mails()
    assert "06 12" not in mail.body
    assert "Enlevez" not in mail.body
    assert shown(film) == []


def test_sending_back_needs_a_reason(ben, studio, words):
    film = studio.approved()
    version = words(film, "Bonjour.")
    assert ben.post(address(film, version, "return"), data={"words": "  "}).status_code == 422
    long = {"words": "a" * 501}
    assert ben.post(address(film, version, "return"), data=long).status_code == 422


@pytest.mark.parametrize("verb", ["approval", "return"])
def test_words_that_changed_meanwhile_are_not_decided_about(ben, studio, words, shown, verb):
    film = studio.approved()
    version = words(film, "Bonjour.")
    words(film, "Autre chose.")
    answer = ben.post(address(film, version, verb), data={"words": "Pourquoi."})
    assert answer.status_code == 409
    assert shown(film) == []


def test_a_film_somebody_else_reviews_is_left_to_them(ben, people, studio, words):
    film = studio.approved()
    version = words(film, "Bonjour.")
    people.client("mo").post(f"/moderation/films/{film.id}/lock")
    assert ben.post(address(film, version, "approval")).status_code == 409


@pytest.mark.parametrize("verb", ["approval", "return"])
def test_decisions_about_words_are_for_moderators_alone(people, studio, words, verb):
    answers = {}
    for name in NAMES:
        film = studio.approved()
        version = words(film, "Bonjour.")
        data = {"words": "Pourquoi."}
        answers[name] = people.client(name).post(address(film, version, verb), data=data)
    got_in = {name for name, answer in answers.items() if answer.status_code == 303}
    assert got_in == STAFF
    assert answers["nobody"].status_code == 401
    others = set(NAMES) - STAFF - {"nobody"}
    assert {answers[name].status_code for name in others} == {404}


def test_nobody_decides_about_their_own_words(people, studio, words):
    film = studio.approved(people.ben)
    version = words(film, "Bonjour.")
    assert people.client("ben").post(address(film, version, "approval")).status_code == 404
    assert "Sous-titres à vérifier" not in people.client("ben").get("/moderation").text


def test_words_of_a_film_taken_back_wait_for_nobody(ben, people, studio, words, runtime):
    film = studio.approved()
    words(film, "Bonjour.")
    people.client("ada").post(f"/my-films/{film.id}/withdrawal")
    assert "Sous-titres à vérifier" not in ben.get("/moderation").text
