"""From words that a machine has heard to sentences that people can read along. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cvtube.captions.speech import Segment
from cvtube.videos.sentences import Sentence

PAUSE_S = 1.0  # a silence that ends a sentence even where no full stop was heard
LONGEST = 110  # characters: two lines on a film, read in seven seconds
ENDS = (".", "?", "!", "…")
BREATHS = (",", ";", ":")


@dataclass
class _Token:
    """One word as `str.split` counts them."""

    start_s: float
    end_s: float
    text: str


def sentences(segments: Iterable[Segment], duration_ms: int) -> Iterator[Sentence]:
    """Sentences in order, none of which overlaps the next one or the clip's end."""
    last_end = 0
    for tokens in _shortened(_sentences(_tokens(segments))):
        start = max(round(1000 * tokens[0].start_s), last_end)
        end = min(max(round(1000 * tokens[-1].end_s), start + 1), duration_ms)
        if start < end:
            last_end = end
            starts = tuple(min(max(round(1000 * t.start_s), start), end) for t in tokens)
            yield Sentence(start, end, " ".join(t.text for t in tokens), starts)


def _tokens(segments: Iterable[Segment]) -> Iterator[_Token]:
    """Words with what belongs to them: engines give "-t" and "-il" one by one."""
    open_token: _Token | None = None
    for word in (word for segment in segments for word in segment.words):
        parts = word.text.split()
        if open_token is not None and parts and not word.text[:1].isspace():
            open_token.text += parts.pop(0)
            open_token.end_s = word.end_s
        for part in parts:
            if open_token is not None:
                yield open_token
            open_token = _Token(word.start_s, word.end_s, part)
    if open_token is not None:
        yield open_token


def _sentences(tokens: Iterable[_Token]) -> Iterator[list[_Token]]:
    current: list[_Token] = []
    for token in tokens:
        # French writes a space before ! and ?, which so are tokens of their own.
        alone = not any(c.isalnum() for c in token.text)
        if current and not alone and _is_over(current[-1], token):
            yield current
            current = []
        current.append(token)
    if current:
        yield current


def _is_over(before: _Token, after: _Token) -> bool:
    return before.text.endswith(ENDS) or after.start_s - before.end_s >= PAUSE_S


def _shortened(found: Iterable[list[_Token]]) -> Iterator[list[_Token]]:
    """Long ones in pieces, at a breath where there is one."""
    for tokens in found:
        rest = tokens
        while _length(rest) > LONGEST and len(rest) > 1:
            cut = _cut(rest)
            yield rest[:cut]
            rest = rest[cut:]
        yield rest


def _cut(tokens: list[_Token]) -> int:
    """How many go first: up to the last breath that fits, else as many as fit."""
    fits = max((n for n in range(1, len(tokens)) if _length(tokens[:n]) <= LONGEST), default=1)
    at_breath = [n for n in range(1, fits + 1) if tokens[n - 1].text.endswith(BREATHS)]
    long_enough = [n for n in at_breath if _length(tokens[:n]) * 3 > LONGEST]
    return max(long_enough, default=fits)


def _length(tokens: list[_Token]) -> int:
    return sum(len(token.text) + 1 for token in tokens) - 1
