"""Shoulders, and what people wear to work. Same units as faces; shoulders begin near y = 210."""

from __future__ import annotations

from collections.abc import Callable

import skia

from brush import Colour, flat, glow, line, pair, shape, slope
from face import Face

Garment = Callable[[skia.Canvas, Colour], None]

BODY = (
    "M -62 196 C -110 214 -196 226 -222 282 C -240 330 -250 420 -254 560 "
    "L 254 560 C 250 420 240 330 222 282 C 196 226 110 214 62 196 "
    "C 40 232 -40 232 -62 196 Z"
)


def draw_torso(canvas: skia.Canvas, face: Face, wear: Garment, colour: Colour) -> None:
    """Neck, shoulders and clothes, from the back to the front."""
    canvas.save()
    canvas.translate(0, -34)
    neck = shape("M -50 90 C -48 150 -54 186 -84 208 L 84 208 C 54 186 48 150 50 90 Z")
    canvas.drawPath(neck, slope((-40, 120), (50, 200), face.skin, (0.0, -0.16)))
    canvas.drawPath(
        shape("M -84 206 L -70 260 L 0 330 L 70 260 L 84 206 Z"), flat(face.skin, -0.04)
    )
    shade = shape("M -52 104 C -50 168 50 168 52 104 Z")
    canvas.drawPath(shade, flat(face.skin, -0.55, 0.34, blur=7))
    wear(canvas, colour)
    canvas.restore()


def _body(canvas: skia.Canvas, colour: Colour, path: str = BODY) -> None:
    canvas.drawPath(shape(path), slope((-200, 210), (220, 520), colour, (0.12, 0, -0.24)))
    canvas.save()
    canvas.clipPath(shape(path), doAntiAlias=True)
    canvas.drawRect(
        skia.Rect.MakeLTRB(-260, 180, 260, 560), glow((-110, 240), 170, ("#ffffff", 0, 0.13))
    )
    for side in (-1, 1):  # where the arm meets the body
        fold = f"M {168 * side} 330 C {160 * side} 400 {166 * side} 480 {172 * side} 560"
        canvas.drawPath(shape(fold), line(colour, 6, -0.4, 0.28))
    canvas.restore()


def _v_neck(canvas: skia.Canvas, colour: Colour, trim: Colour) -> None:
    _body(canvas, colour, BODY.replace("C 40 232 -40 232 -62 196 Z", "L 0 322 L -62 196 Z"))
    canvas.drawPath(shape("M -64 197 L 0 324 L 64 197"), line(trim, 11))


def tunic(canvas: skia.Canvas, colour: Colour) -> None:
    """A nurse's: V neck, coloured trim, a badge."""
    _v_neck(canvas, colour, "#3f7f93")
    canvas.drawRoundRect(skia.Rect.MakeXYWH(84, 348, 66, 42), 6, 6, flat("#ffffff", 0, 0.95))
    canvas.drawRect(skia.Rect.MakeXYWH(84, 348, 66, 12), flat("#3f7f93"))
    for y in (369, 378):
        canvas.drawLine(93, y, 139, y, line("#8a9aa2", 3))


def chef(canvas: skia.Canvas, colour: Colour) -> None:
    """A cook's jacket with two rows of buttons."""
    _body(canvas, colour)
    canvas.drawPath(shape("M -66 194 C -40 240 40 240 66 194 L 78 214 C 44 268 -44 268 -78 214 Z"),
                    flat(colour, -0.06))  # fmt: skip
    canvas.drawPath(shape("M -70 240 C -20 300 -16 420 -18 560"), line(colour, 5, -0.24, 0.8))
    for y in (300, 366, 432, 498):
        for x in (-62, 48):
            canvas.drawCircle(x, y, 8, flat("#3a3d42"))
            canvas.drawCircle(x - 2, y - 2, 3, flat("#9aa0a8"))


def overalls(canvas: skia.Canvas, colour: Colour) -> None:
    """Work clothes with a zip and reflecting bands."""
    _body(canvas, colour)
    canvas.drawPath(shape("M -64 198 C -58 250 -22 268 0 262 C 22 268 58 250 64 198 L 96 222 C 70 290 30 300 0 292 C -30 300 -70 290 -96 222 Z"),
                    slope((0, 200), (0, 300), colour, (0.10, -0.12)))  # fmt: skip
    canvas.drawLine(0, 292, 0, 560, line("#c6ccd2", 5, -0.1))
    canvas.save()
    canvas.clipPath(shape(BODY), doAntiAlias=True)
    for y in (388, 470):
        canvas.drawRect(skia.Rect.MakeXYWH(-260, y, 520, 30), flat("#e6dd4f"))
        canvas.drawRect(skia.Rect.MakeXYWH(-260, y + 9, 520, 12), flat("#dfe4e8"))
    canvas.restore()


