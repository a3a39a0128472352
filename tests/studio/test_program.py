"""The operator's programme: what is shipped, and every way a changed one can be wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cvtube.app import create_app
from cvtube.settings import SettingsError
from cvtube.studio import program
from cvtube.taxonomy.families import FAMILIES
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
    names = [topic.name for topic in program.load("").topic]
    assert names == ["hello", "can", "proof", "looking", "when", "goodbye"]


def test_its_sentences_are_short():
    shown = texts(program.load("").model_dump())
    assert [s for text in shown for s in sentences(text) if count_words(s) > MOST_WORDS] == []


def test_its_french_keeps_its_spaces_and_apostrophes():
    wrong = [text for text in texts(program.load("").model_dump()) if "'" in text]
    assert wrong == []


def test_somebody_who_works_with_their_hands_is_asked_to_show_them():
    proof = program.load("").find("proof")
    assert proof.fit("G").camera == "rear"
    assert proof.fit("M").camera == proof.fit("").camera == "any"
    assert proof.fit("A").tip["fr"] == "Montrez vos mains au travail."


@pytest.mark.parametrize("family", ["", *FAMILIES])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_whatever_the_work_there_is_something_to_tap(family, language):
    (skills, *_) = program.load("").find("can").question
    assert len(skills.taps_for(family, language)) >= 4


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
        (SMALL, SMALL + SMALL.partition("\n")[2].partition("\n")[2], "more than one topic hello"),
    ],
)
def test_each_mistake_is_one_sentence_that_names_its_place(old, new, sentence, tmp_path):
    path = tmp_path / "program.toml"
    path.write_text(SMALL.replace(old, new), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"^CVTUBE_FILM_PROGRAM: ") as wrong:
        program.load(str(path))
    assert sentence in str(wrong.value)
    assert str(path) in str(wrong.value)


def test_a_file_that_is_not_there_is_told_too(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read"):
        program.load(str(tmp_path / "nothing.toml"))


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
