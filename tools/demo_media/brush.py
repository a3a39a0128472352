"""Drawing in a few words: paths as SVG writes them, soft light, and things that come in pairs."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import skia

Colour = str  # "#rrggbb"


@lru_cache(4096)
def shape(commands: str) -> skia.Path:
    """A path from SVG's absolute M, L, C, Q and Z: `shape("M 0 0 L 10 0 Z")`."""
    path, words = skia.Path(), iter(commands.split())
    draw = {"M": path.moveTo, "L": path.lineTo, "Q": path.quadTo, "C": path.cubicTo}
    counts = {"M": 2, "L": 2, "Q": 4, "C": 6}
    for word in words:
        if word == "Z":
            path.close()
        else:
            draw[word](*(float(next(words)) for _ in range(counts[word])))
    return path


def tone(colour: Colour, light: float = 0.0, alpha: float = 1.0) -> int:
    """The colour made lighter (up to 1) or darker (down to -1), and see-through."""
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    target = 255 if light > 0 else 0
    red, green, blue = (round(part + (target - part) * abs(light)) for part in parts)
    return int(skia.ColorSetARGB(round(255 * alpha), red, green, blue))


def flat(colour: Colour, light: float = 0.0, alpha: float = 1.0, blur: float = 0.0) -> skia.Paint:
    """One even colour, perhaps with soft edges."""
    paint = skia.Paint(AntiAlias=True, Color=tone(colour, light, alpha))
    if blur:
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
    return paint


def line(colour: Colour, width: float, light: float = 0.0, alpha: float = 1.0) -> skia.Paint:
    """A round-ended stroke."""
    paint = flat(colour, light, alpha)
    paint.setStyle(skia.Paint.kStroke_Style)
    paint.setStrokeWidth(width)
    paint.setStrokeCap(skia.Paint.kRound_Cap)
    paint.setStrokeJoin(skia.Paint.kRound_Join)
    return paint


def glow(
    centre: tuple[float, float], radius: float, inner: tuple[Colour, float, float]
) -> skia.Paint:
    """Light (or shade) that fades out from a point: (colour, light, alpha)."""
    colour, light, alpha = inner
    stops = [tone(colour, light, alpha), tone(colour, light, 0)]
    shader = skia.GradientShader.MakeRadial(skia.Point(*centre), radius, stops)
    return skia.Paint(AntiAlias=True, Shader=shader)


def slope(
    start: tuple[float, float], end: tuple[float, float], colour: Colour, lights: tuple[float, ...]
) -> skia.Paint:
    """One colour that grows lighter or darker from a point to another."""
    points = [skia.Point(*start), skia.Point(*end)]
    shader = skia.GradientShader.MakeLinear(points, [tone(colour, light) for light in lights])
    return skia.Paint(AntiAlias=True, Shader=shader)


def pair(canvas: skia.Canvas, draw: Callable[[float], None]) -> None:
    """Draw something at the right, and its mirror image at the left; told which (1, -1)."""
    for side in (1.0, -1.0):
        canvas.save()
        canvas.scale(side, 1)
        draw(side)
        canvas.restore()
