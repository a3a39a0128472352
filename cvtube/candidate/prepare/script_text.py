"""From answers to a script: the person's own words, put into short sentences. Pure.

Nothing is added that was not said, nothing is judged, nothing of this is kept but the text. What
is added is grammar alone (`french`, `english`): "aide ménagère" makes "un poste d’aide ménagère".
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from cvtube.candidate.prepare import english, french, lexicon
from cvtube.candidate.prepare.interview import PLACE, Question, Topic


class _Speech(Protocol):
    """What a language knows of its grammar (the modules `french` and `english`)."""

    WHOLE: re.Pattern[str]

    def is_verb(self, part: str) -> bool: ...
    def is_quality(self, part: str) -> bool: ...
    def continues(self, part: str) -> bool: ...
    def bare(self, part: str) -> str: ...
    def heard(self, opening: str, part: str) -> str: ...
    def at(self, town: str) -> str: ...
    def alone(self, opening: str, part: str) -> str: ...
    def put(self, opening: str, answer: str) -> str: ...


_SPEECH: Mapping[str, _Speech] = {"fr": french, "en": english}
_END = re.compile(r"[\s.,;:!?…]+$")
_WORD = re.compile(r"[^\W_][\w’'-]*")
_AND = {"fr": " et ", "en": " and "}

_TOOLS, _PAPERS = lexicon.shared("tools"), lexicon.shared("papers")
_CAPITALS = re.compile(r"\w*[A-Z]\w*[A-Z]|\w*[a-z][A-Z]|\w[+#]", re.ASCII)

LONGEST_ANSWER = 300
LONGEST_SCRIPT = 2000


class _Said(NamedTuple):
    kind: str  # "" goes on after `say`; "whole" is a sentence; the others have their own `say_`
    words: str


def compose(topic: Topic, answers: Mapping[str, str], language: str) -> str:
    """What was answered, in sentences, in the questions' order."""
    lines: list[str] = []
    for question in topic.question:
        given = [answers.get(name, "") for name in (question.name, question.name_known)]
        lines += _sentences(question, [one for one in given if _END.sub("", one)], language)
    return "\n".join(lines)


def _sentences(question: Question, given: Sequence[str], language: str) -> list[str]:
    """One for each way in which the answers go on: "Je sais tondre", "Je travaille avec HTML"."""
    said = [one for answer in given for one in _said(question, answer, language)]
    lines = []
    for kind in dict.fromkeys(one.kind for one in said):
        alike = [one.words for one in said if one.kind == kind]
        if kind == "whole":
            lines += [_whole(words, language) for words in alike]
        else:
            say = question.frames[kind][language]
            lines.append(sentence(say, alike, language, known=question.known))
    return lines


def _said(question: Question, answer: str, language: str) -> list[_Said]:
    """The answer's parts, without what the question's own sentence says already."""
    taps = question.every_tap(language)
    parts = _parts(answer, language, taps) if question.several else [" ".join(answer.split())]
    opening = question.say[language].partition(PLACE)[0]
    found = []
    for part in parts:
        bare = _SPEECH[language].heard(opening.rstrip(), unsaid(opening, part))
        bare = _lowered(bare) if _lowered(bare) in taps else bare
        if bare not in taps and _SPEECH[language].WHOLE.match(bare):
            found.append(_Said("whole", bare))
        else:
            found.append(_Said("" if bare in taps else _kind(question, bare, language), bare))
    return found


def _parts(answer: str, language: str, taps: Sequence[str]) -> list[str]:
    """One for each thing: "tailler les haies et les arbres" is a single one."""
    parts: list[str] = []
    for part in split_taps(" ".join(answer.split()), language, taps):
        if parts and part not in taps and _SPEECH[language].continues(part):
            parts[-1] = join_taps([parts[-1], part], language)
        else:
            parts.append(part)
    return [part for part in parts if _END.sub("", part)]


def _kind(question: Question, part: str, language: str) -> str:
    """Which of the question's sentences an answer goes on from."""
    speech, first = _SPEECH[language], (words(part) or [""])[0]
    tests = {
        "quality": speech.is_quality(part),
        "tool": first.casefold() in _TOOLS or _keeps_its_capitals(part, first),
        "noun": True,
    }
    if speech.is_verb(part):
        return ""
    return next((kind for kind, true in tests.items() if true and kind in question.frames), "")


def _keeps_its_capitals(part: str, first: str) -> bool:
    return bool(_CAPITALS.match(part)) and first.casefold() not in _PAPERS


def sentence(say: str, parts: Sequence[str], language: str, *, known: str = "") -> str:
    """The answers in their place, as one would say it aloud."""
    speech = _SPEECH[language]
    opening, _, closing = (piece.strip() for piece in say.partition(PLACE))
    ended = _ended(parts[-1], language)
    fitting = [_fit(_END.sub("", part), opening, language, known) for part in parts]
    if opening.endswith((" en", " in")):
        fitting = [speech.bare(part) for part in fitting]
    said = join_taps(fitting, language)
    said = speech.put(opening, said) if opening else said
    return _finished(said, ended or closing or ".", language)


def _fit(part: str, opening: str, language: str, known: str) -> str:
    """One answer with the capital and the small word that it needs after this opening."""
    speech = _SPEECH[language]
    if known == "name":
        return part.title() if part == part.lower() else part
    if known == "place":
        return speech.at(part)
    return speech.alone(opening, _lowered(part)) if opening else part


def _lowered(part: str) -> str:
    """Without the capital that a phone types at the beginning; "HTML", "Excel", "I" keep theirs."""
    first = (words(part) or [""])[0]
    if first == "I" or first.casefold() in _TOOLS or any(one.isupper() for one in first[1:]):
        return part
    return part[:1].lower() + part[1:]


def _whole(said: str, language: str) -> str:
    return _finished(_END.sub("", said), _ended(said, language) or ".", language)


def _ended(answer: str, language: str) -> str:
    """The answer's own ! or ?, with the space that French puts before it."""
    last = answer.rstrip()[-1:]
    space = "\u202f" if language == "fr" else ""
    return f"{space}{last}" if last in {"!", "?"} else ""


def _finished(said: str, end: str, language: str) -> str:
    text = f"{said[:1].upper()}{said[1:]}{end}"
    return text.replace("'", "’") if language == "fr" else text


def at(town: str, language: str) -> str:
    """Where one works: "à Lyon", "au Mans", "in Lyon"."""
    return _SPEECH[language].at(town)


def unsaid(opening: str, answer: str) -> str:
    """The answer without a beginning that the sentence has already: "Depuis 2 ans" is "2 ans"."""
    said = [word.casefold() for word in words(opening.replace("'", "’"))]
    found = list(_WORD.finditer(answer))
    typed = [match[0].casefold().replace("'", "’") for match in found]
    for start in range(len(said)):
        again = len(said) - start
        if again < len(typed) and typed[:again] == said[start:]:
            return answer[found[again].start() :]
    return answer


def join_taps(parts: Sequence[str], language: str) -> str:
    """Several tapped answers in one: "planter, tondre et arroser"."""
    said = [part for part in (" ".join(part.split()) for part in parts) if part]
    if len(said) < 2:  # noqa: PLR2004 (nothing to join)
        return "".join(said)
    return ", ".join(said[:-1]) + _AND[language] + said[-1]


def split_taps(answer: str, language: str, whole: Sequence[str] = ()) -> list[str]:
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
