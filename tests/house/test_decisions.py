"""The decision records: each has a number, a status and a day, and the index has them all."""

from __future__ import annotations

import pytest

from tests.house.source import named
from tools import decisions

HEAD = "# 7. A title\n\nStatus: Accepted, 2026-11-23{rest}.\n\n**Context.** …\n"


def test_every_record_has_a_number_of_its_own_and_the_form():
    numbers = [record.number for record in decisions.records()]
    assert numbers == sorted(set(numbers))
    assert len(numbers) > 80


def test_the_index_has_every_record_as_it_is():
    written = decisions.INDEX.read_text(encoding="utf-8")
    assert written == decisions.index(), f"{named(decisions.INDEX)}: run `make decisions`"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (HEAD.format(rest=""), "Accepted"),
        (
            HEAD.format(rest="; superseded in part: HLG by [131](0131-x.md)"),
            "Accepted, superseded in part",
        ),
        (
            HEAD.format(rest="").replace("Accepted", "Superseded by [131](0131-x.md)"),
            "Superseded by [131](0131-x.md)",
        ),
    ],
)
def test_a_record_says_what_became_of_it(tmp_path, text, status):
    path = tmp_path / "0007-a-title.md"
    path.write_text(text)
    assert decisions.read(path).status == status


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("0007-a.md", HEAD.format(rest="").replace("Status", "State")),
        ("0007-a.md", HEAD.format(rest="").replace("2026-11-23", "yesterday")),
        ("0007-a.md", HEAD.format(rest="").replace("# 7. ", "# ")),
        ("0008-a.md", HEAD.format(rest="")),
    ],
)
def test_a_record_without_its_head_is_named(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(ValueError, match=rf"{name}: a record begins with"):
        decisions.read(path)
