"""Tracks beside a film: captions, chapters, and small pictures for finding a spot.

All are WebVTT (https://www.w3.org/TR/webvtt1/); times run through the whole film.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cvtube.playback.hls import Address
from cvtube.playback.transcript import TranscriptLine
from cvtube.videos import webvtt
from cvtube.videos.models import Asset, AssetKind
from cvtube.videos.timeline import TimelinePart
from cvtube.videos.webvtt import Cue


def captions(lines: Iterable[TranscriptLine], language: str) -> str:
    """What is said, in one language."""
    return webvtt.serialize(
        (line.start_ms, line.end_ms, webvtt.escaped(line.text))
        for line in lines
        if line.language == language
    )


def chapters(parts: Sequence[TimelinePart]) -> str:
    """What each part is about."""
    return webvtt.serialize(
        (part.start_ms, part.end_ms, webvtt.escaped(part.chapter.title))
        for part in parts
        if part.chapter.title
    )


def storyboard(parts: Sequence[TimelinePart], address: Address) -> str:
    """A small picture for every moment: a piece of a sheet (`#xywh`, Media Fragments 1.0)."""
    return webvtt.serialize(cue for part in parts for cue in _tiles(part, address))


def storyboard_of(part: TimelinePart) -> Asset | None:
    """The sheet of a part."""
    return next((a for a in part.clip.assets if a.kind is AssetKind.STORYBOARD), None)


def poster_of(part: TimelinePart) -> Asset | None:
    """The still that stands for a part, as large as there is."""
    return part.poster[-1] if part.poster else None


def _tiles(part: TimelinePart, address: Address) -> Iterator[Cue]:
    sheet = storyboard_of(part)
    if sheet is None or not sheet.width or not sheet.height:
        return
    columns, every = sheet.facts["columns"], sheet.facts["interval_ms"]
    width, height = sheet.width // columns, sheet.height // sheet.facts["rows"]
    where = address(sheet.key)
    for number in range(sheet.facts["tiles"]):
        row, column = divmod(number, columns)
        start = part.start_ms + number * every
        last = number == sheet.facts["tiles"] - 1
        end = part.end_ms if last else min(start + every, part.end_ms)
        if start < end:
            yield start, end, f"{where}#xywh={column * width},{row * height},{width},{height}"
