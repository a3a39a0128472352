"""CONTRIBUTING.md and the other documents say what the code says: paths, words, states, links."""

from __future__ import annotations

import ast
import enum
import importlib
import re
from functools import cache
from pathlib import Path

import pytest

from cvtube import schema
from cvtube.db.base import NEVER_STORED, Base, StoredEnum
from tests.house.source import ROOT, named, tracked, tree
from tests.house.test_words import pairs

CONTRIBUTING = ROOT / "CONTRIBUTING.md"
KERNEL = ("cvtube.videos", "cvtube.accounts", "cvtube.taxonomy", "cvtube.jobs", "cvtube.queue")
FOLDERS = "cvtube|tests|tools|docs|frontend|benchmarks|deploy|workers|requirements"
PLACE = re.compile(rf"`((?:{FOLDERS})/[\w./-]*)(?::(\w+))?`")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
CODE = re.compile(r"```.*?```", re.DOTALL)


def documents() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".md" and "data/pages" not in str(path)]


@cache
def names_in(path: Path) -> frozenset[str]:
    """What a Python module defines at its top: functions, classes, names."""
    found = set()
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return frozenset(found)


def is_there(path: str, name: str = "") -> bool:
    """Whether the file or folder is there, and defines the name (or exports it)."""
    place = ROOT / path
    if not name or not place.is_file():
        return place.exists() and not name
    text = place.read_text(encoding="utf-8")
    if place.suffix == ".py":
        return name in names_in(place) or f"import {name}" in text
    return re.search(rf"^export .*\b{re.escape(name)}\b", text, re.MULTILINE) is not None


def missing(text: str) -> list[str]:
    """The places a document names that are not there."""
    return [
        f"{path}:{name}" if name else path
        for path, name in PLACE.findall(text)
        if "<" not in path and not is_there(path, name)
    ]


@pytest.mark.parametrize("path", documents(), ids=named)
def test_every_place_a_document_names_is_there(path):
    if "docs/decisions" not in named(path) and path.name != "CHANGELOG.md":  # those are history
        assert missing(path.read_text(encoding="utf-8")) == []


def test_a_place_that_is_gone_would_be_found():
    assert missing("`cvtube/errors.py:Refused` `cvtube/gone.py` `cvtube/errors.py:Gone`") == [
        "cvtube/gone.py",
        "cvtube/errors.py:Gone",
    ]


@pytest.mark.parametrize("path", documents(), ids=named)
def test_every_link_of_a_document_leads_somewhere(path):
    text = CODE.sub("", path.read_text(encoding="utf-8"))
    dead = [link for link in LINK.findall(text) if "…" not in link]
    assert [link for link in dead if not (path.parent / link).exists()] == []


# -- the glossary ----------------------------------------------------------------------------


def rows() -> list[list[str]]:
    """The cells of each row of the glossary's tables."""
    glossary = CONTRIBUTING.read_text(encoding="utf-8").partition("## Glossary")[2]
    lines = [line for line in glossary.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def places() -> set[str]:
    return {f"{path}:{name}" for row in rows() for path, name in PLACE.findall(row[1]) if name}


def place_of(kind: type) -> str:
    return f"{kind.__module__.replace('.', '/')}.py:{kind.__name__}"


def stored_enums() -> dict[str, type[enum.StrEnum]]:
    columns = (column for table in schema.metadata.sorted_tables for column in table.columns)
    kinds = {column.type.kind for column in columns if isinstance(column.type, StoredEnum)}
    return {place_of(kind): kind for kind in kinds}


def test_the_glossary_has_every_table_of_the_kernel():
    kernel = {
        place_of(mapper.class_)
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith(KERNEL)
    }
    assert sorted(kernel - places()) == [], "give each a row in CONTRIBUTING.md, Glossary"


def test_the_glossary_has_every_state_and_no_other():
    told: dict[str, set[str]] = {}
    current: set[str] = set()
    for row in rows():
        if len(row) == 5 and (found := PLACE.search(row[1])):
            current = told.setdefault(f"{found[1]}:{found[2]}", set())
        elif len(row) == 5:
            current |= set(re.findall(r"^`(\w+)`$", row[0]))
    stored = {
        place: {member.value for member in kind} - {NEVER_STORED}
        for place, kind in stored_enums().items()
    }
    assert told == stored, "CONTRIBUTING.md, Glossary: one row for each value"


def test_the_glossary_calls_states_what_pages_call_them():
    """Each English words of a value with the French ones are a message and its translation."""
    known = {(english, french.replace("\u00a0", " ")) for english, french in pairs()}
    values = [row for row in rows() if len(row) == 5 and row[0].startswith("`")]
    wrong = [row for row in values if row[3] and (row[3], row[4]) not in known]
    assert wrong == []


def test_no_term_has_two_meanings():
    terms = [row[0].partition(":")[0] for row in rows() if len(row) == 4]
    assert sorted(terms) == sorted(set(terms))


def test_what_the_glossary_names_can_be_imported():
    for place in places():
        path, _, name = place.partition(":")
        if path.startswith("cvtube/"):
            module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
            assert hasattr(module, name), place


def test_the_architecture_names_every_package():
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    layout = text.partition("## Package layout")[2].partition("## ")[0]
    named_there = set(re.findall(r"(?:^| )(\w+)/(?=\s)", layout, re.MULTILINE))
    packages = {path.parent.name for path in (ROOT / "cvtube").glob("*/__init__.py")}
    assert packages - named_there == set()
