"""A contact sheet: a clip at a glance, one small picture for every few seconds."""

from __future__ import annotations

from dataclasses import dataclass

from cvtube.videos.models import Asset, AssetKind
from cvtube.videos.timeline import TimelinePart


@dataclass(frozen=True)
class Tile:
    """One picture of the sheet: where it is on it (percent), and when in the film."""

    at_ms: int
    left: float
    top: float


@dataclass(frozen=True)
class Sheet:
    """The object all pictures are cut from, and how."""

    key: str
    columns: int
    rows: int
    width: int  # of one picture, in pixels
    height: int
    tiles: tuple[Tile, ...]


def sheet_of(part: TimelinePart) -> Sheet | None:
    """The contact sheet of one part of a film (assets must be loaded)."""
    for asset in part.clip.assets:
        if asset.kind is AssetKind.STORYBOARD and asset.width and asset.height:
            return _sheet(asset, asset.width, asset.height, part)
    return None


def _sheet(asset: Asset, width: int, height: int, part: TimelinePart) -> Sheet:
    columns, rows = int(asset.facts["columns"]), int(asset.facts["rows"])
    step = int(asset.facts["interval_ms"])
    tiles = tuple(
        Tile(
            at_ms=part.start_ms + number * step,
            left=_percent(number % columns, columns),
            top=_percent(number // columns, rows),
        )
        for number in range(int(asset.facts["tiles"]))
    )
    return Sheet(asset.key, columns, rows, width // columns, height // rows, tiles)


def _percent(index: int, count: int) -> float:
    """CSS measures a background's place by the room that is left: the last one is at 100 %."""
    return 100 * index / (count - 1) if count > 1 else 0.0
