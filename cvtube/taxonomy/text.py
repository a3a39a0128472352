"""How names are compared: without case, accents or punctuation, in singular or plural."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "’": "'"})
_NOT_A_WORD = re.compile(r"[^0-9a-z+#]+")  # C++ and C# stay words
_SHORTEST_PLURAL = 4  # letters: below, a final s is as often part of the word ("bus")
_PLURALS = {"ies": "y", "es": "", "aux": "al", "men": "man"}


def fold(text: str) -> str:
    """Lower-case ASCII words separated by single spaces: "L’Œuvre d'Été" -> "l oeuvre d ete"."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES))
    ascii_only = plain.encode("ascii", "ignore").decode()
    return _NOT_A_WORD.sub(" ", ascii_only).strip()


def singulars(word: str) -> tuple[str, ...]:
    """A folded word, then what it may be the plural of, in French or in English.

    No dictionary: "nurses" may be "nurse" and "nurs", and only one of them is ever met.
    """
    if len(word) < _SHORTEST_PLURAL and word != "men":
        return (word,)
    found = [word]
    if word[-1] in "sx":
        found.append(word[:-1])
    found += [
        word[: -len(plural)] + singular
        for plural, singular in _PLURALS.items()
        if word.endswith(plural)
    ]
    return tuple(found)


def alike(one: str, other: str) -> bool:
    """Whether two folded texts differ in singular and plural at most, word by word."""
    words, others = one.split(), other.split()
    return len(words) == len(others) and all(
        not set(singulars(a)).isdisjoint(singulars(b)) for a, b in zip(words, others, strict=True)
    )
