"""Still pictures of a clip, taken from our own renditions: never from what was sent."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cvtube.transcode import verify
from cvtube.transcode.bench import Bench
from cvtube.transcode.ffmpeg import images
from cvtube.transcode.ffmpeg.images import Size
from cvtube.transcode.ladder import Plan, Rendition
from cvtube.transcode.spawn import MIB, Budget
from cvtube.videos.models import AssetKind

POSTERS = {"poster": 1280, "poster-small": 640}  # longest side: a player's width, a card's
POSTER_FROM = 720  # the rung that has a poster's size
SHORT_S = 10  # a shorter clip has too few key frames to choose among

TILE = 192  # longest side
COLUMNS = 6

_FEW_FRAMES = Budget(cpu_s=120, wall_s=300, memory=2048 * MIB)


@dataclass(frozen=True)
class Still:
    """One picture file in `made`."""

    kind: AssetKind
    name: str
    path: Path
    size: Size
    facts: dict[str, Any] = field(default_factory=dict)


def take(bench: Bench, plan: Plan) -> list[Still]:
    """Posters and storyboard of the renditions in `made`."""
    stills = [*_posters(bench, plan), _storyboard(bench, plan)]
    for still in stills:
        verify.picture_file(still.path)
    return stills


def _posters(bench: Bench, plan: Plan) -> list[Still]:
    source = next(r for r in plan.renditions if r.rung.side <= POSTER_FROM)
    stills = [
        Still(AssetKind.POSTER, name, bench.made / f"{name}.jpg", _fitted(source, longest))
        for name, longest in POSTERS.items()
    ]
    for dark in (False, True):  # a black frame only where there is no other
        command = images.posters(
            bench.tools.ffmpeg,
            bench.made / f"{source.name}.mp4",
            {still.path.name: still.size for still in stills},
            every=plan.seconds < SHORT_S,
            dark=dark,
        )
        bench.make(command, None, _FEW_FRAMES)
        if all(still.path.exists() for still in stills):
            break
    return stills


def _storyboard(bench: Bench, plan: Plan) -> Still:
    source = plan.renditions[-1]
    tile = _fitted(source, TILE)
    # No more rows than needed: the sheet would end in black tiles.
    rows = math.ceil(plan.key_frames / COLUMNS)
    still = Still(
        AssetKind.STORYBOARD,
        "storyboard",
        bench.made / "storyboard.jpg",
        (tile[0] * COLUMNS, tile[1] * rows),
        {
            "columns": COLUMNS,
            "rows": rows,
            "tiles": plan.key_frames,
            "interval_ms": round(1000 * plan.gop / plan.rate),
        },
    )
    command = images.storyboard(
        bench.tools.ffmpeg,
        bench.made / f"{source.name}.mp4",
        still.path.name,
        tile=tile,
        columns=COLUMNS,
        rows=rows,
    )
    bench.make(command, None, _FEW_FRAMES)
    return still


def _fitted(rendition: Rendition, longest: int) -> Size:
    scale = min(1.0, longest / max(rendition.width, rendition.height))
    return max(1, round(rendition.width * scale)), max(1, round(rendition.height * scale))
