"""Pictures of a clip that stand for it, taken from our own renditions: never from what was sent."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cvtube.sandbox.process import MIB, Budget
from cvtube.toolchain.runner import Runner
from cvtube.transcode.ffmpeg import images
from cvtube.transcode.ffmpeg.images import EVERY_A_S, Size, StillChoice
from cvtube.transcode.package import verify
from cvtube.transcode.plan.ladder import Plan, Rendition
from cvtube.videos.models import AssetKind

POSTERS = {"poster": 1280, "poster-small": 640}  # longest side: a player's width, a card's
POSTER_FROM = 720  # the rung that has a poster's size
SHORT_S = 10  # a shorter clip has too few key frames to choose among
MOST_STILLS = 3  # one of each third
STILL_EACH_S = 5  # a shorter clip has one, one that is twice as long has all

TILE = 192  # longest side
COLUMNS = 6

_FEW_FRAMES = Budget(cpu_s=120, wall_s=300, memory=2048 * MIB)


@dataclass(frozen=True)
class Still:
    """One picture in `made`."""

    kind: AssetKind
    name: str
    path: Path
    size: Size
    facts: dict[str, Any] = field(default_factory=dict)


def make_images(runner: Runner, plan: Plan) -> list[Still]:
    """Posters and storyboard of the renditions in `made`."""
    stills = [*_posters(runner, plan), _storyboard(runner, plan)]
    for still in stills:
        verify.picture_file(still.path)
    return stills


def _posters(runner: Runner, plan: Plan) -> list[Still]:
    source = next(r for r in plan.plain if r.rung.side <= POSTER_FROM)
    sizes = {name: _fitted(source, longest) for name, longest in POSTERS.items()}
    made: list[int] = []
    for dark in (False, True):  # black frames only where there are no others
        command = images.posters(
            runner.tools.ffmpeg,
            runner.made / f"{source.name}.mp4",
            {f"{name}-%d.jpg": size for name, size in sizes.items()},
            choice(plan, dark=dark),
        )
        runner.make(command, None, _FEW_FRAMES)
        made = [n for n in range(1, MOST_STILLS + 1) if (runner.made / f"poster-{n}.jpg").exists()]
        if made:
            break
    return [
        Still(
            AssetKind.POSTER,
            name if number == 1 else f"{name}-{number}",
            runner.made / f"{name}-{number}.jpg",
            size,
            {"still": number - 1},
        )
        for number in made or [1]
        for name, size in sizes.items()
    ]


def choice(plan: Plan, *, dark: bool) -> StillChoice:
    """How many stills a clip gets, and of what."""
    stills = 1 if dark else min(MOST_STILLS, 1 + int(plan.seconds / STILL_EACH_S))
    every = plan.seconds < SHORT_S
    frames = math.ceil(EVERY_A_S * plan.seconds) if every else plan.key_frames
    return StillChoice(stills, frames, every=every, dark=dark)


def _storyboard(runner: Runner, plan: Plan) -> Still:
    source = plan.plain[-1]
    tile = _fitted(source, TILE)
    # No more rows than needed: the sheet would end in black tiles.
    rows = math.ceil(plan.key_frames / COLUMNS)
    still = Still(
        AssetKind.STORYBOARD,
        "storyboard",
        runner.made / "storyboard.jpg",
        (tile[0] * COLUMNS, tile[1] * rows),
        {
            "columns": COLUMNS,
            "rows": rows,
            "tiles": plan.key_frames,
            "interval_ms": round(1000 * plan.gop / plan.rate),
        },
    )
    command = images.storyboard(
        runner.tools.ffmpeg,
        runner.made / f"{source.name}.mp4",
        still.path.name,
        tile=tile,
        columns=COLUMNS,
        rows=rows,
    )
    runner.make(command, None, _FEW_FRAMES)
    return still


def _fitted(rendition: Rendition, longest: int) -> Size:
    scale = min(1.0, longest / max(rendition.width, rendition.height))
    return max(1, round(rendition.width * scale)), max(1, round(rendition.height * scale))
