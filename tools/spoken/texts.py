"""The fixed texts of the screens that read themselves aloud, and what their recordings are called.

A screen is read text by text (`texts` in frontend/src/studio/read-aloud.js); what is only known
when the page is made (a name, a number, a person's own words) has no recording.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from babel.messages.extract import extract_from_file
from jinja2 import Environment, meta

from cvtube.candidate.prepare import interview
from cvtube.i18n import translate
from cvtube.videos.reasons import REASONS

ROOT = Path(__file__).resolve().parent.parent.parent
ENDING = ".mp3"

# Heard as they are: no mixture is as clear.
VOICES = {"fr": "ff_siwis", "en": "af_heart"}

TEMPLATES = ROOT / "cvtube" / "templates"
# Screens are what offers to be read: they have the button, or a layout that has it. What layouts
# say stands above the screen, and is not read.
OFFERS = {"components/listen_button.html", "components/listen.html", "candidate/screen.html"}
LAYOUTS = {"candidate/screen.html", "layouts/base.html"}
# Of these, the screens show only what has no words, controls that say themselves, or what opens
# above the screen.
SILENT = {
    "components/forms.html", "components/listen.html", "components/player.html",
    "components/listen_button.html", "candidate/record/settings.html",
}  # fmt: skip
# What these screens say by a name: `_(point.sentence)`.
NAMED = (
    "candidate/films/part_text.py", "candidate/films/film_page.py",
    "candidate/prepare/privacy_hints.py", "candidate/record/problems.py",
    "candidate/sharing/views.py", "videos/consents.py", "accounts/forms.py",
    "accounts/cards/forms.py",
)  # fmt: skip
MARKS = {"_": None, "N_": None, "_l": None, "gettext": None}
PLACE = "%("  # where something is put in


@cache
def wanted(language: str) -> dict[str, str]:
    """The file name of every text's recording."""
    return {text: file_name(language, text) for text in sorted(set(_texts(language)))}


def file_name(language: str, text: str) -> str:
    """Another voice is another recording, and so is another text."""
    told = "\n".join((language, VOICES[language], text))
    return hashlib.sha256(told.encode()).hexdigest()[:16] + ENDING


def plain(text: str) -> str:
    """As the browser compares it (`plain` in read-aloud.js): runs of white space are one space."""
    return " ".join(text.split())


def _texts(language: str) -> Iterator[str]:
    for message in _messages():
        if PLACE not in message:
            yield plain(translate(message, language))
    for reason in REASONS.values():  # a law's name and a moderator's draft are not on these screens
        yield from (plain(translate(one, language)) for one in (reason.sentence, reason.advice))
    for text in _programme(language):
        yield plain(text)


@cache
def _messages() -> Sequence[str]:
    return list(_extracted())


def _extracted() -> Iterator[str]:
    found = [("jinja2", TEMPLATES / name) for name in _templates()]
    found += [("python", ROOT / "cvtube" / name) for name in NAMED]
    for method, path in found:
        options = {"trimmed": "true"} if method == "jinja2" else {}
        for _, message, *_ in extract_from_file(method, path, keywords=MARKS, options=options):
            if isinstance(message, str):  # what counts something has a number in it
                yield message


def _templates() -> set[str]:
    """The screens, and what they are made of."""
    names = (path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
    found = {name for name in names if _parts(name) & OFFERS} - LAYOUTS
    while more := {part for name in found for part in _parts(name)} - found - SILENT - LAYOUTS:
        found |= more
    return found


@cache
def _parts(name: str) -> set[str]:
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    syntax = Environment(extensions=["jinja2.ext.i18n"]).parse(source)  # noqa: S701 (never rendered)
    return {part for part in meta.find_referenced_templates(syntax) if part}


def _programme(language: str) -> Iterator[str]:
    """What the programme that is shipped asks, advises and offers to tap."""
    for topic in interview.load("").topic:
        yield topic.title[language]
        for words in (topic, *topic.for_):
            yield from (text[language] for text in (words.ask, words.tip) if text)
        for question in topic.question:
            yield question.ask[language]
            for offered in (question, *question.for_):
                yield from offered.taps[language]
