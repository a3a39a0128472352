"""The operator's programme: what is shipped, and every way a changed one can be wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cvtube.app import create_app
from cvtube.candidate.prepare import interview
from cvtube.settings import SettingsError
from cvtube.taxonomy.families import FAMILIES
from cvtube.taxonomy.occupations import occupations
from tests.house.test_words import MOST_WORDS, count_words, sentences

SMALL = """
words_per_minute = 140
[[topic]]
name = "hello"
icon = "speech"
seconds = 15
title = { fr = "Bonjour", en = "Hello" }
ask = { fr = "Qui ?", en = "Who?" }
tip = { fr = "Souriez.", en = "Smile." }
  [[topic.question]]
  name = "name"
  icon = "account"
  ask = { fr = "Prénom ?", en = "Name?" }
  say = { fr = "Je suis {}.", en = "I am {}." }
"""

TIP = 'tip = { fr = "Souriez.", en = "Smile." }'
FOR = '\n[[topic.question.for]]\ncodes = ["{}"]\ntaps.en = ["code"]\n'
VARIANT = '\n[[topic.for]]\ncodes = ["M18"]\ncamera = "rear"\n'


def texts(value):
    """Every text of the programme, whatever holds it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts(one)


def test_the_shipped_programme_has_the_six_parts():
    names = [topic.name for topic in interview.load("").topic]
    assert names == ["hello", "can", "proof", "looking", "when", "goodbye"]


def test_its_sentences_are_short():
    shown = texts(interview.load("").model_dump())
    assert [s for text in shown for s in sentences(text) if count_words(s) > MOST_WORDS] == []


def test_its_french_keeps_its_spaces_and_apostrophes():
    wrong = [text for text in texts(interview.load("").model_dump()) if "'" in text]
    assert wrong == []


def test_somebody_who_works_with_their_hands_is_asked_to_show_them():
    proof = interview.load("").find("proof")
    cook, architect = proof.fit("G1609"), proof.fit("F1101")
    assert cook.camera == "rear"
    assert architect.camera == proof.fit("M1805").camera == proof.fit("").camera == "any"
    assert cook.tip["fr"] == "Montrez vos mains au travail."


SKILLS = interview.load("").find("can").question[0]


def skills_of(code):
    return set(SKILLS.taps_for(code, "fr"))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_job_is_offered_skills_of_its_own_domain(language):
    """Arts and crafts share one list but for those of clothes: what differs is the material."""
    codes = {code for one in SKILLS.for_ for code in one.codes}
    assert {job[:3] for job in occupations()} - codes == {f"B1{number}" for number in range(1, 8)}
    for job in occupations():
        offered = SKILLS.taps_for(job, language)
        assert 6 <= len(set(offered)) == len(SKILLS.taps_for(job, "fr")) <= 8, job


@pytest.mark.parametrize("family", FAMILIES)
def test_a_code_that_is_new_in_its_field_of_work_is_offered_something(family):
    assert len(SKILLS.taps_for(f"{family}9999", "en")) >= 4


def test_whoever_has_named_no_job_is_offered_what_everybody_can_say():
    assert len(SKILLS.taps_for("", "fr")) == len(SKILLS.taps_for("", "en")) >= 4


def test_nobody_is_offered_the_skills_of_another_trade():
    secretary, developer, network = skills_of("M1607"), skills_of("M1855"), skills_of("M1816")
    assert {"répondre au téléphone", "classer"} <= secretary
    assert secretary & developer == secretary & network == set()
    assert "écrire du code" in developer
    assert "installer un réseau" in network
    assert "souder" not in skills_of("I1401")  # who repairs computers
    assert "aider à la toilette" not in skills_of("J1102") | skills_of("K2106")
    assert "cuisiner" not in skills_of("G1204") | skills_of("G1703")
    assert "conduire un camion" not in skills_of("N2101") | skills_of("N4103")


def test_the_longest_beginning_of_a_code_decides_wherever_it_stands(tmp_path):
    lists = "".join(
        f"""
    [[topic.question.for]]
    codes = ["{code}"]
    taps.fr = ["{code}"]
    taps.en = ["{code}"]
"""
        for code in ("M1805", "M", "M18")
    )
    path = tmp_path / "program.toml"
    path.write_text(SMALL + lists, encoding="utf-8")
    question = interview.load(str(path)).topic[0].question[0]
    taps = [question.taps_for(job, "en") for job in ("M1805", "M1855", "M1607", "A1101", "")]
    assert taps == [("M1805",), ("M18",), ("M",), (), ()]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("words_per_minute = 140", "", "words_per_minute: field required"),
        ("words_per_minute = 140", "words_per_minute = 9", "greater than or equal to 60"),
        ('name = "hello"', 'name = "Hel lo"', "topic.0.name"),
        (', en = "Hello" }', " }", "topic.0.title.en: field required"),
        ("seconds = 15", "seconds = 900", "topic.0.seconds"),
        ("seconds = 15", "secs = 15", "extra inputs are not permitted"),
        ("seconds = 15", 'seconds = 15\ncamera = "side"', "topic.0.camera"),
        ("seconds = 15", "seconds = 15\nusual = false", "at least one topic must be usual"),
        ("I am {}.", "I am.", "must have one {} for the answer"),
        (
            'say = { fr = "Je suis',
            'say_noun = { fr = "Moi.", en = "Me." }\n  say = { fr = "Je suis',
            "`say_noun` must have one {} for the answer",
        ),
        ("[[topic]]", "[[topic]", "is not valid TOML"),
        (
            'I am {}." }',
            'I am {}." }' + FOR.format("M99"),
            "no job has a code that begins with M99",
        ),
        ('I am {}." }', 'I am {}." }' + FOR.format("m18"), "topic.0.question.0.for.0.codes.0"),
        ('I am {}." }', 'I am {}." }' + FOR.format(""), "codes.0"),
        ('I am {}." }', 'I am {}." }' + 2 * FOR.format("M18"), "more than one list for M18"),
        (TIP, TIP + 2 * VARIANT, "more than one variant for M18"),
        (SMALL, SMALL + SMALL.partition("\n")[2].partition("\n")[2], "more than one topic hello"),
    ],
)
def test_each_mistake_is_one_sentence_that_names_its_place(old, new, sentence, tmp_path):
    path = tmp_path / "program.toml"
    path.write_text(SMALL.replace(old, new), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"^CVTUBE_FILM_PROGRAM: ") as wrong:
        interview.load(str(path))
    assert sentence in str(wrong.value)
    assert str(path) in str(wrong.value)


def test_a_file_that_is_not_there_is_told_too(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read"):
        interview.load(str(tmp_path / "nothing.toml"))


def test_a_server_with_a_wrong_programme_does_not_start(runtime, tmp_path):
    path = tmp_path / "program.toml"
    path.write_text("topic = []")
    settings = runtime.settings.model_copy(update={"film_program": str(path)})
    with pytest.raises(SettingsError):
        create_app(replace(runtime, settings=settings))


def test_an_operators_own_programme_is_used(runtime, tmp_path):
    path = tmp_path / "program.toml"
    path.write_text(SMALL, encoding="utf-8")
    settings = runtime.settings.model_copy(update={"film_program": str(path)})
    app = create_app(replace(runtime, settings=settings))
    assert [topic.name for topic in app.extensions["film_program"].topic] == ["hello"]
