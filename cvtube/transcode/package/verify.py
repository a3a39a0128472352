"""Is it what was ordered? Asked of the files before they are stored, and of the storage after.

"Exit status 0" alone is not enough: an encoder killed at the wrong moment has left short
films that called themselves ready.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from cvtube.storage.contract import ObjectNotFound, Storage, StoredObject
from cvtube.transcode.package.hls import PackageError, Track
from cvtube.transcode.plan.ladder import Plan

SAME_INSTANT = 0.001  # seconds; playlists round to the microsecond, sound to a sample


def tracks(plan: Plan, renditions: Sequence[Track], sound: Track) -> None:
    """Raises PackageError unless all tracks are whole and end together where planned."""
    for track in (*renditions, sound):
        lasts(plan, track)
    for track, ordered in zip(renditions, plan.renditions, strict=True):
        if (track.entry.width, track.entry.height) != (ordered.width, ordered.height):
            raise PackageError(f"{track.name} has another size than ordered")
    cuts = [
        [round(seconds, 4) for seconds, _offset, _size in track.segments] for track in renditions
    ]
    if any(cut != cuts[0] for cut in cuts):
        raise PackageError("the renditions are not cut at the same instants")
    if len(sound.segments) != len(cuts[0]):
        raise PackageError("picture and sound differ in their number of segments")


def lasts(plan: Plan, track: Track) -> None:
    """Raises PackageError unless the track is whole and ends where planned.

    Every byte of its file belongs to the header or to exactly one segment.
    """
    at = sum(track.init)
    for seconds, offset, size in track.segments:
        if offset != at or size <= 0 or seconds <= 0:
            raise PackageError(f"{track.name} has a hole at byte {at}")
        at += size
    if at != track.size:
        raise PackageError(f"{track.name} has {track.size} bytes, its playlist knows {at}")
    if abs(track.seconds - float(plan.seconds)) > SAME_INSTANT:
        raise PackageError(f"{track.name} lasts {track.seconds} s, not {plan.seconds}")


def picture_file(path: Path) -> None:
    """Raises PackageError unless it is a JPEG with an end."""
    if not path.is_file():
        raise PackageError(f"{path.name} was not made")
    content = path.read_bytes()
    if not (content.startswith(b"\xff\xd8") and content.endswith(b"\xff\xd9")):
        raise PackageError(f"{path.name} is not a whole picture")


def stored(storage: Storage, objects: Iterable[StoredObject]) -> None:
    """Raises PackageError unless the storage holds every object, as long as it was."""
    for expected in objects:
        try:
            found = storage.head(expected.key)
        except ObjectNotFound as error:
            raise PackageError(f"{expected.key} is not in the storage") from error
        if found.size != expected.size:
            raise PackageError(f"{expected.key} has {found.size} bytes in the storage")
