"""From answers to a script, in the person's own words and no others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtube.studio import program, wording

CAN = program.load("").find("can")


@pytest.mark.parametrize(
    ("say", "answer", "line"),
    [
        ("Je sais {}.", "planter", "Je sais planter."),
        ("Je sais {}.", "  planter  et tondre . ", "Je sais planter et tondre."),
        ("Je sais {}.", "je taille des haies", "Je taille des haies."),
        ("Je sais {}.", "J’adore les roses !", "J’adore les roses!"),
        ("Je sais {}.", "jardiner", "Je sais jardiner."),
        ("I can {}.", "I’ve pruned trees", "I’ve pruned trees."),
        ("{}.", "Merci", "Merci."),
    ],
)
def test_an_answer_becomes_a_sentence(say, answer, line):
    assert wording.sentence(say, answer) == line


def test_only_what_was_answered_is_said():
    answers = {"quality": "tu es fiable", "unknown": "rien", "skills": " . "}
    assert wording.compose(CAN, answers, "fr") == "On me dit : tu es fiable."
    assert wording.compose(CAN, {}, "fr") == ""


def test_answers_keep_the_questions_order():
    answers = {"quality": "calm", "skills": "plant and mow"}
    expected = "I can plant and mow.\nPeople say I am calm."
    assert wording.compose(CAN, answers, "en") == expected


@pytest.mark.parametrize(
    ("parts", "language", "joined"),
    [
        ([], "fr", ""),
        (["", "planter"], "fr", "planter"),
        (["planter", "tondre"], "fr", "planter et tondre"),
        (["plant", "mow", "water"], "en", "plant, mow and water"),
    ],
)
def test_several_answers_become_one(parts, language, joined):
    assert wording.join(parts, language) == joined


@given(st.lists(st.sampled_from(["planter", "tondre", "tailler les haies"]), unique=True))
def test_what_was_tapped_is_found_again(tapped):
    assert [one for one in wording.split(wording.join(tapped, "fr"), "fr") if one] == tapped


def test_a_tap_with_a_comma_or_an_and_of_its_own_stays_whole():
    taps = ["Accueil et vente", "Accueil", "Word, Excel"]
    joined = wording.join(["Word, Excel", "Accueil et vente", "tondre"], "fr")
    assert wording.split(joined, "fr", taps) == ["Word, Excel", "Accueil et vente", "tondre"]
    assert wording.split(joined, "fr") == ["Word", "Excel", "Accueil", "vente", "tondre"]


def test_what_a_profile_says_has_a_sentence_of_its_own():
    answers = {"skills": "écouter", "skills:known": "Soins palliatifs et Hygiène"}
    expected = "Je sais écouter.\nMes compétences : Soins palliatifs et Hygiène."
    assert wording.compose(CAN, answers, "fr") == expected


@given(st.text(max_size=200))
def test_no_word_comes_in_that_nobody_has_said(answer):
    composed = wording.compose(CAN, {"skills": answer}, "fr").casefold()
    allowed = {"je", "sais", *wording.words(answer.casefold())}
    assert set(wording.words(composed)) <= allowed


def test_a_script_takes_as_long_as_it_is_said():
    assert wording.reading_s("un " * 70, 140) == 30
    assert wording.reading_s("J’ai travaillé aujourd’hui.", 60) == 3
    assert wording.reading_s("", 140) == 0
