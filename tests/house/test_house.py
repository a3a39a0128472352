"""The figures of `make house` are counted right, and the walks lead through what is there."""

from __future__ import annotations

import re

import pytest

from tests.house.source import ROOT
from tests.house.test_contributing import is_there
from tools import house

DOCUMENT = (ROOT / house.ARCHITECTURE).read_text(encoding="utf-8")
WALKS = house.walks_of(DOCUMENT)


def test_three_walks_are_told_step_by_step():
    assert len(WALKS) == 3
    assert all(len(steps) > 9 for steps in WALKS.values())
    # A row that the tool cannot read would shorten the walk.
    assert sum(map(len, WALKS.values())) == len(re.findall(r"^\| \d+ \|", DOCUMENT, re.MULTILINE))


@pytest.mark.parametrize("walk", WALKS)
def test_each_step_leads_to_something_that_is_there(walk):
    lost = [f"{path}:{name}" for path, name in WALKS[walk] if not is_there(path, name)]
    assert lost == []


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A tree of three modules, of which one is imported by one and none by more."""
    monkeypatch.setattr(
        house,
        "tracked",
        lambda root: sorted(
            path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()
        ),
    )
    for name, text in {
        "cvtube/__init__.py": "",
        "cvtube/a.py": "from cvtube import b\n\n\nclass Page:\n    pass\n",
        "cvtube/b.py": "import os\n# why\n\nclass Page:\n    pass\n\n\n"
        "def take(row):\n    row.lease_until = 1\n",
        "docs/architecture.md": "### Walk: one\n\n| 1 | x | `cvtube/a.py:Page` |\n"
        "| 2 | y | `cvtube/b.py:take` |\n| 3 | z | `cvtube/a.py:Page` |\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return house.measure(tmp_path)


def test_what_is_counted_is_what_is_there(small):
    assert small["python_of_the_product"]["files"] == 3
    assert small["python_of_the_product"]["lines"] == 14
    assert small["python_of_the_product"]["lines_of_code"] == 8
    assert small["modules_with_one_importer"] == 1
    assert small["classes_defined_twice"] == 1
    assert small["functions_defined_twice"] == 0
    assert small["lease_implementations"] == ["cvtube/b.py"]
    assert small["walks"] == {"one": {"steps": 3, "files": 2, "returns": 1}}
    assert small["folders"]["cvtube"] == {"files": 3, "lines": 14}


def test_the_nearest_rank_is_a_figure_that_is_there():
    assert [house.percentile([1, 2, 3, 4], p) for p in (1, 50, 75, 76, 100)] == [1, 2, 3, 4, 4]
