"""The demo's people keep the product's own rules."""

from __future__ import annotations

import re

import pytest

from cvtube.accounts.models import Contract, Experience
from cvtube.demo.people import candidates
from cvtube.taxonomy.occupations import occupation
from cvtube.taxonomy.places import place
from cvtube.videos.containers import sniff
from cvtube.videos.reasons import REASONS

MEGABYTE = 1_000_000
PEOPLE = candidates()
SCENES = [scene for person in PEOPLE for scene in person.scenes]

UNWANTED = re.compile(
    r"\b(\d+ ans|ans$|years old|mari[ée]e?|célibataire|enfants?|fille|fils|married|children|"
    r"rue|avenue|boulevard|street|né[e]? |born|nationalit|@|téléphone|phone)",
    re.IGNORECASE,
)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda one: one.given_name)
def test_what_they_say_of_themselves_is_in_the_taxonomies(person):
    assert occupation(person.profile["occupation_code"])
    assert place(person.profile["place_code"])
    assert {Contract(value) for value in person.profile["contracts"]}
    assert Experience(person.profile["experience"])
    assert len(person.profile["skills"]) <= 12
    assert len(person.profile["about"]) <= 600
    assert person.email.endswith("@example.org")


def test_they_come_from_many_fields_of_work_and_places():
    assert len({person.profile["occupation_code"][0] for person in PEOPLE}) >= 7
    assert len({person.profile["place_code"] for person in PEOPLE}) == len(PEOPLE)


@pytest.mark.parametrize("scene", SCENES, ids=lambda one: one.clip)
def test_a_clip_is_a_small_film_and_its_sentences_follow_each_other(scene):
    data = scene.file.read_bytes()
    assert len(data) <= MEGABYTE
    assert sniff(data[:4096]) is not None
    for sentence, following in zip(scene.sentences, scene.sentences[1:], strict=False):
        assert sentence.start_ms < sentence.end_ms < following.start_ms


@pytest.mark.parametrize("scene", SCENES, ids=lambda one: one.clip)
def test_nobody_says_what_must_not_count(scene):
    for sentence in scene.sentences:
        assert not UNWANTED.search(sentence.text), sentence.text


def test_the_film_to_be_redone_has_a_reason_of_the_vocabulary():
    (redo,) = [person for person in PEOPLE if person.outcome == "needs_changes"]
    assert REASONS[redo.reason].repairable
    assert [person.outcome for person in PEOPLE].count("pending") == 1
