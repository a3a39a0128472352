"""From a text to the words it is found by: one way for what is indexed and what is typed."""

from __future__ import annotations

import re

from cvtube.taxonomy.text import fold

LONGEST = 64  # characters; nothing longer is a word

# French elisions stand for little words of their own: "d'entretien" is found by "entretien".
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu)['’]", re.IGNORECASE)
_SPELLED = re.compile(r"[^\W_][\w+#]*")


def words_of(text: str) -> list[str]:
    """The folded words of a text, in order: "Chargé d’accueil" -> ["charge", "accueil"]."""
    return [word for word in fold(_ELISION.sub(" ", text)).split() if len(word) <= LONGEST]


def spellings_of(text: str) -> dict[str, str]:
    """Each folded word as it was written, in lower case: {"charge": "chargé"}."""
    return {
        folded: written
        for written in _SPELLED.findall(_ELISION.sub(" ", text).lower())
        if (folded := fold(written)) and " " not in folded and len(written) <= LONGEST
    }
