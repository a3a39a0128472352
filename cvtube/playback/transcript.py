"""What is said in a film: for reading beside it, and as captions in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cvtube.videos import captions
from cvtube.videos.models import TranscriptCue
from cvtube.videos.timeline import TimelinePart, Version


@dataclass(frozen=True)
class TranscriptLine:
    """One sentence, at its time in the film."""

    start_ms: int
    end_ms: int
    text: str
    language: str


def lines_of(session: Session, parts: Sequence[TimelinePart], cut: Version) -> list[TranscriptLine]:
    """Every sentence of the film's cut, in the order in which they are heard."""
    by_clip = {part.clip.id: part for part in parts}
    cues = captions.cues_of(session, by_clip, cut)
    found = [_line(cue, by_clip[cue.clip_id]) for cue in cues]
    return sorted((line for line in found if line), key=lambda line: line.start_ms)


def _line(cue: TranscriptCue, part: TimelinePart) -> TranscriptLine | None:
    # A sentence that hangs over its clip's end must not be read over the next one.
    start, end = part.start_ms + cue.start_ms, min(part.start_ms + cue.end_ms, part.end_ms)
    text = " ".join(cue.text.split())
    return TranscriptLine(start, end, text, cue.language) if start < end and text else None


def languages_of(lines: Iterable[TranscriptLine]) -> list[str]:
    """The languages that are spoken, the most heard first."""
    heard: dict[str, int] = {}
    for line in lines:
        heard[line.language] = heard.get(line.language, 0) + line.end_ms - line.start_ms
    return sorted(heard, key=lambda language: (-heard[language], language))
