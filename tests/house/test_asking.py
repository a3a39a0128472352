"""What cannot be undone is asked about first: a table says what each address does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.house.source import ROOT, named

TABLE = ROOT / "tests/access/acts.txt"
TEMPLATES = ROOT / "cvtube/templates"
KINDS = {"asks", "keeps", "typed", "says"}
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
FOLD = re.compile(r"<(/?)(?:details|dialog)\b")
MACRO = re.compile(r"{%-? macro (\w+)\((.*?){%-? endmacro", re.DOTALL)
# A link only opens a page; a page that is opened changes nothing.
LINK = re.compile(r'href="\{\{ url_for\(\s*$')


class Act(NamedTuple):
    """One line of the table."""

    method: str
    rule: str
    kind: str
    asking: str  # the template that asks, where one does


def acts() -> list[Act]:
    lines = (line.partition("#")[0].split() for line in TABLE.read_text().splitlines())
    return [Act(*words[:3], words[3] if len(words) > 3 else "") for words in lines if words]


def asking() -> list[Act]:
    return [act for act in acts() if act.kind == "asks"]


def folded(text: str, at: int) -> bool:
    """Whether the place is inside of something that is closed at first."""
    depth = 0
    for found in FOLD.finditer(text, 0, at):
        depth += -1 if found[1] else 1
    return depth > 0


def pressed_at_once(text: str, endpoint: str, page: str = "") -> list[int]:
    """The lines from which one press does it, for lack of a page or a fold that asks.

    A fold may be a macro, on `page`; and a macro without a form makes links.
    """
    links = [name for name, body in MACRO.findall(text) if "<form" not in body]
    macros = "|".join([*links, *(name for name, _body in MACRO.findall(page))]) or "$^"
    innocent = re.compile(rf"{LINK.pattern}|{{{{ (?:{macros})\([^}}]*$")
    places = re.finditer(rf"""["']{re.escape(endpoint)}["']""", text)
    return [
        text.count("\n", 0, place.start()) + 1
        for place in places
        if not innocent.search(text[: place.start()]) and not folded(text, place.start())
    ]


def test_every_act_is_in_the_table(app):
    there = {(method, rule.rule) for rule in app.url_map.iter_rules() for method in rule.methods}
    there = {one for one in there if one[0] in CHANGING}
    told = {(act.method, act.rule) for act in acts()}
    assert sorted(there - told) == [], f"{named(TABLE)}: is it asked about before it is done?"
    assert sorted(told - there) == [], f"take these out of {named(TABLE)}"
    assert {act.kind for act in acts()} == KINDS


@pytest.mark.parametrize("act", asking(), ids=lambda act: f"{act.method} {act.rule}")
def test_what_is_gone_for_good_is_asked_about(app, act):
    rule = next(
        one for one in app.url_map.iter_rules()
        if one.rule == act.rule and act.method in one.methods
    )  # fmt: skip
    page = TEMPLATES / act.asking
    opened_first = any(
        one.rule == act.rule and "GET" in one.methods for one in app.url_map.iter_rules()
    )
    assert opened_first or FOLD.search(page.read_text()), f"{named(page)} asks nothing"
    at_once = {
        named(path, line)
        for path in sorted(TEMPLATES.rglob("*.html"))
        if path != page
        for line in pressed_at_once(path.read_text(), rule.endpoint, page.read_text())
    }
    assert at_once == set(), f"one press does it there; {act.asking} is where it is asked"


def test_a_button_that_does_it_at_once_would_be_found():
    form = '<form method="post" action="{{ url_for(\'cards.revoke\', card_id=1) }}"><button>'
    link = "<a href=\"{{ url_for('cards.revoke', card_id=1) }}\">"
    assert pressed_at_once(form, "cards.revoke") == [1]
    assert pressed_at_once(f"<details><summary></summary>{form}</details>", "cards.revoke") == []
    assert pressed_at_once(f"{link}\n\n{form}", "cards.revoke") == [3]


def test_the_pages_that_ask_are_there():
    assert [act for act in asking() if not Path(TEMPLATES / act.asking).is_file()] == []
