"""Every page can be reached: another page, an email or a redirect leads to it."""

from __future__ import annotations

import ast
import inspect
import re
from functools import cache

from tests.house.source import named, python_files, tracked, tree

# What no page leads to, with who opens it. The first part of a name stands for all of it.
OPENED_BY = {
    "health": "supervisors and load balancers",
    "objects": "browsers, by signed addresses",
    "playback": "the player, by addresses below the page's",
    "playback_by_link": "the player, by addresses below the page's",
    "candidate.recorder.offline": "the service worker",
    "site_pages.robots": "search engines",
    "candidate.list_takes": "the recorder's script, where it posts takes",
    "operations.numbers": "Prometheus",
    "upload.begun": "the upload's script, where it posts uploads",
}
NAMED = re.compile(r"""["']([\w.]*\.\w+)["']""")


@cache
def texts() -> dict[str, str]:
    """The templates, by their names."""
    folder = "cvtube/templates/"
    return {
        named(path).removeprefix(folder): path.read_text(encoding="utf-8")
        for path in tracked()
        if named(path).startswith(folder)
    }


@cache
def said_in_code() -> set[str]:
    """Every string of the product's Python."""
    return {
        node.value
        for path in python_files("cvtube")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def templates_of(view) -> set[str]:
    """The templates that a view names itself: a page's link to itself leads nobody there."""
    source = inspect.getsource(inspect.unwrap(view))
    return set(re.findall(r"[\"']([\w/-]+\.html)[\"']", source))


def leads_there(app, endpoint: str) -> bool:
    """Whether any template but its own links to it, or any code names it."""
    own = templates_of(app.view_functions[endpoint])
    short = f".{endpoint.rpartition('.')[2]}"
    for name, text in texts().items():
        if name not in own and {endpoint, short} & set(NAMED.findall(text)):
            return True
    return bool({endpoint, short} & said_in_code())


def pages(app) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}


def is_excused(endpoint: str) -> bool:
    return bool({endpoint, endpoint.partition(".")[0]} & set(OPENED_BY))


def test_every_page_is_linked(app):
    lost = {one for one in pages(app) if not is_excused(one) and not leads_there(app, one)}
    assert lost == set(), "link to each from a page that its people see"


def test_no_excuse_outlives_its_page(app):
    known = {name for one in pages(app) for name in (one, one.partition(".")[0])}
    assert set(OPENED_BY) - known == set()


def test_a_page_that_only_links_to_itself_would_be_found(own_app):
    @own_app.get("/nobody-knows")
    def nobody_knows():
        return 'render_template("site/nobody.html")'

    assert not leads_there(own_app, "nobody_knows")
