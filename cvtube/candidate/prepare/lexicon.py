"""The words of `data/grammar.toml`, which decide how a short answer becomes a sentence."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _all() -> dict[str, Any]:
    shipped = files("cvtube").joinpath("data", "grammar.toml")
    return tomllib.loads(shipped.read_text(encoding="utf-8"))


def lexicon_of(language: str) -> dict[str, Any]:
    """The lists of one language."""
    words: dict[str, Any] = _all()[language]
    return words


def shared(name: str) -> frozenset[str]:
    """A list that belongs to no language."""
    return frozenset(_all()[name].split())
