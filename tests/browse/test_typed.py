"""What is made of a typed text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtube.browse.search import query
from cvtube.browse.search.tokenize import spellings_of, words_of
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


def looked_for(text):
    words = query.understand(None, text, exact=True).words
    return [["".join(term.word for term in phrase) for phrase in c] for c in words.choices]


def test_a_plural_finds_the_singular_and_the_plural():
    assert looked_for("nurses") == [["nurses", "nurse", "nurs"]]
    assert looked_for("secretaries") == [["secretaries", "secretarie", "secretary", "secretari"]]
    assert looked_for("bus") == [["bus"]]


def test_what_is_left_of_a_short_plural_is_a_whole_word():
    ((as_typed, singular),) = query.understand(None, "vets", exact=True).words.choices
    assert as_typed[0].start
    assert not singular[0].start


def test_initials_stand_for_jobs_and_begin_no_word():
    assert looked_for("AS") == [["j1501"]]  # not "tu as", not "assistant"
    assert looked_for("chauffeur PL")[1] == ["n4101", "n4113", "pl"]
    for choice in query.understand(None, "as pl", exact=True).words.choices:
        assert not any(term.start for phrase in choice for term in phrase)
