"""Names compare as people mean them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvtube.taxonomy.text import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L’Œuvre d'Été", "l oeuvre d ete"),
        ("  Saint-Étienne ", "saint etienne"),
        ("C++ / C#", "c++ c#"),
        ("STRAẞE", "strasse"),
        ("日本", ""),
        ("", ""),
    ],
)
def test_case_accents_and_punctuation_do_not_count(text, folded):
    assert fold(text) == folded


@given(st.text(max_size=80))
def test_folding_is_done_once_and_leaves_plain_words(text):
    folded = fold(text)
    assert fold(folded) == folded
    assert folded == " ".join(folded.split())
    assert folded.isascii()
