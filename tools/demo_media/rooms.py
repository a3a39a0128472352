"""Where people film themselves: drawn in units of one frame (0 to 1), then out of focus."""

from __future__ import annotations

from collections.abc import Callable

import skia

from brush import Colour, flat, glow, line, slope

Room = Callable[[skia.Canvas, float], None]


def _rect(x: float, y: float, width: float, height: float) -> skia.Rect:
    return skia.Rect.MakeXYWH(x, y, width, height)


def _wall(canvas: skia.Canvas, colour: Colour, aspect: float) -> None:
    canvas.drawRect(_rect(0, 0, aspect, 1), slope((0, 0), (aspect, 1), colour, (0.22, 0, -0.16)))


def _window(canvas: skia.Canvas, x: float, y: float, width: float, height: float) -> None:
    canvas.drawRect(_rect(x, y, width, height), slope((x, y), (x, y + height), "#cfe4f2", (0.5, 0)))
    frame = line("#ffffff", 0.016)
    canvas.drawRect(_rect(x, y, width, height), frame)
    canvas.drawLine(x + width / 2, y, x + width / 2, y + height, frame)
    canvas.drawLine(x, y + height * 0.45, x + width, y + height * 0.45, frame)
    canvas.drawRect(
        _rect(0, 0, 3, 1), glow((x + width / 2, y + height / 2), 0.75, ("#ffffff", 0, 0.45))
    )


def _shelf(canvas: skia.Canvas, x: float, y: float, width: float, colours: str) -> None:
    canvas.drawRect(_rect(x, y, width, 0.014), flat("#8b6b4d"))
    tints, place, number = colours.split(), x + 0.012, 0
    while place < x + width - 0.04:
        high = 0.085 + 0.012 * ((number * 7) % 4)
        canvas.drawRect(_rect(place, y - high, 0.024, high), flat(tints[number % len(tints)]))
        place, number = place + 0.027 + 0.018 * (number % 5 == 4), number + 1


def _plant(canvas: skia.Canvas, x: float, floor: float, size: float) -> None:
    canvas.drawRoundRect(
        _rect(x - 0.07 * size, floor - 0.16 * size, 0.14 * size, 0.16 * size),
        0.02, 0.02, flat("#b9744f"),
    )  # fmt: skip
    for step, turn in enumerate((-58, -34, -12, 10, 32, 56)):
        canvas.save()
        canvas.translate(x, floor - 0.15 * size)
        canvas.rotate(turn)
        leaf = skia.Rect.MakeLTRB(-0.035 * size, -0.36 * size, 0.035 * size, 0)
        canvas.drawOval(leaf, flat("#5c8c5f", 0.08 * (step % 3)))
        canvas.restore()


def living_room(canvas: skia.Canvas, aspect: float) -> None:
    """Warm wall, books, a lamp."""
    _wall(canvas, "#e2d5c4", aspect)
    _shelf(canvas, 0.06, 0.34, 0.40, "#7a8fa6 #a65e5e #6f8f72 #c2a25b #8d7aa6")
    _shelf(canvas, 0.06, 0.54, 0.40, "#9c6b4f #5f7f8f #b58d3f #7d5a6c")
    x = aspect - 0.20
    canvas.drawRect(_rect(0, 0, aspect, 1), glow((x, 0.36), 0.55, ("#ffd98a", 0.2, 0.75)))
    canvas.drawLine(x, 0.42, x, 1, line("#6b5a48", 0.014))
    shade = skia.Path()
    shade.addPoly([(x - 0.07, 0.26), (x + 0.07, 0.26), (x + 0.12, 0.44), (x - 0.12, 0.44)], True)
    canvas.drawPath(shade, flat("#f6dfae"))


def office(canvas: skia.Canvas, aspect: float) -> None:
    """Daylight, a shelf and a plant."""
    _wall(canvas, "#cfd9df", aspect)
    _window(canvas, aspect - 0.62, 0.07, 0.50, 0.46)
    _shelf(canvas, 0.08, 0.36, 0.36, "#5b7c99 #c46f52 #e0b354 #6d9a7b #8c7fb0")
    _plant(canvas, aspect - 0.16, 1.0, 1.0)


def ward(canvas: skia.Canvas, aspect: float) -> None:
    """A corridor of a hospital: handrail, door, clean light."""
    _wall(canvas, "#d3e2de", aspect)
    canvas.drawRect(_rect(0, 0.64, aspect, 0.36), flat("#b4cdc8"))
    canvas.drawRect(_rect(0, 0.625, aspect, 0.022), flat("#f2f5f3"))
    x = aspect * 0.66
    canvas.drawRect(_rect(x, 0.14, aspect * 0.27, 0.86), flat("#e8e4d8"))
    canvas.drawRect(_rect(x + aspect * 0.16, 0.22, aspect * 0.06, 0.28), flat("#bcd6e2"))
    canvas.drawRect(_rect(aspect * 0.06, 0.10, aspect * 0.36, 0.05), flat("#ffffff"))
    canvas.drawRect(_rect(0, 0, aspect, 1), glow((aspect * 0.24, 0.1), 0.6, ("#ffffff", 0, 0.6)))


