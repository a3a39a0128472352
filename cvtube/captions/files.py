"""Captions as files people bring and take: SubRip (.srt) and WebVTT (.vtt)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

import pysubs2

from cvtube.captions.editing import settled
from cvtube.errors import Refused
from cvtube.videos import webvtt
from cvtube.videos.captions import LONGEST_TEXT, MOST_SENTENCES
from cvtube.videos.sentences import Sentence

MOST_BYTES = 256 * 1024
# Byte order marks say which Unicode it is; old programs for Windows write Western letters.
MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_WORD_TIME = re.compile(r"<[\d:.]+>")
_TAG = re.compile(r"<[^<>]*>")
# Characters of a cue with the times of its words; what reads files takes the square of it.
LONGEST_CUE = 20 * LONGEST_TEXT


def parse(content: bytes, clip_ms: int) -> list[Sentence]:
    """The sentences of a file.

    Raises:
        Refused: "captions_too_big", "captions_unreadable", "captions_empty",
            "captions_past_end", "sentences_too_many", "sentence_too_long".
    """
    if len(content) > MOST_BYTES:
        raise Refused("captions_too_big", limit=MOST_BYTES // 1024)
    found = _merged(_parsed(_text(content)))
    if not found:
        raise Refused("captions_empty")
    if len(found) > MOST_SENTENCES:
        raise Refused("sentences_too_many", most=MOST_SENTENCES)
    if any(len(sentence.text) > LONGEST_TEXT for sentence in found):
        raise Refused("sentence_too_long", longest=LONGEST_TEXT)
    if any(sentence.start_ms >= clip_ms for sentence in found):
        raise Refused("captions_past_end")
    return settled(found, clip_ms)


def _text(content: bytes) -> str:
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if b"\0" in content:
        raise Refused("captions_unreadable")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _parsed(text: str) -> list[Sentence]:
    lines = "\n".join(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    if max(_lengths_of_cues(lines)) > LONGEST_CUE:
        raise Refused("sentence_too_long", longest=LONGEST_TEXT)
    kind = "vtt" if lines.lstrip().startswith("WEBVTT") else "srt"
    # A number at the end is taken for that of the next cue: let there be one.
    lines = "\n\n".join(("WEBVTT", *_cues(lines))) if kind == "vtt" else f"{lines}\n\n0\n"
    try:
        file = pysubs2.SSAFile.from_string(lines, format_=kind)
    except (pysubs2.Pysubs2Error, ValueError, IndexError) as error:
        raise Refused("captions_unreadable") from error
    found = (Sentence(event.start, event.end, _words(event.plaintext)) for event in file)
    spoken = [one for one in found if one.text and one.end_ms > one.start_ms]
    if not spoken and "-->" not in lines:
        raise Refused("captions_unreadable")
    return spoken


def _cues(webvtt_text: str) -> Iterator[str]:
    """Its cues alone: no notes, styles or names of cues (section 4.1), which would be read out.

    Nor the times of words: what reads the file takes a line with two of them for a cue's own.
    """
    for block in webvtt_text.split("\n\n"):
        before, arrow, _after = block.partition("-->")
        if arrow:
            times, *said = block[before.rfind("\n") + 1 :].split("\n")
            yield f"{times}\n{_WORD_TIME.sub('', ' '.join(said))}"


def _lengths_of_cues(text: str) -> Iterator[int]:
    length = 0
    for line in text.split("\n"):
        length = length + len(line) if line.strip() else 0
        yield length


def _words(text: str) -> str:
    plain = html.unescape(_TAG.sub("", text))
    return " ".join("".join(c for c in plain if c.isprintable() or c.isspace()).split())


def _merged(found: Iterable[Sentence]) -> list[Sentence]:
    """Two voices at one time become one sentence: there is one track."""
    merged: list[Sentence] = []
    for one in sorted(found, key=lambda sentence: sentence.start_ms):
        last = merged[-1] if merged else None
        if last is not None and last.start_ms == one.start_ms:
            end = max(last.end_ms, one.end_ms)
            merged[-1] = Sentence(one.start_ms, end, f"{last.text} {one.text}")
        else:
            merged.append(one)
    return merged


def to_webvtt(sentences: Iterable[Sentence]) -> str:
    """As WebVTT, with the time of each word where it is known (section 4.2.2)."""
    return webvtt.serialize(
        (one.start_ms, one.end_ms, _timed_text(one)) for one in sentences if one.words
    )


def _timed_text(sentence: Sentence) -> str:
    words = [webvtt.escaped(word) for word in sentence.words]
    if not sentence.timed:
        return " ".join(words)
    # Times inside a cue must grow, and lie between its ends.
    text, last = words[0], sentence.start_ms
    for word, at in zip(words[1:], sentence.word_starts[1:], strict=True):
        stamp = f"<{webvtt.time(at)}>" if last < at < sentence.end_ms else ""
        text, last = f"{text} {stamp}{word}", max(last, at)
    return text
