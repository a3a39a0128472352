"""Names compared as people type them: no capitals, no accents. The same on both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func

# By hand, as PostgreSQL's own `unaccent` is an extension that an operator may not have.
_ACCENTED = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿ"
_PLAIN = "aaaaaaceeeeiiiinooooouuuuyy"
_FROM, _TO = _ACCENTED + _ACCENTED[:-1].upper() + "Ÿ", _PLAIN * 2


def translate(text: str | None, before: str, after: str) -> str | None:
    """What PostgreSQL's function of this name does; SQLite is given it (`sqlite.py`)."""
    if text is None:
        return None
    return text.translate(str.maketrans(before, after))


def folded(typed: str) -> str:
    """What was typed, as `folds` has what is kept."""
    return (translate(typed.lower(), _FROM, _TO) or "").lower()


def folds(kept: Any) -> ColumnElement[str]:
    """A column of names, to be searched for what is `folded`."""
    # Accents first: SQLite's own `lower` knows ASCII alone.
    return func.lower(func.translate(kept, _FROM, _TO))
