"""Who knows the web framework, and who makes signed addresses: few modules, named here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import ROOT, named, python_files, tree

FRAMEWORK = {"flask", "flask_babel", "flask_limiter", "flask_login", "flask_wtf", "wtforms"}
# Folders in which a module is given `session`, `storage`, `now`, and hears of no request.
LAYERS = (
    "administration", "browse", "candidate", "captions", "moderation", "operations", "privacy",
    "transcode", "upload", "accounts", "playback", "taxonomy", "videos", "jobs", "mail", "queue",
    "storage", "db", "sandbox", "toolchain",
)  # fmt: skip
# The entry points: what a request comes in by, with the forms it brings.
ENTRY_POINTS = {"views", "blueprint", "forms", "form"}
OTHER_ENTRY_POINTS = {
    "cvtube.accounts.access": "whose request it is; what guards each view",
    "cvtube.accounts.cards.printing": "a card on paper, which is a page",
    "cvtube.accounts.fields": "fields that several forms have",
    "cvtube.accounts.profile_form": "a form",
    "cvtube.accounts.refusals": "how a refused person is answered",
    "cvtube.candidate.context": "what each view of a part asks first: whose it is, and for what",
    "cvtube.playback.player": "addresses for the player, which any page may show",
}


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def is_entry_point(module: str) -> bool:
    name = module.rpartition(".")[2]
    folders = module.split(".")[:-1]
    known = name in ENTRY_POINTS or name.endswith("_views") or "views" in folders
    return known or module in OTHER_ENTRY_POINTS


def imports(module: ast.Module) -> Iterator[str]:
    """What is imported when it runs; for the type checker alone does not count."""
    unread = {
        id(below)
        for node in ast.walk(module)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for below in ast.walk(node)
    }
    for node in ast.walk(module):
        if id(node) in unread:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def framework_users(imported: dict[str, set[str]]) -> dict[str, str]:
    """Each module that reaches the framework, and by what: itself, or another of ours."""
    found = {
        module: name
        for module, names in imported.items()
        for name in sorted(names)
        if name.partition(".")[0] in FRAMEWORK
    }
    while True:
        more = {
            module: name
            for module, names in imported.items()
            if module not in found
            for name in sorted(names)
            if name in found
        }
        if not more:
            return found
        found |= more


def test_behind_the_entry_points_nobody_knows_the_web_framework():
    """Neither by itself nor through another module; so jobs and tests need no request."""
    imported = {module_of(path): set(imports(tree(path))) for path in python_files("cvtube")}
    layers = tuple(f"cvtube.{layer}." for layer in LAYERS)
    reached = {
        module: by
        for module, by in framework_users(imported).items()
        if module.startswith(layers) and not is_entry_point(module)
    }
    assert reached == {}


def test_no_entry_point_is_named_that_is_none():
    imported = {module_of(path): set(imports(tree(path))) for path in python_files("cvtube")}
    assert set(OTHER_ENTRY_POINTS) <= set(framework_users(imported))


def test_the_framework_is_seen_through_another_module():
    imported = {
        "a": {"b", "sqlalchemy"},
        "b": {"c.name", "c"},
        "c": {"flask_babel"},
        "d": {"werkzeug"},
    }
    assert framework_users(imported) == {"a": "b", "b": "c", "c": "flask_babel"}


def makes_signed_address(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "signed_url"


def test_signed_addresses_are_made_in_one_place():
    """It writes them without the site's name: they work by whatever name the page was reached."""
    found = [
        named(path, node.lineno)
        for path in python_files("cvtube", "workers")
        if named(path) != "cvtube/web/objects.py"
        if not named(path).startswith("cvtube/storage/")
        for node in ast.walk(tree(path))
        if makes_signed_address(node)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line", ["storage.signed_url(key, 60)", "sign = runtime().storage.signed_url"]
)
def test_another_signed_address_is_seen(line):
    assert any(makes_signed_address(node) for node in ast.walk(ast.parse(line)))
