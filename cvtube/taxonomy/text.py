"""How names are compared: without case, accents or punctuation."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "’": "'"})
_NOT_A_WORD = re.compile(r"[^0-9a-z+#]+")  # C++ and C# stay words


def fold(text: str) -> str:
    """Lower-case ASCII words separated by single spaces: "L’Œuvre d'Été" -> "l oeuvre d ete"."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES))
    ascii_only = plain.encode("ascii", "ignore").decode()
    return _NOT_A_WORD.sub(" ", ascii_only).strip()
