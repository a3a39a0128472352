"""What can be done to the sentences of a clip. Pure: sentences in, sentences out.

Texts may have line breaks while they are edited: each begins a new sentence (see `settled`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import chain, pairwise, repeat

from cvtube.errors import Refused
from cvtube.videos.captions import LONGEST_TEXT, MOST_SENTENCES, SHORTEST_MS
from cvtube.videos.sentences import Sentence

NEW_MS = 2500  # what a sentence somebody adds lasts, where there is room
ENDS = (".", "?", "!", "…")


def reworded(before: Sentence, text: str) -> Sentence:
    """The sentence with another text; words that stayed keep their times."""
    words = text.split()
    if not before.timed or not words:
        return replace(before, text=text, word_starts=())
    if words == before.words:
        return replace(before, text=text)
    known: list[int | None] = [None] * len(words)
    for old, new, size in SequenceMatcher(None, before.words, words, False).get_matching_blocks():
        known[new : new + size] = before.word_starts[old : old + size]
    return replace(before, text=text, word_starts=_filled(known, before.start_ms, before.end_ms))


def _filled(known: Sequence[int | None], start: int, end: int) -> tuple[int, ...]:
    """Times for the words that have none: evenly between their neighbours that have one."""
    posts = [(-1, start), *((i, at) for i, at in enumerate(known) if at is not None)]
    posts.append((len(known), end))
    filled: list[int] = []
    for (left, from_ms), (right, to_ms) in pairwise(posts):
        if left >= 0:
            filled.append(from_ms)
        gap = right - left - 1
        # Before the first known word the first of the gap begins where the sentence does.
        share = gap if left < 0 else gap + 1
        first = 0 if left < 0 else 1
        filled += [from_ms + (to_ms - from_ms) * (first + n) // share for n in range(gap)]
    return tuple(filled)


def split_sentence(sentence: Sentence, caret: int | None = None) -> tuple[Sentence, Sentence]:
    """Two sentences: parted at a place in the text, else where it is best read apart.

    Raises:
        Refused: "nothing_to_split" in a single word.
    """
    words = sentence.words
    if len(words) <= 1:
        raise Refused("nothing_to_split")
    if caret is None:
        return _parted(sentence, _middle(words))
    before = sentence.text[:caret]
    # Inside a word, the word stays whole and begins the second sentence.
    whole = len(before.split()) - (before[-1:].strip() != "" and sentence.text[caret:][:1] > " ")
    return _parted(sentence, min(max(whole, 1), len(words) - 1))


def _middle(words: list[str]) -> int:
    """How many words go first: near the middle, behind a full stop or comma if one is there."""
    half = len(words) / 2
    marks = [n for n in range(1, len(words)) if words[n - 1].endswith((*ENDS, ",", ";", ":"))]
    near = [n for n in marks if abs(n - half) <= half / 2]
    return min(near or range(1, len(words)), key=lambda n: abs(n - half))


def _parted(sentence: Sentence, number: int) -> tuple[Sentence, Sentence]:
    words, starts = sentence.words, sentence.word_starts if sentence.timed else ()
    first, second = " ".join(words[:number]), " ".join(words[number:])
    length = sentence.end_ms - sentence.start_ms
    at = (
        starts[number]
        if starts
        else sentence.start_ms + length * len(first) // len(f"{first} {second}")
    )
    at = min(max(at, sentence.start_ms + 1), sentence.end_ms - 1)
    return (
        Sentence(sentence.start_ms, at, first, starts[:number]),
        Sentence(at, sentence.end_ms, second, starts[number:]),
    )


def merge_sentences(first: Sentence, second: Sentence) -> Sentence:
    """One sentence of two neighbours."""
    timed = first.timed and second.timed
    return Sentence(
        first.start_ms,
        max(first.end_ms, second.end_ms),
        f"{first.text} {second.text}".strip(),
        (*first.word_starts, *second.word_starts) if timed else (),
    )


def added(sentences: Sequence[Sentence], at_ms: int, clip_ms: int) -> tuple[list[Sentence], int]:
    """With an empty sentence near that time, and its number.

    Raises:
        Refused: "no_room" where no silence is left from there on.
    """
    ends = [0, *(s.end_ms for s in sentences)]
    begins = [*(s.start_ms for s in sentences), clip_ms]
    for number, (free_from, free_to) in enumerate(zip(ends, begins, strict=True)):
        start = max(free_from, min(at_ms, clip_ms))
        if free_to - start >= SHORTEST_MS:
            new = Sentence(start, min(start + NEW_MS, free_to), "")
            return [*sentences[:number], new, *sentences[number:]], number
    raise Refused("no_room")


def settled(sentences: Iterable[Sentence], clip_ms: int) -> list[Sentence]:
    """In order, each by itself, none longer than the clip: what may be kept.

    Raises:
        Refused: "sentence_times" for one that ends before it begins, or begins past the end;
            "sentence_too_long", "sentences_too_many".
    """
    sentences = list(sentences)
    lines = [_lines(sentence.text) for sentence in sentences]
    if sum(map(len, lines)) > MOST_SENTENCES:
        raise Refused("sentences_too_many", most=MOST_SENTENCES)
    if any(len(line) > LONGEST_TEXT for line in chain.from_iterable(lines)):
        raise Refused("sentence_too_long", longest=LONGEST_TEXT)
    found = sorted(_by_line(sentences), key=lambda sentence: sentence.start_ms)
    next_starts = [sentence.start_ms for sentence in found[1:]]
    limits = chain(next_starts, repeat(clip_ms))
    return [_within(sentence, limit) for sentence, limit in zip(found, limits, strict=False)]


def _within(sentence: Sentence, limit: int) -> Sentence:
    """Ended where the next one begins; its words begin inside it."""
    end = min(sentence.end_ms, limit)
    if sentence.start_ms < 0 or end <= sentence.start_ms:
        raise Refused("sentence_times")
    starts = tuple(min(max(at, sentence.start_ms), end) for at in sentence.word_starts)
    return replace(sentence, end_ms=end, word_starts=starts if sentence.timed else ())


def _lines(text: str) -> list[str]:
    """What becomes a sentence of its own; at least one, which may be empty."""
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()] or [""]


def _by_line(sentences: Iterable[Sentence]) -> list[Sentence]:
    found: list[Sentence] = []
    for sentence in sentences:
        first, *others = _lines(sentence.text)
        rest = replace(sentence, text=" ".join((first, *others)))
        for line in (first, *others)[:-1]:
            head, rest = _parted(rest, len(line.split()))
            found.append(head)
        found.append(replace(rest, text=" ".join(rest.words)))
    return found
