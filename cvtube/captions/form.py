"""The form of the sentences, as a browser sends it: three values and an origin for each.

Fields of one name come in the order of the page. `was` is the sentence as it was shown,
"from-to" in milliseconds, by which it is known again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from werkzeug.datastructures import MultiDict

from cvtube.captions import editing
from cvtube.captions.editing import reworded
from cvtube.errors import Refused
from cvtube.i18n import LANGUAGES
from cvtube.videos.captions import LONGEST_TEXT, MOST_SENTENCES
from cvtube.videos.sentences import Sentence
from cvtube.web.forms import plain_text

LONGEST_NUMBER = 12  # characters of a time
LONGEST_PASTE = 20 * LONGEST_TEXT  # characters of a row, whose lines become sentences


class Row(NamedTuple):
    """One sentence as it was typed."""

    was: str
    start: str
    end: str
    text: str


@dataclass(frozen=True)
class Sent:
    """The whole form."""

    version: int
    language: str
    rows: Sequence[Row]
    verb: str  # what the pressed button is for
    number: int  # and the sentence it is for
    caret: int | None  # where in the text
    at_ms: int  # where in the clip

    def sentences(self, kept: Sequence[Sentence]) -> list[Sentence]:
        """The rows as sentences; those that were kept lend their words' times.

        Raises:
            Refused: "sentence_times" for what is no time.
        """
        known = {was(sentence): sentence for sentence in kept}
        return [_sentence(row, known.get(row.was)) for row in self.rows]


def parse(form: MultiDict[str, str]) -> Sent:
    """Raises Refused("bad_request") for a form that is not ours."""
    columns = [form.getlist(name) for name in Row._fields]
    if len({len(column) for column in columns}) != 1:
        raise Refused("bad_request")
    if len(columns[0]) > 2 * MOST_SENTENCES:
        raise Refused("sentences_too_many", most=MOST_SENTENCES)
    if any(len(text) > LONGEST_PASTE for text in form.getlist("text")):
        raise Refused("sentence_too_long", longest=LONGEST_TEXT)
    verb, _, number = form.get("do", "save").partition("-")
    caret = _whole(form.get("caret"))
    return Sent(
        version=_whole(form.get("version")) or 0,
        language=language(form),
        rows=[Row(*row) for row in zip(*columns, strict=True)],
        verb=verb,
        number=_whole(number) or 0,
        caret=caret,
        at_ms=_whole(form.get("at")) or 0,
    )


def language(form: MultiDict[str, str]) -> str:
    """The language that is said to be spoken."""
    chosen = form.get("language", "")
    if chosen not in LANGUAGES:
        raise Refused("choice_unknown")
    return chosen


def was(sentence: Sentence) -> str:
    """How a row names the sentence it shows."""
    return f"{sentence.start_ms}-{sentence.end_ms}"


def format_seconds(ms: int) -> str:
    """A time as the form shows it."""
    return f"{ms / 1000:.1f}"


def changed(sent: Sent, sentences: list[Sentence], clip_ms: int) -> tuple[list[Sentence], int]:
    """What the pressed button makes of the sentences, and which one is looked at next (or -1)."""
    if sent.verb == "here":
        return editing.added(sentences, sent.at_ms, clip_ms)
    change = {"split": _split, "join": _join, "delete": _delete}.get(sent.verb)
    if change is None and sent.verb != "add":
        return sentences, -1
    if sent.number >= len(sentences):
        raise Refused("bad_request")
    if change is None:
        return editing.added(sentences, sentences[sent.number].end_ms, clip_ms)
    return change(sent, sentences)


def _split(sent: Sent, sentences: list[Sentence]) -> tuple[list[Sentence], int]:
    number = sent.number
    halves = editing.split_sentence(sentences[number], sent.caret)
    return [*sentences[:number], *halves, *sentences[number + 1 :]], number + 1


def _join(sent: Sent, sentences: list[Sentence]) -> tuple[list[Sentence], int]:
    number = sent.number
    two = sentences[number : number + 2]
    one = editing.merge_sentences(*two) if len(two) > 1 else two[0]
    return [*sentences[:number], one, *sentences[number + 2 :]], number


def _delete(sent: Sent, sentences: list[Sentence]) -> tuple[list[Sentence], int]:
    left = [*sentences[: sent.number], *sentences[sent.number + 1 :]]
    return left, min(sent.number, len(left) - 1)


def _sentence(row: Row, before: Sentence | None) -> Sentence:
    text = plain_text(row.text) or ""
    if before is None:
        return Sentence(_ms(row.start), _ms(row.end), text)
    # A time nobody touched stays exact: the page shows tenths.
    start = before.start_ms if row.start == format_seconds(before.start_ms) else _ms(row.start)
    end = before.end_ms if row.end == format_seconds(before.end_ms) else _ms(row.end)
    return replace(reworded(before, text), start_ms=start, end_ms=end)


def _ms(typed: str) -> int:
    try:
        number = float(typed[:LONGEST_NUMBER].strip().replace(",", "."))
        return round(1000 * number)
    except (ValueError, OverflowError) as error:
        raise Refused("sentence_times") from error


def _whole(typed: str | None) -> int | None:
    plain = (typed or "")[:LONGEST_NUMBER]
    return int(plain) if plain.isascii() and plain.isdecimal() else None
