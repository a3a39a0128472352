"""Rules of the browser's modules and styles (frontend/src)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.source import ROOT

SOURCE = ROOT / "frontend" / "src"
BUNDLES = {"entries", "workers"}  # what pages load: lists of modules
MODULES = [path for path in sorted(SOURCE.rglob("*.js")) if not path.name.endswith(".test.js")]
# Names that a browser's page or worker has, and Node has not.
PAGE = (
    r"\b(document|window|self|navigator|location|history|indexedDB|caches|customElements"
    r"|matchMedia|querySelector(All)?|requestAnimationFrame|getComputedStyle|[A-Z]\w*Observer|HTML\w*Element|CSS"
    r"|Media(Recorder|Stream)|AudioContext|Audio|IDB\w+|Image|Worker|DOMParser)\b"
)
COMMENTS = re.compile(r"/\*.*?\*/|(?<![:\w])//[^\n]*", re.DOTALL)


def named(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def code_of(path: Path) -> str:
    return COMMENTS.sub("", path.read_text(encoding="utf-8"))


def touches_the_page(code: str) -> bool:
    """It names what only browsers have, or imports a package, all of which are for pages."""
    return bool(re.search(PAGE, code) or re.search(r'(from|import) "[^.]', code))


def is_a_list(code: str) -> bool:
    """Nothing but imports and exports of others: what a bundle is made of."""
    return not re.sub(r"(import|export)\b[^;=]*;", "", code).strip()


def test_file_names_are_in_one_style():
    odd = [named(path) for path in MODULES if not re.fullmatch(r"[a-z0-9-]+\.js", path.name)]
    assert not odd, "words in lower case, joined by hyphens"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_that_needs_no_page_has_a_unit_test_beside_it(path):
    code = code_of(path)
    if path.parent.name not in BUNDLES and not is_a_list(code) and not touches_the_page(code):
        assert path.with_suffix(".test.js").exists(), "npm run test, in frontend/, runs it"
