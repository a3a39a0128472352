"""Tracks beside a film: captions, chapters, and small pictures for finding a spot.

All are WebVTT (https://www.w3.org/TR/webvtt1/); times run through the whole film.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cvtube.browse.playback import Address
from cvtube.browse.transcript import Line
from cvtube.videos.cuts import Part
from cvtube.videos.models import Asset, AssetKind

Cue = tuple[int, int, str]  # from, to (ms), text


def captions(lines: Iterable[Line], language: str) -> str:
    """What is said, in one language."""
    return _file(
        (line.start_ms, line.end_ms, _escaped(line.text))
        for line in lines
        if line.language == language
    )


def chapters(parts: Sequence[Part]) -> str:
    """What each part is about."""
    return _file(
        (part.start_ms, part.end_ms, _escaped(part.chapter.title))
        for part in parts
        if part.chapter.title
    )


def storyboard(parts: Sequence[Part], address: Address) -> str:
    """A small picture for every moment: a piece of a sheet (`#xywh`, Media Fragments 1.0)."""
    return _file(cue for part in parts for cue in _tiles(part, address))


def storyboard_of(part: Part) -> Asset | None:
    """The sheet of a part."""
    return _picture(part, AssetKind.STORYBOARD)


def poster_of(part: Part) -> Asset | None:
    """The largest still of a part."""
    return _picture(part, AssetKind.POSTER)


def _picture(part: Part, kind: AssetKind) -> Asset | None:
    found = [asset for asset in part.clip.assets if asset.kind is kind]
    return max(found, key=lambda asset: asset.width or 0, default=None)


def _tiles(part: Part, address: Address) -> Iterator[Cue]:
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


def _file(cues: Iterable[Cue]) -> str:
    blocks = (f"{_time(start)} --> {_time(end)}\n{text}\n" for start, end, text in cues)
    return "\n".join(("WEBVTT\n", *blocks))


def _time(ms: int) -> str:
    seconds, rest = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}.{rest:03d}"


def _escaped(text: str) -> str:
    # Also what would read as a cue's end, a tag or an arrow (sections 4.2.2 and 6.4).
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
