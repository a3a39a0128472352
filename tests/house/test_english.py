"""The English of docs/style.md, where a machine can look: glossary, buttons, spelling."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

import pytest

from tests.house.source import ROOT, tracked
from tests.house.test_words import pairs, site_pages

# What is not said, each with the word that is. "film" has a rule of its own below.
GLOSSARY = {
    r"\bfilms\b": "videos",
    r"\blog(s|ged|ging)?[ -](in|out|ins|outs)\b": "sign in, sign out",
    r"\be-mails?\b|\bmails?\b|\bmailbox\b": "email, inbox",
    r"\b(an?|the|your|my|new|no|another) takes?\b|\b(this|that) take\b|^take( %|$)": "recording",
    r"\b(take|taken|takes|took)\b( \w+){0,2} back\b": "hide, turn off, stop agreeing",
    r"\bera(se|sed|sing)\b|\bthr(ow|own|ew)\b|\bwiped?\b|\bg(ive|iven|ave) up\b": "delete",
    r"\blea?[fv]t?e?( \w+)? out\b|\btake off\b": "remove, skip",
    r"\b(go|goes|going|gone|went) on\b": "continue, carry on",
    r"\bmay\b": "can",
    r"\bmachines?\b": "computer, automated tool",
    r"\bchapters?\b": "part",
    r"\bscripts?\b": "my words",
    r"\bkept\b(?! until)": "saved",
    r"\bat once\b|\bimmediately\b": "now, straight away",
    r"\bfor good\b": "for ever",
    r"\bbefore you say so\b": "until you say yes",
    r"\bswitch(ed|es)?\b(?! camera)": "turn on, turn off",
    r"\bchecked (recruiters?|organisations?)\b": "verified",
    r"\brefuse[sd]?\b": "reject for staff, not accepted for candidates",
    r"\bsubmit": "send",
    r"\boccupations?\b": "job",
    r"\b(this|file) is no\b(?! longer)": "is not a",
    r"\bwe (find|know) no\b": "cannot find, do not know",
    r"\bone can\b": "we can",
}
# Trades have machines, and one can say so.
SAID_OF_WORK = {"set up a machine", "repaired a machine", "run a machine"}
FILM = re.compile(r"\bfilm\b", re.IGNORECASE)
# The verb begins a sentence, or follows what a verb follows.
BEFORE_THE_VERB = re.compile(
    r"(^|[.!?:,“(]\s*|\b(to|can|cannot|will|not|or|and|then|you|I|we|they|only|please)\s+)$",
    re.IGNORECASE,
)
AMERICAN = re.compile(
    r"\b(organiz|recogniz|authoriz|analyz|behavior|favorite|color|center|canceled|canceling|"
    r"traveler|traveling|license\b|gray\b|catalog\b|theater|zip code|postal code|cell phone|truck)",
    re.IGNORECASE,
)
SPELLED = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|twelve) "
    r"(next )?(second|minute|hour|day|week|month|year)s?\b",
    re.IGNORECASE,
)

VERB = re.compile(
    r"(add|approve|ask|cancel|change|check|choose|clear|close|confirm|continue|copy|create|delete|"
    r"download|film|finish|go|hide|join|keep|listen|make|move|open|pause|play|prepare|print|put|record|"
    r"register|reject|release|remove|review|save|search|see|send|show|sign|skip|split|start|stop|"
    r"switch|try|turn|undo|use|verify|watch)\b",
    re.IGNORECASE,
)
# Short words that are the same everywhere, answers to the question above, names of what is chosen.
ACCEPTED = {"Back", "Next", "No", "Settings", "Part %(number)d", "Recording %(number)d"}
BUTTON = re.compile(
    r"<(?P<tag>button|a|label)\b(?P<attributes>(?:[^>{]|\{\{.*?\}\}|\{%.*?%\})*)>"
    r"(?P<inside>.*?)</(?P=tag)>",
    re.DOTALL,
)
MARKED = re.compile(r'(?:\b_|ngettext)\(\s*"([^"]*)"')


def english() -> Iterator[str]:
    """Every text of the product: the message ids, the pages about the site, the programme."""
    yield from (text for text, _ in pairs())
    for page in site_pages("en").values():
        yield from page.splitlines()
    programme = tomllib.loads((ROOT / "cvtube/data/film_program.toml").read_text(encoding="utf-8"))
    for topic in programme["topic"]:
        yield from _of_programme(topic)


def _of_programme(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "en":
                yield from value if isinstance(value, list) else [value]
            elif key != "fr":
                yield from _of_programme(value)
    elif isinstance(part, list):
        for each in part:
            yield from _of_programme(each)


def other_words(text: str) -> list[str]:
    """What the glossary has another word for."""
    if text in SAID_OF_WORK:
        return []
    found = [use for said, use in GLOSSARY.items() if re.search(said, text, re.IGNORECASE)]
    nouns = (hit for hit in FILM.finditer(text) if not BEFORE_THE_VERB.search(text[: hit.start()]))
    return found + ["video" for _ in nouns]


def begins_with_a_verb(words: str) -> bool:
    return (
        words in ACCEPTED
        or words.startswith(("Yes, ", "Back to "))
        or VERB.match(words) is not None
    )


def buttons(template: str) -> Iterator[str]:
    """The words of each button, and of each link and label that looks like one."""
    for button in BUTTON.finditer(template):
        looks = re.search(r'class="[^"]*\bbutton\b', button["attributes"])
        if button["tag"] == "button" or looks:
            yield from MARKED.findall(button["inside"])


def test_every_text_uses_the_words_of_the_glossary():
    wrong = {text: uses for text in english() if (uses := other_words(text))}
    assert wrong == {}


@pytest.mark.parametrize(
    "wrong",
    [
        "Send your film", "My films", "This film is too long.", "A film of one minute",
        "Please log in first.", "You are logged out.", "Other log-ins have ended.",
        "We have sent a mail.", "E-mail address", "Keep this take", "Take %(number)d",
        "You can take it back.", "Take my film back", "Throw it away", "Leave this out",
        "Please go on tomorrow.", "Who may see it?", "A machine listens.", "Chapter 1",
        "Everything is kept.", "It stops at once.", "Switch my link off", "This file is no video.",
    ],
)  # fmt: skip
def test_a_word_the_glossary_does_not_have_is_found(wrong):
    assert other_words(wrong) != []


@pytest.mark.parametrize(
    "right",
    [
        "Film yourself", "You can film. Leave this page open.", "Film this part again",
        "Check the cable, then film again.", "Kept until %(day)s", "Take this part down now",
        "Keep this recording", "Event log", "Switch camera", "set up a machine",
    ],
)  # fmt: skip
def test_a_word_the_glossary_has_is_left_alone(right):
    assert other_words(right) == []


def test_every_button_begins_with_a_verb():
    wrong = []
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        if name.startswith("cvtube/templates/") and path.suffix == ".html":
            words = buttons(path.read_text(encoding="utf-8"))
            wrong += [f"{name}: {said}" for said in words if not begins_with_a_verb(said)]
    assert wrong == []


@pytest.mark.parametrize(
    ("template", "wrong"),
    [
        ('<button class="big">{{ icon("x") }}{{ _("Not yet") }}</button>', ["Not yet"]),
        (
            '<a class="button quiet" href="{{ url_for(\'x\') }}">{{ _("My videos") }}</a>',
            ["My videos"],
        ),
        ('<label class="button" for="x">{{ _("A video") }}</label>', ["A video"]),
        ('<a href="/x">{{ _("My videos") }}</a><button>{{ _("Save") }}</button>', []),
    ],
)
def test_a_button_without_a_verb_is_found(template, wrong):
    assert [words for words in buttons(template) if not begins_with_a_verb(words)] == wrong


def test_the_spelling_is_british():
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    code = re.compile(r"```.*?```|`[^`]*`|\]\([^)]*\)", re.DOTALL)
    texts = [*english(), *(code.sub("", page.read_text(encoding="utf-8")) for page in pages)]
    assert [hit[0] for text in texts if (hit := AMERICAN.search(text))] == []
    assert AMERICAN.search("Your organization")


def test_numbers_of_days_and_minutes_are_digits():
    assert [text for text, _ in pairs() if SPELLED.search(text)] == []
    assert SPELLED.search("It is shown for six months.")
