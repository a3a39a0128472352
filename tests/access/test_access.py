"""Who gets what at every address, asked for real; access.txt is the table, for people to read.

Each line is visited with each of its methods, by everybody, for a film in every state, with a right
form token. That the table knows every address is a law of the house (tests/house).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from cvtube.web.security import limiter
from tests.access.table import Line, read
from tests.access.world import PEOPLE, World

MARKS = {"open": "+", "refused": "+", "hidden": ".", "barred": "x", "sign in": "s"}
PLACE = re.compile(r"<(?:[^:>]+:)?(\w+)>")


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("world"))
    yield made
    made.close()


@pytest.fixture(autouse=True)
def no_rates(monkeypatch) -> None:
    monkeypatch.setattr(limiter, "enabled", False)


@pytest.mark.parametrize("line", read(), ids=str)
def test_everybody_gets_what_the_table_says(world, line):
    found = {state: _marks(world, line, state) for state in line.expected}
    assert found == line.expected, f"{line}\n(for {' '.join(PEOPLE)})"


def _marks(world: World, line: Line, state: str) -> str:
    values = {**world.values[""], **world.values[state], "cut": line.cut}
    path = PLACE.sub(lambda place: values[place[1]], line.rule)
    marks = ""
    for name in PEOPLE:
        visit = world.visit(name, line.method, path)
        assert visit.status < 500, (name, state, visit)
        marks += MARKS[visit.outcome]
    return marks
