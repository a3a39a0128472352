"""From answers to a script: the person's own words, put into short sentences. Pure.

Nothing is added that was not said, nothing is judged, nothing of this is kept but the text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from cvtube.studio.program import PLACE, Topic

# Somebody who types "Je taille des haies" has made the sentence already.
_WHOLE = re.compile(
    r"^(je\b|j[’']|mo[in]\b|ma\b|mes\b|nous\b|i\b|i[’']m\b|my\b|we\b)", re.IGNORECASE
)
_END = re.compile(r"[\s.,;:!…]+$")
_WORD = re.compile(r"[^\W_][\w’'-]*")
_AND = {"fr": " et ", "en": " and "}

LONGEST_ANSWER = 300
LONGEST_SCRIPT = 2000


def compose(topic: Topic, answers: Mapping[str, str], language: str) -> str:
    """One line for each question that was answered, in the questions' order."""
    lines = [
        sentence(say[language], answers[name])
        for question in topic.question
        for name, say in question.frames.items()
        if _END.sub("", answers.get(name, ""))
    ]
    return "\n".join(lines)


def sentence(say: str, answer: str) -> str:
    """The answer in its place; an answer that is a sentence stands for itself."""
    said = _END.sub("", " ".join(answer.split()))
    if _WHOLE.match(said):
        end = "!" if answer.rstrip().endswith("!") else "."
        return f"{said[0].upper()}{said[1:]}{end}"
    return say.replace(PLACE, said)


def join(parts: Sequence[str], language: str) -> str:
    """Several tapped answers in one: "planter, tondre et arroser"."""
    said = [part for part in (" ".join(part.split()) for part in parts) if part]
    if len(said) < 2:  # noqa: PLR2004 (nothing to join)
        return "".join(said)
    return ", ".join(said[:-1]) + _AND[language] + said[-1]


def split(answer: str, language: str, whole: Sequence[str] = ()) -> list[str]:
    """The other way round, to show what was tapped; `whole` may have commas of their own."""
    between = (", ", _AND[language])
    parts = []
    while answer:
        ends = [answer.find(mark) for mark in between]
        end = min((at for at in ends if at >= 0), default=len(answer))
        for one in whole:
            if answer == one or answer.startswith(tuple(one + mark for mark in between)):
                end = max(end, len(one))
        parts.append(answer[:end])
        mark = next((mark for mark in between if answer.startswith(mark, end)), "")
        answer = answer[end + len(mark) :]
    return parts


def words(text: str) -> list[str]:
    """Every word that is spoken."""
    return _WORD.findall(text)


def reading_s(text: str, words_per_minute: int) -> int:
    """About how many seconds it takes to say it."""
    return math.ceil(60 * len(words(text)) / words_per_minute)
