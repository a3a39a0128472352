"""The pages about the site itself, and what search engines may find."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.robotparser import RobotFileParser

import pytest

from cvtube.app import create_app
from cvtube.cli.checks import CHECKS
from cvtube.cli.doctor import run_check
from cvtube.web import markdown, site_pages
from cvtube.web.markdown import Run
from tests.personas import NAMES

ENGLISH, FRENCH = {"Accept-Language": "en"}, {"Accept-Language": "fr"}
FOUND = ["/", "/help", "/legal", "/privacy", "/accessibility", "/contact"]
# No person is on them, yet they are nobody's first step from a search engine.
NOT_FOUND = ["/login", "/signup", "/search", "/l/" + "A" * 22, "/films/" + "A" * 26, "/nothing"]


@pytest.fixture
def site(runtime, tmp_path):
    """The site with other settings, and a folder for the operator's own pages."""

    def build(**change):
        settings = runtime.settings.model_copy(
            update={"pages": tmp_path, "contact": "help@example.org", "demo": False, **change}
        )
        return replace(runtime, settings=settings)

    return build


@pytest.fixture
def visit(site):
    return lambda **change: create_app(site(**change)).test_client()


@pytest.fixture
def write(tmp_path):
    """Writes a page of the operator's."""

    def write(name, text):
        path = tmp_path / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return write


def linked(page):
    """The pages the foot leads to."""
    foot = re.search(r'<nav class="about-site".*?</nav>', page.text, re.DOTALL)[0]
    return re.findall(r'href="(/\w+)"', foot)


@pytest.mark.parametrize("headers", [ENGLISH, FRENCH], ids=["en", "fr"])
def test_every_page_leads_to_all_of_them_and_each_is_there(visit, headers):
    client = visit()
    for path in ("/", "/login", "/nothing/here", "/l/" + "A" * 22):
        assert linked(client.get(path, headers=headers)) == [
            "/help", "/contact", "/legal", "/privacy", "/accessibility",
        ]  # fmt: skip
    for name in site_pages.NAMES:
        page = client.get(f"/{name}", headers=headers)
        assert page.status_code == 200
        assert re.search(r"[{}]", re.sub(r"<[^>]*>", "", page.text)) is None, name
        assert 'href="mailto:help@example.org"' in page.text


@pytest.mark.parametrize("name", [*NAMES, "kim"])
def test_they_are_for_everybody(people, name):
    for path in ("/help", "/legal", "/privacy", "/accessibility", "/robots.txt"):
        assert people.client(name).get(path).status_code == 200


def test_without_an_address_no_page_promises_help(visit):
    client = visit(contact="")
    assert "/contact" not in linked(client.get("/"))
    assert client.get("/contact").status_code == 404
    for name in ("help", "legal", "privacy", "accessibility"):
        page = client.get(f"/{name}", headers=ENGLISH)
        assert page.status_code == 200
        assert "mailto:" not in page.text
        assert re.search(r"rite to\s*[,.{]", page.text) is None


def test_the_operators_words_take_the_place_of_ours(visit, write):
    client = visit()
    write("fr/legal", "# Éditeur\n\nL’association Exemple, à Brest.")
    assert "L’association Exemple" in client.get("/legal", headers=FRENCH).text
    # Who reads English gets them too, and is told that they are French.
    english = client.get("/legal", headers=ENGLISH).text
    assert '<article class="page narrow" lang="fr">' in english
    assert "Éditeur</a>" in english
    write("en/legal", "# Publisher\n\nThe Example association.")
    assert "The Example association." in client.get("/legal", headers=ENGLISH).text
    write("fr/help", "")
    write("en/help", "")
    assert "/help" not in linked(client.get("/"))
    assert client.get("/help").status_code == 404


def test_what_an_operator_writes_is_words_and_never_html(visit, write):
    links = "[a](javascript:x()) [b](//evil.example)"
    write("en/help", f"# <i>Help</i>\n\n<script>x()</script> {links}")
    page = visit().get("/help", headers=ENGLISH).text
    assert "<script>x" not in page
    assert "<i>" not in page
    assert "&lt;script&gt;" in page
    assert "javascript:x()" in page  # as it was typed: no link
    assert re.search(r'href="(javascript|//)', page) is None


