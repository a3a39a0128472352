"""Every address is in the table of who gets what, and is asked in every state of a film."""

from __future__ import annotations

from tests.access.table import OF_A_FILM, TABLE, read
from tests.house.source import named


def routes(app) -> set[tuple[str, str]]:
    """What the application answers to; HEAD only where there is no GET."""
    found = set()
    for rule in app.url_map.iter_rules():
        methods = rule.methods - {"OPTIONS"}
        found |= {(one, rule.rule) for one in methods if one != "HEAD" or "GET" not in methods}
    return found


def test_the_table_knows_every_address_and_no_other(app):
    told = {(line.method, line.rule) for line in read()}
    there = routes(app)
    new = sorted(f"{method} {rule}" for method, rule in there - told)
    gone = sorted(f"{method} {rule}" for method, rule in told - there)
    assert new == [], f"add a line for each to {named(TABLE)}: who gets what there?"
    assert gone == [], f"take these out of {named(TABLE)}: there is no such address any more"


def test_addresses_of_films_are_told_for_every_state():
    """One mark for all states would hide that one of them leaks."""
    assert [str(one) for one in read() if OF_A_FILM.search(one.rule) and "" in one.expected] == []
