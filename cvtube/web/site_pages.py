"""The pages about the site itself: who runs it, what becomes of data, where to get help.

CV Tube brings words for each that are true of every installation. What only the operator knows
(a name, a host, a register) the operator writes: a file of the same name in a folder of their
own takes the place of ours, and an empty one takes the page away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import Blueprint, render_template

from cvtube.errors import Refused
from cvtube.i18n import LANGUAGES
from cvtube.settings import Settings
from cvtube.web import markdown
from cvtube.web.guard import public
from cvtube.web.language import chosen
from cvtube.web.markdown import Block
from cvtube.web.security import let_search_engines_in
from cvtube.web.unit_of_work import runtime

NAMES = ("help", "contact", "legal", "privacy", "accessibility")  # in the order of the footer
OURS = Path(__file__).parent.parent / "data" / "pages"

blueprint = Blueprint("site_pages", __name__)


class SitePage(NamedTuple):
    """One page in the language it was written in; the title is also its link in the footer."""

    name: str
    language: str
    title: str
    blocks: Sequence[Block]

    @property
    def summary(self) -> str:
        return next((block.words for block in self.blocks if block.kind == "paragraph"), "")


@blueprint.get(f"/<any({','.join(NAMES)}):page_name>")
@public
def show(page_name: str) -> str:
    """One of the pages, for everybody and for search engines."""
    page = find_page(page_name, chosen(), runtime().settings)
    if page is None:
        raise Refused("not_found")
    let_search_engines_in()
    return render_template("site/page.html", page=page)


@blueprint.app_template_global("site_pages")
def nonempty_pages() -> list[SitePage]:
    """Those that have something to say."""
    settings, language = runtime().settings, chosen()
    return [page for name in NAMES if (page := find_page(name, language, settings))]


def find_page(name: str, language: str, settings: Settings) -> SitePage | None:
    """The page in the language, else in another one that the operator has written it in."""
    languages = (language, *(other for other in LANGUAGES if other != language))
    written = [(code, own_file(name, code, settings)) for code in languages]
    shipped = (language, OURS / language / f"{name}.md")
    for code, path in (*written, shipped):
        text = _text(path)
        if text is not None:
            return _page(name, code, text, settings)
    return None


def own_file(name: str, language: str, settings: Settings) -> Path:
    """Where the operator's own words for a page are, if there are any."""
    return (settings.pages or settings.home / "pages") / language / f"{name}.md"


def _page(name: str, language: str, text: str, settings: Settings) -> SitePage | None:
    blocks = markdown.parse(text, _values(settings))
    title = next((block.words for block in blocks if block.kind == "title"), "")
    said = [block for block in blocks if block.kind != "title"]
    return SitePage(name, language, title, said) if title and said else None


@blueprint.app_template_global()
def site_address() -> str:
    """How the whole address of any page begins."""
    return runtime().settings.public_url


def _text(path: Path) -> str | None:
    try:
        return _read(path, path.stat().st_mtime_ns)
    except OSError:  # there is none; `cvtube doctor` names one that cannot be read
        return None


@lru_cache(maxsize=64)
def _read(path: Path, _changed_ns: int) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _values(settings: Settings) -> Mapping[str, str]:
    """What the words may name in braces, as the settings have it."""
    return {
        "contact": _linked(settings.contact),
        "site": urlsplit(settings.public_url).netloc,
        "session_days": str(settings.session_idle_days),
        "take_days": str(settings.take_kept_days),
        "original_days": str(settings.original_kept_days),
        "decision_days": str(settings.decisions_kept_days),
        "review_hours": str(settings.review_promise_hours),
        "minutes": f"{settings.film_max_s / 60:g}",
    }


def _linked(contact: str) -> str:
    if contact.startswith(("https://", "http://")):
        return f"[{contact}]({contact})"
    return f"[{contact}](mailto:{contact})" if "@" in contact and " " not in contact else contact


@blueprint.get("/robots.txt")
@public
def robots() -> tuple[str, dict[str, str]]:
    """What search engines may read (RFC 9309): these pages, the first one, and their style."""
    open_to_all = ["/$", *(f"/{page.name}$" for page in nonempty_pages()), "/static/build/"]
    lines = ["User-agent: *", *(f"Allow: {path}" for path in open_to_all), "Disallow: /"]
    return "\n".join(lines) + "\n", {"Content-Type": "text/plain; charset=utf-8"}
