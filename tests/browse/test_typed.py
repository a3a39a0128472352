"""What is made of a typed text."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtube.browse import typed
from cvtube.browse.words import spellings_of, words_of
from cvtube.taxonomy.occupations import occupations
from cvtube.taxonomy.text import fold


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Chargé d’accueil", ["charge", "accueil"]),
        ("L'Œuvre d'Été", ["oeuvre", "ete"]),
        ("C++, C# et C", ["c++", "c#", "et", "c"]),
        ("qu'on m'appelle", ["on", "appelle"]),
        ("aide-soignante", ["aide", "soignante"]),
        ("", []),
        ("!?…", []),
        ("x" * 65, []),
    ],
)
def test_texts_become_words_without_accents_and_elisions(text, words):
    assert words_of(text) == words


@given(st.text())
def test_words_need_no_quoting_in_any_database(text):
    for word in words_of(text):
        assert word
        assert set(word) <= set("abcdefghijklmnopqrstuvwxyz0123456789+#")
    for folded, written in spellings_of(text).items():
        assert fold(written) == folded


def test_every_line_of_synonyms_names_an_occupation_and_more():
    labels = [set(words_of(known.label)) for known in occupations().values()]
    path = files("cvtube").joinpath("data/synonyms.txt")
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        phrases = [typed._words(phrase) for phrase in line.split(",")]
        assert len(phrases) > 1, line
        assert all(phrases), line
        assert any(set(phrase) <= label for phrase in phrases for label in labels), line


def test_synonyms_find_each_other_both_ways():
    for phrase, equals in typed.synonyms().items():
        for equal in equals:
            assert phrase in typed.synonyms()[equal]