def kitchen(canvas: skia.Canvas, aspect: float) -> None:
    """Tiles, steel and hanging pans."""
    _wall(canvas, "#dde2e2", aspect)
    for row in range(7):
        canvas.drawLine(0, row * 0.085, aspect, row * 0.085, line("#b9c3c5", 0.004))
    for column in range(int(aspect / 0.12) + 1):
        canvas.drawLine(column * 0.12, 0, column * 0.12, 0.6, line("#b9c3c5", 0.004))
    canvas.drawRect(_rect(0, 0.6, aspect, 0.4), slope((0, 0.6), (0, 1), "#9aa4a8", (0.35, -0.25)))
    canvas.drawRect(_rect(0.04, 0.13, aspect - 0.08, 0.014), flat("#6d767b"))
    for number in range(int(aspect / 0.22)):
        x = 0.14 + 0.22 * number
        canvas.drawLine(x, 0.14, x, 0.26, line("#555d61", 0.012))
        canvas.drawCircle(
            x, 0.31, 0.055 + 0.012 * (number % 3), flat("#7c8589", 0.1 * (number % 2))
        )


def workshop(canvas: skia.Canvas, aspect: float) -> None:
    """A board of tools and a bright roof light."""
    _wall(canvas, "#7f8b93", aspect)
    canvas.drawRect(_rect(0, 0, aspect, 1), glow((aspect * 0.5, -0.1), 0.8, ("#fff5da", 0, 0.75)))
    canvas.drawRect(_rect(0.05, 0.20, aspect * 0.42, 0.34), flat("#a98a63"))
    for number in range(6):
        x = 0.09 + number * aspect * 0.062
        canvas.drawLine(x, 0.26, x, 0.40 + 0.02 * (number % 3), line("#4c545a", 0.016))
        canvas.drawCircle(x, 0.25, 0.020, flat("#c9513f" if number % 2 else "#3d6f8e"))
    for number in range(3):
        y = 0.30 + number * 0.16
        canvas.drawRect(_rect(aspect * 0.68, y, aspect * 0.28, 0.018), flat("#59636a"))
        canvas.drawRect(_rect(aspect * 0.70, y - 0.07, 0.10, 0.07), flat("#d0a24a", -0.1 * number))
        canvas.drawRect(_rect(aspect * 0.70 + 0.12, y - 0.09, 0.08, 0.09), flat("#8296a1"))


def lobby(canvas: skia.Canvas, aspect: float) -> None:
    """A hotel's: dark wood, warm lights, flowers."""
    _wall(canvas, "#b99f86", aspect)
    for number in range(int(aspect / 0.16) + 1):
        canvas.drawLine(number * 0.16, 0, number * 0.16, 1, line("#8e745c", 0.006))
    for x in (aspect * 0.14, aspect * 0.86):
        canvas.drawRect(_rect(0, 0, aspect, 1), glow((x, 0.26), 0.40, ("#ffe3a8", 0.2, 0.85)))
        canvas.drawOval(_rect(x - 0.045, 0.20, 0.09, 0.12), flat("#fff2d2"))
    canvas.drawRect(_rect(0, 0.78, aspect, 0.22), flat("#6d4f3b"))
    _plant(canvas, aspect * 0.20, 0.80, 0.62)


def bakery(canvas: skia.Canvas, aspect: float) -> None:
    """Baskets of bread on wooden shelves."""
    _wall(canvas, "#ecdcc2", aspect)
    for row in range(3):
        y = 0.24 + 0.20 * row
        canvas.drawRect(_rect(0, y, aspect, 0.018), flat("#9b7047"))
        for number in range(int(aspect / 0.13)):
            loaf = _rect(0.02 + 0.13 * number, y - 0.062 - 0.01 * ((number + row) % 2), 0.11, 0.066)
            canvas.drawOval(loaf, flat("#c98d4b", 0.12 * ((number * 3 + row) % 3)))


ROOMS: dict[str, Room] = {
    room.__name__: room for room in (living_room, office, ward, kitchen, workshop, lobby, bakery)
}


def photograph(name: str, width: int, height: int, blur: float) -> skia.Image:
    """The room as a camera sees it behind somebody: out of focus, darker at the edges."""
    aspect = width / height
    sharp = skia.Surface(width, height)
    canvas = sharp.getCanvas()
    canvas.scale(height, height)
    ROOMS[name](canvas, aspect)
    soft = skia.Surface(width, height)
    sigma = blur * min(width, height)
    paint = skia.Paint(ImageFilter=skia.ImageFilters.Blur(sigma, sigma, skia.TileMode.kClamp))
    soft.getCanvas().drawImage(sharp.makeImageSnapshot(), 0, 0, skia.SamplingOptions(), paint)
    edge = skia.GradientShader.MakeRadial(
        skia.Point(width / 2, height / 2),
        0.75 * max(width, height),
        [skia.ColorSetARGB(0, 0, 0, 0), skia.ColorSetARGB(90, 10, 10, 20)],
        [0.55, 1.0],
    )
    soft.getCanvas().drawRect(skia.Rect.MakeWH(width, height), skia.Paint(Shader=edge))
    return soft.makeImageSnapshot()
