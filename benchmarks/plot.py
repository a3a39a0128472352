"""Curves of quality against bit rate as an SVG picture, one field a sample."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from benchmarks.reckoning import BUDGETS, OURS

WIDTH, HEIGHT, GAP = 340, 230, 46
COLUMNS = 2
LEGEND = 34
KBPS = (64, 4096)  # from the left to the right, on a logarithmic scale
VMAF = (20, 100)  # from below to above
COLOURS = {
    f"{OURS} av1": "#0b6e4f",
    f"{OURS} h264": "#7bb8a4",
    "peertube-like": "#c2410c",
    "mediacms-like": "#5b4bb7",
}


def curves(samples: dict[str, Any]) -> str:
    """The whole picture."""
    rows = math.ceil(len(samples) / COLUMNS)
    width, height = COLUMNS * (WIDTH + GAP) + GAP, rows * (HEIGHT + GAP) + GAP + LEGEND
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="11" role="img" '
        'aria-label="VMAF against kb/s, sound included">'
    )
    parts = [head, f'<rect width="{width}" height="{height}" fill="#fff"/>', *_legend()]
    for number, (name, found) in enumerate(samples.items()):
        x = GAP + number % COLUMNS * (WIDTH + GAP)
        y = LEGEND + GAP / 2 + number // COLUMNS * (HEIGHT + GAP)
        parts += [f'<g transform="translate({x} {y})">', *_field(name, found), "</g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _legend() -> Iterator[str]:
    for number, (name, colour) in enumerate(COLOURS.items()):
        x = GAP + 150 * number
        yield f'<rect x="{x}" y="14" width="18" height="4" fill="{colour}"/>'
        yield f'<text x="{x + 24}" y="20">{escape(name)}</text>'


def _field(name: str, found: dict[str, Any]) -> Iterator[str]:
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#999"/>'
    yield f'<text x="4" y="-5" font-weight="bold">{escape(name)}: VMAF at kb/s with sound</text>'
    for budget in BUDGETS:
        x = _x(budget)
        yield f'<line x1="{x:.1f}" x2="{x:.1f}" y2="{HEIGHT}" stroke="#ddd"/>'
        yield f'<text x="{x:.1f}" y="{HEIGHT + 13}" text-anchor="middle">{budget}</text>'
    for vmaf in range(VMAF[0], VMAF[1] + 1, 20):
        y = _y(vmaf)
        yield f'<line x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="#eee"/>'
        yield f'<text x="-5" y="{y + 4:.1f}" text-anchor="end">{vmaf}</text>'
    for curve, colour in COLOURS.items():
        pipeline, _space, family = curve.partition(" ")
        rungs = found["pipelines"][pipeline]["rungs"]
        points = [(r["kbps"], r["vmaf"]) for r in rungs if r["family"] == (family or "h264")]
        yield from _curve(sorted(points), colour)


def _curve(points: Sequence[tuple[float, float]], colour: str) -> Iterator[str]:
    places = [(_x(kbps), _y(vmaf)) for kbps, vmaf in points]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    yield f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>'
    for x, y in places:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'


def _x(kbps: float) -> float:
    first, last = (math.log(edge) for edge in KBPS)
    return WIDTH * min(max((math.log(kbps) - first) / (last - first), 0), 1)


def _y(vmaf: float) -> float:
    lowest, highest = VMAF
    return HEIGHT * (1 - min(max((vmaf - lowest) / (highest - lowest), 0), 1))