def test_a_little_of_markdown_is_read():
    text = (
        "# Title\n\nOne\ntwo [site](https://a.example/x), {name}.\n\n"
        "## Why\n- a\n- [b](/help)\n\n{gone}"
    )
    title, paragraph, heading, points = markdown.parse(text, {"name": "Ada", "gone": ""})
    assert (title.kind, title.words) == ("title", "Title")
    assert paragraph.lines == (
        (Run("One two "), Run("site", "https://a.example/x"), Run(", Ada.")),
    )
    assert (heading.kind, heading.words) == ("heading", "Why")
    assert points.lines == ((Run("a"),), (Run("b", "/help"),))
    assert markdown.parse("{unknown} {", {})[0].words == "{unknown} {"
    assert markdown.parse(" \n\n", {}) == []


def test_a_heading_under_which_nothing_is_left_is_left_out_too():
    text = "## More help\n\nWrite to {contact}.\n\n## Rights\n\nYours."
    assert [block.words for block in markdown.parse(text, {"contact": ""})] == [
        "Rights",
        "Yours.",
    ]
    assert len(markdown.parse(text, {"contact": "help@example.org"})) == 4


# -- search engines --------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [ENGLISH, FRENCH], ids=["en", "fr"])
def test_search_engines_find_the_first_page_and_those_about_the_site(visit, headers):
    """What a search engine and Lighthouse's audits of one ask of a page."""
    client = visit(public_url="https://cv.example.org", allowed_hosts="localhost")
    said = set()
    for path in FOUND:
        page = client.get(path, headers=headers)
        assert "X-Robots-Tag" not in page.headers, path
        assert "noindex" not in page.text
        (summary,) = re.findall(r'<meta name="description" content="([^"]+)">', page.text)
        assert 25 < len(summary) < 200, path
        said.add(summary)
        (own,) = re.findall(r'<link rel="canonical" href="([^"]+)">', page.text)
        assert own == f"https://cv.example.org{path}"
        assert re.search(r"<title>[^<]{5,}</title>", page.text)
        assert len(re.findall(r"<h1[ >]", page.text)) == 1
        assert re.search(r'<meta name="viewport" content="width=device-width', page.text)
    assert len(said) == len(FOUND)


def test_nothing_else_is_found(visit):
    client = visit()
    for path in NOT_FOUND:
        assert client.get(path).headers["X-Robots-Tag"] == "noindex, nofollow", path


def test_the_wall_and_a_demo_are_not_found(visit):
    for change in ({"audience": "everyone"}, {"demo": True}):
        assert visit(**change).get("/").headers["X-Robots-Tag"] == "noindex, nofollow"


def test_a_first_page_for_somebody_who_is_signed_in_is_not_found(people):
    for name in ("ada", "rae", "uma"):
        assert people.client(name).get("/").headers["X-Robots-Tag"] == "noindex, nofollow"


def test_robots_may_read_these_pages_and_their_style_alone(visit):
    answer = visit().get("/robots.txt")
    assert answer.mimetype == "text/plain"
    lines = answer.text.splitlines()
    assert [line for line in lines if line.startswith("Disallow")] == ["Disallow: /"]
    rules = RobotFileParser()
    # (Python's own parser knows no "$".)
    rules.parse([line.removesuffix("$") for line in lines if line != "Allow: /$"])
    for path in [*FOUND[1:], "/static/build/base.css"]:
        assert rules.can_fetch("Googlebot", path), path
    for path in [*NOT_FOUND, "/account", "/objects/1/x/y.jpg", "/static/spoken/fr/index.json"]:
        assert not rules.can_fetch("Googlebot", path), path
    assert "Allow: /$" in lines


# -- the operator's part ---------------------------------------------------------------------


def test_doctor_says_what_only_the_operator_can_say(site, write):
    def ask(name, runtime):
        return run_check(next(check for check in CHECKS if check.name == name), runtime)

    silent = ask("contact", site(contact=""))
    assert (silent.state, silent.fatal) == ("not set", False)
    assert "CVTUBE_CONTACT" in silent.advice
    assert ask("contact", site()).state == "ok"
    nameless = ask("legal", site())
    assert (nameless.state, nameless.fatal) == ("not set", False)
    assert nameless.advice.endswith("fr/legal.md")
    write("fr/legal", "# Mentions légales\n\nNous.")
    assert ask("legal", site()).words == "1 pages of your own"