def shirt(canvas: skia.Canvas, colour: Colour) -> None:
    """An open collar and a row of buttons."""
    _body(canvas, colour, BODY.replace("C 40 232 -40 232 -62 196 Z", "L 0 290 L -62 196 Z"))

    def collar(_side: float) -> None:
        flap = "M 62 194 C 74 206 88 222 92 240 L 52 296 L 2 284 Z"
        canvas.drawPath(shape(flap), slope((0, 200), (90, 300), colour, (0.20, -0.04)))
        canvas.drawPath(shape("M 92 240 L 52 296 L 2 284"), line(colour, 3, -0.3, 0.5))

    pair(canvas, collar)
    canvas.drawLine(0, 290, 0, 560, line(colour, 3, -0.3, 0.5))
    for y in (330, 396, 462, 528):
        canvas.drawCircle(0, y, 5, flat("#ffffff", 0, 0.85))


def blazer(canvas: skia.Canvas, colour: Colour) -> None:
    """A jacket over something light."""
    canvas.drawPath(shape(BODY), slope((0, 210), (0, 420), "#f4f1ea", (0, -0.12)))

    def half(_side: float) -> None:
        front = "M 60 198 C 110 214 196 226 222 282 C 240 330 250 420 254 560 L 14 560 C 12 480 6 440 0 412 C 30 350 58 280 60 198 Z"
        canvas.drawPath(shape(front), slope((0, 210), (240, 540), colour, (0.10, -0.20)))
        lapel = "M 60 198 C 78 206 100 212 112 218 L 128 288 L 96 296 L 108 322 C 70 372 34 400 0 412 C 30 350 58 280 60 198 Z"
        canvas.drawPath(shape(lapel), slope((0, 210), (120, 400), colour, (0.18, -0.06)))
        canvas.drawPath(
            shape("M 128 288 L 96 296 L 108 322 C 70 372 34 400 0 412"), line(colour, 3, -0.4, 0.5)
        )

    pair(canvas, half)


def polo(canvas: skia.Canvas, colour: Colour) -> None:
    """A short-buttoned collar."""
    shirt(canvas, colour)
    canvas.drawRoundRect(skia.Rect.MakeXYWH(96, 356, 46, 34), 5, 5, flat("#ffffff", 0, 0.35))


def jumper(canvas: skia.Canvas, colour: Colour) -> None:
    """Knitted, with a round neck."""
    _body(canvas, colour)
    neck = "M -66 195 C -44 248 44 248 66 195"
    canvas.drawPath(shape(neck), line(colour, 20, -0.14))
    canvas.drawPath(shape(neck), line(colour, 9, 0.10))


def apron(canvas: skia.Canvas, colour: Colour) -> None:
    """A baker's: white shirt, coloured bib."""
    jumper(canvas, "#f3eee6")
    bib = "M -92 330 C -50 346 50 346 92 330 L 118 560 L -118 560 Z"
    canvas.drawPath(shape(bib), slope((-90, 330), (110, 560), colour, (0.12, -0.18)))
    for side in (-1, 1):
        canvas.drawLine(92 * side, 332, 70 * side, 206, line(colour, 13, -0.1))


def waistcoat(canvas: skia.Canvas, colour: Colour) -> None:
    """A receptionist's: jacket, scarf, a small pin."""
    blazer(canvas, colour)
    scarf = "M -58 196 C -34 238 34 238 58 196 L 66 220 C 40 258 14 262 6 262 L 30 340 L -26 344 L -4 262 C -40 258 -58 240 -66 220 Z"
    canvas.drawPath(shape(scarf), slope((-50, 200), (40, 330), "#d9a441", (0.25, -0.10)))
    canvas.drawCircle(126, 330, 8, flat("#e8c65a"))


WARDROBE: dict[str, Garment] = {
    garment.__name__: garment
    for garment in (tunic, chef, overalls, shirt, blazer, polo, jumper, apron, waistcoat)
}
