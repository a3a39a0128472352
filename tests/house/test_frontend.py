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


# -- the one mechanism of a page's behaviour (decision 198) --------------------------------------

# They give no page its behaviour: one waits until the player is wanted, the other tells the
# service worker of the page.
LOADERS = {"entries/player.js", "entries/studio-offline-copy.js"}
# Elements that a package's own class is the base of, or that only fetch the player.
OF_PACKAGES = {"film-video", "film-box"}
DEFINED = re.compile(r'customElements\.define\(\s*"([\w-]+)"')


def enhances_by_itself(code: str) -> bool:
    """A bundle does more than naming the elements its pages have."""
    return not is_a_list(code)


def made_otherwise(code: str) -> set[str]:
    """Elements that declare nothing of what they work with."""
    return set() if re.search(r"extends pageElement\(", code) else set(DEFINED.findall(code))


def test_the_rules_of_behaviour_find_what_they_are_made_for():
    assert enhances_by_itself('import { a } from "./a.js";\na(document);\n')
    assert not enhances_by_itself('import "./a.js";\n')
    plain = 'class A extends HTMLElement {}\ncustomElements.define("cv-a", A);'
    assert made_otherwise(plain) == {"cv-a"}
    assert not made_otherwise(plain.replace("HTMLElement", "pageElement({})"))


def test_a_page_s_behaviour_is_elements_and_nothing_else():
    bundles = [path for path in MODULES if path.parent.name == "entries"]
    by_themselves = {named(path) for path in bundles if enhances_by_itself(code_of(path))}
    assert by_themselves == LOADERS
    found = {name for path in MODULES for name in made_otherwise(code_of(path))}
    assert found == OF_PACKAGES


def test_every_element_of_a_template_is_defined_and_every_defined_one_is_used():
    templates = (ROOT / "cvtube" / "templates").rglob("*.html")
    pages = "\n".join(path.read_text(encoding="utf-8") for path in templates)
    used = set(re.findall(r"""["<](cv-[a-z-]+)""", pages)) - {"cv-video"}
    defined = {name for path in MODULES for name in DEFINED.findall(code_of(path))}
    assert used == defined - OF_PACKAGES


# -- styles ------------------------------------------------------------------------------------

STYLES = sorted((SOURCE / "css").glob("*.css"))
TOKENS = SOURCE / "css" / "tokens.css"
NAMES = """
aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet
brown burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue
darkcyan darkgoldenrod darkgr[ae]y darkgreen darkkhaki darkmagenta darkolivegreen darkorange
darkorchid darkred darksalmon darkseagreen darkslateblue darkslategr[ae]y darkturquoise darkviolet
deeppink deepskyblue dimgr[ae]y dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro
ghostwhite gold goldenrod gr[ae]y green greenyellow honeydew hotpink indianred indigo ivory khaki
lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan lightgoldenrodyellow
lightgr[ae]y lightgreen lightpink lightsalmon lightseagreen lightskyblue lightslategr[ae]y
lightsteelblue lightyellow lime limegreen linen magenta maroon mediumaquamarine mediumblue
mediumorchid mediumpurple mediumseagreen mediumslateblue mediumspringgreen mediumturquoise
mediumvioletred midnightblue mintcream mistyrose moccasin navajowhite navy oldlace olive olivedrab
orange orangered orchid palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff
peru pink plum powderblue purple rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown
seagreen seashell sienna silver skyblue slateblue slategr[ae]y snow springgreen steelblue tan teal
thistle tomato turquoise violet wheat white whitesmoke yellow yellowgreen
"""
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\("
    rf"|(?<![\w-])({'|'.join(NAMES.split())})(?![\w-])",
    re.IGNORECASE,
)


def declarations(css: str) -> list[tuple[str, str]]:
    """Every property with its value, wherever it is nested."""
    plain = re.sub(r"/\*.*?\*/|url\([^)]*\)|\"[^\"]*\"", "", css, flags=re.DOTALL)
    return re.findall(r"([\w-]+)\s*:\s*([^:;{}]+)(?=[;}])", plain)


def colours(css: str) -> list[str]:
    return [f"{name}: {value}" for name, value in declarations(css) if COLOUR.search(value)]


def raw_heights(css: str) -> list[str]:
    return [value for name, value in declarations(css) if name == "z-index" and "var(" not in value]


def test_the_rules_of_styles_find_what_they_are_made_for():
    wrong = "a:hover{color:red}.b{background:rgb(0 0 0 / 0.5);& c{fill:#FFF;z-index:3}}"
    assert len(colours(wrong)) == 3
    assert raw_heights(wrong) == ["3"]
    assert not colours(".white{white-space:pre;color:var(--red);fill:transparent;mask:url(#fff)}")


@pytest.mark.parametrize("path", STYLES, ids=named)
def test_only_the_tokens_know_a_colour_or_what_lies_over_what(path):
    css = path.read_text(encoding="utf-8")
    assert not raw_heights(css), "one of the --over-… of tokens.css"
    if path != TOKENS:
        assert not colours(css), "a token of tokens.css"


def test_every_style_is_in_a_layer():
    """Which of two rules wins is said once, in base.css, and not by the weight of selectors."""
    imports = {}
    for entry in (SOURCE / "entries").glob("*.css"):
        text = entry.read_text(encoding="utf-8")
        imports |= dict(re.findall(r'@import "\.\./css/(\S+)"( layer\(\w+\))?;', text))
    assert set(imports) == {path.name for path in STYLES}
    order = re.search(r"@layer (.*?);", (SOURCE / "entries/base.css").read_text(encoding="utf-8"))
    assert order is not None
    known = {f" layer({name})" for name in order[1].split(", ")}
    assert {layer for layer in imports.values() if layer} <= known
    assert all(imports.values()), "an import without a layer wins over all of them"
