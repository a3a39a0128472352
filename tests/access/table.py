"""The table of who gets what (access.txt), read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.access.world import STATES

TABLE = Path(__file__).with_name("access.txt")
CUTS = ("published", "working", "made")
OF_A_FILM = re.compile(r"<(?:video|clip|chapter|take)_id>|/l/<key>")


@dataclass(frozen=True)
class Line:
    """One address with one method, and what it gives to whom: by state where it is a film's."""

    method: str
    rule: str
    cut: str
    expected: dict[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.rule} {self.cut}".rstrip()


def blocks() -> Iterator[tuple[str, list[list[str]]]]:
    """The parts of the table: `[name]`, and the words of each line below it."""
    name, lines = "", []
    for text in TABLE.read_text(encoding="utf-8").splitlines():
        line = text.partition("#")[0].strip()
        words = line.split()
        if words and words[0].startswith("["):
            yield name, lines
            name, lines = line.strip("[] "), []
        elif words:
            lines.append(words)
    yield name, lines


def read() -> list[Line]:
    """The table, one line for each method and cut."""
    known: dict[str, dict[str, str]] = {}
    found = []
    for name, lines in blocks():
        if name.startswith("film: "):
            marks = {words[0]: "".join(words[1:]) for words in lines}
            assert set(marks) == set(STATES), f"{name}: every state needs a line"
            known[name.removeprefix("film: ")] = marks
        else:
            found += [line for words in lines for line in _lines(words, known)]
    return found


def _lines(words: list[str], known: dict[str, dict[str, str]]) -> Iterator[Line]:
    at = next(i for i, word in enumerate(words) if word.startswith("/"))
    rule, told = words[at], words[at + 1 :]
    names = " ".join(told).split(" / ")  # one for each cut
    for method in words[:at]:
        if len(names) == len(CUTS):
            for cut, name in zip(CUTS, names, strict=True):
                yield Line(method, rule, cut, known[name])
        else:
            yield Line(method, rule, "", known.get(names[0]) or {"": "".join(told)})
