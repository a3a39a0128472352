"""Tracks beside a film as text: WebVTT (https://www.w3.org/TR/webvtt1/)."""

from __future__ import annotations

from collections.abc import Iterable

Cue = tuple[int, int, str]  # from, to (ms), text


def serialize(cues: Iterable[Cue]) -> str:
    """A whole file; the texts are escaped already."""
    blocks = (f"{time(start)} --> {time(end)}\n{text}\n" for start, end, text in cues)
    return "\n".join(("WEBVTT\n", *blocks))


def time(ms: int) -> str:
    """A moment as cues write it: 83250 -> 00:01:23.250."""
    seconds, rest = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}.{rest:03d}"


def escaped(text: str) -> str:
    """Words that stay words, on one line."""
    # Also what would read as a cue's end, a tag or an arrow (sections 4.2.2 and 6.4).
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
