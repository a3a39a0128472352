"""The little of Markdown that a page of words needs, read into blocks; nothing of it is HTML.

A blank line ends a block. `# ` begins the title, `## ` a heading, `- ` each point of a list;
everything else is a paragraph. `[words](address)` is a link if the address is a web address, a
mail address (`mailto:`) or a page of this site (`/…`); else it stays as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

LINK = re.compile(r"\[([^\]\n]+)\]\(((?:https?://|mailto:|/(?![/\\]))[^\s()]*)\)")
PLACE = re.compile(r"\{(\w+)\}")
_BEGINNINGS = {"# ": "title", "## ": "heading", "- ": "list"}


class Run(NamedTuple):
    """Some words, and where they lead ("": nowhere)."""

    words: str
    address: str = ""


class Block(NamedTuple):
    """A title, a heading, a paragraph or a list; only a list has more than one line."""

    kind: str
    lines: tuple[tuple[Run, ...], ...]

    @property
    def words(self) -> str:
        return " ".join("".join(run.words for run in line) for line in self.lines)


def parse(text: str, values: Mapping[str, str]) -> list[Block]:
    """The blocks of a text with its places filled in.

    A block with a place for which there is no value is left out: nobody is promised what the
    operator has not said; and so is a heading under which nothing is left. A place of another
    name stays as it was typed.
    """
    found = list[Block]()
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        named = PLACE.findall(part)
        if part and all(values.get(name, name) for name in named):
            filled = PLACE.sub(lambda place: values.get(place[1], place[0]), part)
            found += _blocks(filled)
    return list(_without_empty(found))


def _without_empty(blocks: Sequence[Block]) -> Iterator[Block]:
    """Headings stay where something is said under them."""
    for block, following in pairwise([*blocks, None]):
        says = following is not None and following.kind not in {"title", "heading"}
        if block is not None and (says or block.kind != "heading"):
            yield block


def _blocks(part: str) -> Iterator[Block]:
    kind, lines = "", list[str]()
    for line in part.split("\n"):
        begins = next((mark for mark in _BEGINNINGS if line.startswith(mark)), "")
        now = _BEGINNINGS.get(begins, "paragraph")
        if lines and (now != kind or now in {"title", "heading"}):
            yield _block(kind, lines)
            lines = []
        kind = now
        lines.append(line.removeprefix(begins).strip())
    yield _block(kind, lines)


def _block(kind: str, lines: list[str]) -> Block:
    whole = lines if kind == "list" else [" ".join(lines)]
    return Block(kind, tuple(tuple(_runs(line)) for line in whole))


def _runs(line: str) -> Iterator[Run]:
    after = 0
    for link in LINK.finditer(line):
        if link.start() > after:
            yield Run(line[after : link.start()])
        yield Run(link[1], link[2])
        after = link.end()
    if after < len(line):
        yield Run(line[after:])
