"""What people read: in both languages, in plain and short sentences."""

from __future__ import annotations

import ast
import html
import re
from functools import cache

import pytest
from babel.messages.pofile import read_po

from cvtube.errors import PROBLEMS
from cvtube.i18n import CATALOGUES
from tests.house.source import ROOT, named, python_files, tracked, tree
from tools import messages

MOST_WORDS = 12
PLACES = re.compile(r"%\(\w+\)[sdf]|%\(\w+\)\.\d+f")


@cache
def french():
    with (CATALOGUES / "fr/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="fr")


@cache
def pairs() -> list[tuple[str, str]]:
    """Each English sentence with its French one, plural forms one by one."""
    found = []
    for message in french():
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        words = message.string if isinstance(message.string, tuple) else (message.string,)
        found += list(zip(ids, words, strict=True))
    return found


def test_every_marked_string_is_in_the_catalogue():
    wanted = {message.id for message in messages.extracted() if message.id}
    known = {message.id for message in french() if message.id}
    assert wanted == known, "run `make messages`"


def test_every_string_has_its_french():
    assert [english for english, words in pairs() if not words] == []


def test_translations_fill_in_the_same_places():
    wrong = [
        english
        for english, words in pairs()
        if sorted(PLACES.findall(english)) != sorted(PLACES.findall(words or ""))
    ]
    assert wrong == []


def site_pages(language: str) -> dict[str, str]:
    """The words of the pages about the site, without their marks."""
    found = {}
    for path in sorted((CATALOGUES.parent / "data/pages" / language).glob("*.md")):
        words = re.sub(r"\]\([^)]*\)", "", path.read_text(encoding="utf-8"))
        found[path.name] = re.sub(r"^(#+ |- )|\[", "", words, flags=re.MULTILINE)
    return found


def test_every_page_about_the_site_is_there_in_both_languages():
    assert list(site_pages("en")) == list(site_pages("fr"))
    assert len(site_pages("fr")) == 5


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?…:])\s+|\n+", text) if part]


def count_words(sentence: str) -> int:
    # A place that is filled in counts as one word; punctuation that stands alone as none.
    plain = PLACES.sub("x", sentence)
    return sum(1 for word in re.split(r"[\s\u00a0\u202f]+", plain) if re.search(r"\w", word))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_sentence_has_more_than_twelve_words(language):
    texts = [pair[language == "fr"] for pair in pairs()] + list(site_pages(language).values())
    long = [s for text in texts for s in sentences(text or "") if count_words(s) > MOST_WORDS]
    assert long == []


@pytest.mark.parametrize("word", ["soumett", "upload", "vidéoclip", "cliquez ici", "veuillez"])
def test_french_uses_plain_words(word):
    assert [words for _, words in pairs() if word in (words or "").lower()] == []


def test_french_typography_keeps_its_spaces():
    """A no-break space before : ; ? ! and inside « », so that no line begins with them."""
    bad_space = re.compile(r"(?<![\u00a0\u202f/\d])[;?!:»](?=\s|$)|«(?![\u00a0\u202f])")
    straight = re.compile(r"\w'\w")
    texts = [words or "" for _, words in pairs()] + list(site_pages("fr").values())
    assert [text for text in texts if bad_space.search(text) or straight.search(text)] == []


def test_every_refusal_is_in_the_table_and_every_row_is_used():
    used = set()
    for path in python_files("cvtube"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and named(path) != "cvtube/errors.py":
                used.add(node.value)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused":
                (first, *_) = node.args
                if isinstance(first, ast.Constant):
                    assert first.value in PROBLEMS, named(path, node.lineno)
    assert set(PROBLEMS) - used == set(), "rows nobody uses"


def test_every_page_has_a_title():
    """A page says what it is before anything else; layouts and parts are no pages."""
    silent = []
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        if name.startswith("cvtube/templates/") and path.suffix == ".html":
            text = path.read_text(encoding="utf-8")
            if "{% extends" in text and "block title" not in text:
                silent.append(name)
    assert silent == []


def test_no_template_speaks_unmarked_words():
    """Text between tags that is neither an expression nor marked for translation."""
    bare = []
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith("cvtube/templates/") or path.suffix != ".html":
            continue
        silent = r"{% block body_class %}.*?{% endblock %}|{#.*?#}|{%.*?%}|{{.*?}}|<svg.*?</svg>"
        text = re.sub(silent, " ", path.read_text(), flags=re.DOTALL)
        text = html.unescape(re.sub(r"<[^>]*>", "\n", text))
        words = [line.strip() for line in text.splitlines() if re.search(r"[A-Za-zÀ-ÿ]{2}", line)]
        bare += [f"{name}: {line}" for line in words if line not in {"CV Tube", "· CV Tube"}]
    assert bare == []
