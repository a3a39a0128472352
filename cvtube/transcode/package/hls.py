"""What the muxer made, as facts: byte ranges, durations, codecs and bandwidths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import m3u8

from cvtube.transcode.package import mp4
from cvtube.transcode.plan.ladder import SEGMENT_S

Segment = tuple[float, int, int]  # seconds, offset, size


class PackageError(Exception):
    """The encoder said all was well, and what it left is not what was ordered."""


@dataclass(frozen=True)
class Track:
    """One fragmented MP4 with its segments."""

    name: str
    path: Path
    size: int
    entry: mp4.InitSection
    init: tuple[int, int]  # offset, size
    segments: tuple[Segment, ...]

    @property
    def seconds(self) -> float:
        return sum(seconds for seconds, _offset, _size in self.segments)

    def facts(self) -> dict[str, Any]:
        """As `cvtube.videos.models.Asset` wants them."""
        return {
            "codecs": self.entry.codecs,
            "bandwidth": peak_bandwidth(self.segments),
            "average_bandwidth": round(sum(s[2] for s in self.segments) * 8 / self.seconds),
            "init": list(self.init),
            "segments": [list(segment) for segment in self.segments],
        }


def read_track(folder: Path, name: str) -> Track:
    """The track of this name, by the playlist ffmpeg wrote beside it."""
    path = folder / f"{name}.mp4"
    try:
        playlist = m3u8.loads((folder / f"{name}.m3u8").read_text(encoding="ascii"))
        size = path.stat().st_size
        if not playlist.is_endlist or {segment.uri for segment in playlist.segments} != {path.name}:
            raise PackageError(f"{name}: the playlist is not finished, or of another file")
        init = _range(playlist.segments[0].init_section.byterange)
        with path.open("rb") as file:
            entry = mp4.describe(file.read(init[0] + init[1])[init[0] :])
        segments = tuple((float(s.duration), *_range(s.byterange)) for s in playlist.segments)
    except (OSError, ValueError, AttributeError, mp4.BoxError) as error:
        raise PackageError(f"{name}: {error}") from error
    return Track(name, path, size, entry, init, segments)


def read_growing(folder: Path, name: str) -> Track | None:
    """What is finished of a track that is still being made; None: nothing yet."""
    path = folder / f"{name}.mp4"
    try:
        text = (folder / f"{name}.m3u8").read_text(encoding="ascii")
        # The file may just be being written: a segment counts once its last line is whole.
        playlist = m3u8.loads(text[: text.rfind(f"{path.name}\n") + len(path.name)])
        segments = tuple((float(s.duration), *_range(s.byterange)) for s in playlist.segments)
        if not segments:
            return None
        init = _range(playlist.segments[0].init_section.byterange)
        with path.open("rb") as file:
            entry = mp4.describe(file.read(init[0] + init[1])[init[0] :])
    except (OSError, ValueError, AttributeError, mp4.BoxError):
        return None
    return Track(name, path, sum(segments[-1][1:]), entry, init, segments)


def _range(text: str) -> tuple[int, int]:
    """From `length@offset` to offset and length."""
    length, _at, offset = text.partition("@")
    return int(offset), int(length)


def peak_bandwidth(segments: Sequence[Segment]) -> int:
    """The highest bit rate of any run of segments 0.5 to 1.5 targets long (RFC 8216, 4.3.4.2)."""
    peak = 0.0
    for first in range(len(segments)):
        seconds = size = 0.0
        for duration, _offset, length in segments[first:]:
            seconds, size = seconds + duration, size + length
            if seconds > 1.5 * SEGMENT_S:
                break
            if seconds >= 0.5 * SEGMENT_S:
                peak = max(peak, size * 8 / seconds)
    # A clip shorter than that has its mean alone.
    whole = sum(length for _duration, _offset, length in segments) * 8
    return round(peak or whole / sum(duration for duration, _offset, _length in segments))
