"""From answers to a script, in the person's own words and no others."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtube.candidate.prepare import english, french, interview, script_text
from cvtube.taxonomy.occupations import occupations
from cvtube.taxonomy.text import fold
from tests.house.test_style import TYPOGRAPHY, faults

PROGRAM = interview.load("")
CAN = PROGRAM.find("can")


@pytest.mark.parametrize(
    ("topic", "question", "answer", "line"),
    [
        ("can", "skills", "planter", "Je sais planter."),
        ("can", "skills", "  Planter  et tondre . ", "Je sais planter et tondre."),
        ("can", "skills", "je taille des haies", "Je taille des haies."),
        ("can", "skills", "J'adore les roses!", "J’adore les roses\u202f!"),
        ("can", "skills", "je sais coudre", "Je sais coudre."),
        ("can", "skills", "tailler les haies et le thym", "Je sais tailler les haies et le thym."),
        ("can", "skills", "Conseiller les clients", "Je sais conseiller les clients."),
        ("can", "skills", "HTML et Excel", "Je travaille avec HTML et Excel."),
        ("can", "skills", "La soudure", "J’ai des compétences en soudure."),
        ("can", "skills", "motivée", "Je suis motivée."),
        ("can", "quality", "tu es fiable", "Au travail, on dit que je suis fiable."),
        ("can", "quality", "que je travaille bien", "Je travaille bien."),
        ("hello", "name", "ali", "Bonjour, je m’appelle Ali."),
        ("hello", "name", "Bonjour, je m'appelle Ali", "Bonjour, je m’appelle Ali."),
        ("hello", "name", "moi c'est Ali", "Moi c’est Ali."),
        ("hello", "job", "Aide ménagère", "Je cherche un poste d’aide ménagère."),
        ("hello", "job", "dans la vente", "Je cherche un poste dans la vente."),
        ("hello", "job", "un emploi de nuit", "Je cherche un emploi de nuit."),
        ("hello", "job", "le ménage", "Je cherche un poste de ménage."),
        ("hello", "since", "Depuis 2 ans", "Je fais ce métier depuis 2 ans."),
        ("looking", "contract", "CDI et intérim", "Je cherche un CDI et de l’intérim."),
        ("looking", "like", "aider les autres", "J’aime aider les autres."),
        ("when", "start", "bientôt ?", "Je peux commencer bientôt\u202f?"),
        ("when", "start", "3 mai", "Je peux commencer le 3 mai."),
        ("when", "place", "le Havre", "Je peux travailler au Havre."),
        ("when", "place", "Bretagne", "Je peux travailler en Bretagne."),
        ("when", "moving", "Voiture", "Je me déplace en voiture."),
        ("when", "moving", "ma voiture", "Je me déplace avec ma voiture."),
        ("goodbye", "thanks", "Merci !", "Merci\u202f!"),
    ],
)  # fmt: skip
def test_an_answer_becomes_a_sentence(topic, question, answer, line):
    assert script_text.compose(PROGRAM.find(topic), {question: answer}, "fr") == line


@pytest.mark.parametrize(
    ("topic", "question", "answer", "line"),
    [
        ("can", "skills", "Drive a lorry", "I can drive a lorry."),
        ("can", "skills", "water plants", "I can water plants."),
        ("can", "skills", "Water treatment", "I have skills in water treatment."),
        ("can", "skills", "welding and Excel", "I have skills in welding.\nI work with Excel."),
        ("can", "skills", "I’ve pruned trees!", "I’ve pruned trees!"),
        ("can", "quality", "you are calm", "People say I am calm."),
        ("looking", "like", "help people", "I like to help people."),
        ("when", "place", "Lyon", "I can work in Lyon."),
    ],
)
def test_an_english_answer_becomes_a_sentence(topic, question, answer, line):
    assert script_text.compose(PROGRAM.find(topic), {question: answer}, "en") == line


def test_only_what_was_answered_is_said():
    answers = {"quality": "fiable", "unknown": "rien", "skills": " . "}
    assert script_text.compose(CAN, answers, "fr") == "Au travail, on dit que je suis fiable."
    assert script_text.compose(CAN, {}, "fr") == ""


def test_answers_keep_the_questions_order():
    answers = {"quality": "calm", "skills": "plant and mow"}
    expected = "I can plant and mow.\nPeople say I am calm."
    assert script_text.compose(CAN, answers, "en") == expected


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
    assert script_text.join_taps(parts, language) == joined


@given(st.lists(st.sampled_from(["planter", "tondre", "tailler les haies"]), unique=True))
def test_what_was_tapped_is_found_again(tapped):
    assert [
        one for one in script_text.split_taps(script_text.join_taps(tapped, "fr"), "fr") if one
    ] == tapped


def test_a_tap_with_a_comma_or_an_and_of_its_own_stays_whole():
    taps = ["Accueil et vente", "Accueil", "Word, Excel"]
    joined = script_text.join_taps(["Word, Excel", "Accueil et vente", "tondre"], "fr")
    assert script_text.split_taps(joined, "fr", taps) == [
        "Word, Excel",
        "Accueil et vente",
        "tondre",
    ]
    assert script_text.split_taps(joined, "fr") == [
        "Word",
        "Excel",
        "Accueil",
        "vente",
        "tondre",
    ]


def test_what_a_profile_says_is_sorted_too():
    answers = {"skills": "écouter", "skills:known": "Soins palliatifs et Hygiène"}
    expected = "Je sais écouter.\nJ’ai des compétences en soins palliatifs et hygiène."
    assert script_text.compose(CAN, answers, "fr") == expected


SPOKEN = [
    (topic, question, tap, language)
    for topic in PROGRAM.topic
    for question in topic.question
    for language in ("fr", "en")
    for tap in question.every_tap(language)
]


def test_every_tap_goes_on_after_its_questions_own_sentence():
    assert len(SPOKEN) > 150
    for topic, question, tap, language in SPOKEN:
        expected = question.say[language].format(tap)
        assert script_text.compose(topic, {question.name: tap}, language) == expected
        typed = tap[0].upper() + tap[1:]  # as a phone begins what is typed
        assert script_text.compose(topic, {question.name: typed}, language) == expected


def test_what_is_composed_keeps_the_rules_of_style():
    lines = {
        script_text.compose(t, {q.name: tap}, "fr")
        for t, q, tap, language in SPOKEN
        if language == "fr"
    }
    assert {line: wrong for line in lines if (wrong := faults(TYPOGRAPHY, line))} == {}


JOBS = [form for job in occupations().values() for form in job.said("fr")]


def test_every_skill_that_can_be_tapped_begins_with_a_verb_and_no_job_does():
    (skills, *_) = CAN.question
    assert [tap for tap in skills.every_tap("fr") if not french.is_verb(tap)] == []
    assert [tap for tap in skills.every_tap("en") if not english.is_verb(tap)] == []
    assert [job for job in JOBS if french.is_verb(job)] == []


def test_every_job_has_its_own_form_after_de():
    """A vowel takes "d’", and so does an h that is not aspirated."""
    hello = PROGRAM.find("hello")
    for job in JOBS:
        line = script_text.compose(hello, {"job": job}, "fr")
        silent = fold(job)[0] in "aeiouh"  # ROME has no aspirated h
        assert line.startswith("Je cherche un poste d’" if silent else "Je cherche un poste de "), (
            line
        )
        assert line.casefold().endswith(f"{job.casefold()}.".replace("'", "’"))


@pytest.mark.parametrize(
    "word", ["haut niveau", "hockeyeur", "handballeuse", "onze heures", "yaourts"]
)
def test_before_an_aspirated_h_nothing_is_dropped(word):
    assert french.put("un poste de", word) == f"un poste de {word}"


@given(st.text(alphabet="aeé h'’ldtu,.!?ABZ-", max_size=60), st.sampled_from(SPOKEN))
def test_whatever_is_typed_becomes_sentences_that_end_once(answer, spoken):
    topic, question, _, language = spoken
    for line in script_text.compose(topic, {question.name: answer}, language).splitlines():
        assert line[0] == line[0].upper()
        assert re.search(r"[^.!?\s][\u202f]?[.!?]$", line), line
        assert "'" not in line or language == "en"


@given(st.text(max_size=200))
def test_no_word_comes_in_that_nobody_has_said(answer):
    composed = script_text.compose(CAN, {"skills": answer}, "fr").casefold()
    (skills, *_) = CAN.question
    frames = " ".join(say["fr"] for say in skills.frames.values())
    allowed = set(script_text.words(f"{answer} et {frames}".replace("'", "’").casefold()))
    assert {word for word in script_text.words(composed) if word not in allowed} == set()


def test_a_script_takes_as_long_as_it_is_said():
    assert script_text.reading_s("un " * 70, 140) == 30
    assert script_text.reading_s("J’ai travaillé aujourd’hui.", 60) == 3
    assert script_text.reading_s("", 140) == 0
