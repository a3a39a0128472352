"""Hair, head coverings, beards and glasses: what lies behind a head, and what lies before it."""

from __future__ import annotations

from collections.abc import Callable

import skia

from brush import Colour, flat, line, pair, shape, slope
from face import Face, Pose, outline

Layer = Callable[[skia.Canvas, Face, Pose], None]

CAP = "M -103 -8 C -112 -100 -70 -158 0 -158 C 70 -158 112 -100 103 -8 "


def _fill(canvas: skia.Canvas, colour: Colour, commands: str, *, light: float = 0.0) -> None:
    lights = (0.16 + light, light, -0.22 + light)
    canvas.drawPath(shape(commands), slope((-60, -150), (70, 90), colour, lights))


def _strands(canvas: skia.Canvas, colour: Colour, *paths: str) -> None:
    for path in paths:
        canvas.drawPath(shape(path), line(colour, 3, 0.30, 0.35))


# -- styles: (behind the head, before it) ------------------------------------------------------


def bun_back(canvas: skia.Canvas, face: Face, _pose: Pose) -> None:
    canvas.drawOval(skia.Rect.MakeLTRB(-40, -214, 44, -132), flat(face.hair, -0.12))
    _fill(canvas, face.hair, CAP + "C 104 20 100 40 92 50 L -92 50 C -100 40 -104 20 -103 -8 Z")


def bun_front(canvas: skia.Canvas, face: Face, _pose: Pose) -> None:
    _fill(
        canvas,
        face.hair,
        CAP + "C 100 -40 84 -74 52 -94 C 26 -110 -2 -114 -24 -104 C -66 -86 -94 -52 -103 -8 Z",
    )
    _strands(
        canvas,
        face.hair,
        "M -20 -106 C 10 -134 40 -142 62 -132",
        "M -28 -102 C -52 -110 -78 -92 -92 -58",
    )


def short_back(canvas: skia.Canvas, face: Face, _pose: Pose) -> None:
    _fill(canvas, face.hair, CAP + "L 98 28 L -98 28 Z", light=-0.15)


def short_front(canvas: skia.Canvas, face: Face, _pose: Pose) -> None:
    _fill(
        canvas,
        face.hair,
        "M -103 2 C -112 -70 -104 -132 -48 -158 C 4 -182 84 -166 104 -104 C 112 -76 106 -30 103 2 "
        "C 98 -26 96 -48 86 -66 C 62 -82 30 -78 4 -88 C -22 -98 -40 -92 -60 -78 "
        "C -84 -66 -94 -36 -103 2 Z",
    )
    _strands(
        canvas,
        face.hair,
        "M -58 -84 C -30 -134 20 -154 70 -136",
        "M -30 -92 C 0 -120 40 -128 84 -104",
    )


def side_back(canvas: skia.Canvas, face: Face, pose: Pose) -> None:
    short_back(canvas, face, pose)


def side_front(canvas: skia.Canvas, face: Face, _pose: Pose) -> None:
    _fill(
        canvas,
        face.hair,
        "M -102 0 C -110 -60 -106 -120 -66 -148 C -20 -178 60 -176 92 -132 C 112 -104 108 -40 102 0 "
        "C 98 -28 94 -50 84 -70 C 70 -98 40 -104 -8 -98 C -40 -94 -60 -104 -66 -120 "
        "C -72 -92 -92 -62 -102 0 Z",
    )
    _strands(
        canvas,
        face.hair,
        "M -62 -122 C -20 -156 40 -158 80 -124",
        "M -50 -110 C 0 -126 50 -124 88 -88",
    )


def bob_back(canvas: skia.Canvas, face: Face, _pose: Pose) -> None:
    _fill(
        canvas,
        face.hair,
        "M -110 -10 C -122 -110 -70 -166 0 -166 C 72 -166 122 -110 112 -10 C 120 50 122 100 104 136 "
        "C 80 148 60 142 50 126 L -50 126 C -60 142 -84 148 -106 136 C -122 100 -118 50 -110 -10 Z",
        light=-0.10,
    )


def bob_front(canvas: skia.Canvas, face: Face, _pose: Pose) -> None:
    _fill(
        canvas,
        face.hair,
        "M -106 60 C -120 -60 -100 -160 6 -164 C 104 -160 124 -60 108 64 C 98 20 96 -30 84 -62 "
        "C 60 -74 22 -84 -6 -120 C -24 -84 -62 -66 -84 -54 C -96 -20 -98 24 -106 60 Z",
    )
    _strands(
        canvas,
        face.hair,
        "M -4 -122 C -40 -130 -78 -96 -94 -30",
        "M 4 -124 C 50 -128 84 -92 98 -24",
        "M 2 -130 C 44 -144 84 -116 104 -50",
    )


def long_back(canvas: skia.Canvas, face: Face, _pose: Pose) -> None:
    _fill(
        canvas,
        face.hair,
        "M -108 -10 C -120 -110 -70 -166 0 -166 C 72 -166 122 -110 110 -10 C 126 60 116 120 134 196 "
        "C 140 250 110 282 84 290 L -84 290 C -112 282 -142 250 -134 196 C -116 120 -126 60 -108 -10 Z",
        light=-0.14,
    )


def long_front(canvas: skia.Canvas, face: Face, _pose: Pose) -> None:
    _fill(
        canvas,
        face.hair,
        "M -104 70 C -124 -60 -96 -166 0 -166 C 100 -166 124 -60 106 70 C 108 30 102 -10 92 -40 "
        "C 76 -84 44 -110 -18 -124 C -34 -98 -70 -84 -88 -44 C -100 -10 -102 30 -104 70 Z",
    )
    _strands(
        canvas,
        face.hair,
        "M -16 -126 C -60 -126 -92 -74 -98 0",
        "M -10 -128 C 50 -124 88 -74 100 0",
        "M -8 -136 C 60 -144 100 -86 108 -10",
    )


def afro_back(canvas: skia.Canvas, face: Face, _pose: Pose) -> None:
    for x, y, radius in (
        (0, -96, 112),
        (-84, -52, 70),
        (86, -54, 70),
        (-92, 10, 48),
        (94, 10, 48),
        (-52, -138, 66),
        (54, -138, 66),
        (0, -160, 60),
    ):
        canvas.drawCircle(x, y, radius, flat(face.hair, -0.05))


def afro_front(canvas: skia.Canvas, face: Face, _pose: Pose) -> None:
    _fill(
        canvas,
        face.hair,
        "M -104 -6 C -112 -90 -70 -156 0 -156 C 70 -156 112 -90 104 -6 "
        "C 98 -44 78 -82 44 -94 C 16 -102 -16 -102 -44 -94 C -78 -82 -98 -44 -104 -6 Z",
    )
    band = "M -101 -52 C -84 -116 -44 -138 0 -138 C 44 -138 84 -116 101 -52"
    canvas.drawPath(shape(band), line("#c9803a", 19))
    canvas.drawPath(shape(band), line("#f2c66a", 4, 0, 0.8))


def cropped_back(canvas: skia.Canvas, face: Face, _pose: Pose) -> None:
    _fill(canvas, face.hair, CAP.replace("158", "150") + "L 96 10 L -96 10 Z", light=-0.1)


def cropped_front(canvas: skia.Canvas, face: Face, _pose: Pose) -> None:
    hairline = (
        "M -101 -4 C -108 -94 -66 -150 0 -150 C 66 -150 108 -94 101 -4 C 96 -32 94 -58 80 -80 "
        "C 60 -96 -60 -96 -80 -80 C -94 -58 -96 -32 -101 -4 Z"
    )
    _fill(canvas, face.hair, hairline)


def curls_back(canvas: skia.Canvas, face: Face, _pose: Pose) -> None:
    for x, y in ((-92, -50), (-70, -108), (-26, -140), (26, -142), (72, -110), (94, -52)):
        canvas.drawCircle(x, y, 40, flat(face.hair, -0.12))


def curls_front(canvas: skia.Canvas, face: Face, _pose: Pose) -> None:
    spots = ((-90, -62, 26), (-66, -98, 30), (-30, -120, 32), (8, -124, 32))
    for x, y, radius in (*spots, (46, -116, 31), (76, -92, 28), (92, -58, 24)):
        canvas.drawCircle(x, y, radius, flat(face.hair))
        arc = f"M {x - radius * 0.5} {y} C {x - 6} {y - 14} {x + 8} {y - 12} {x + radius * 0.5} {y + 2}"
        canvas.drawPath(shape(arc), line(face.hair, 3, 0.25, 0.45))


def plait_back(canvas: skia.Canvas, face: Face, pose: Pose) -> None:
    nape = "C 106 30 102 50 92 60 L -92 60 C -102 50 -106 30 -103 -8 Z"
    _fill(canvas, face.hair, CAP + nape, light=-0.12)
    for step in range(6):
        x, y = 62 + 4 * (step % 2) + 6 * pose.yaw, 96 + 30 * step
        knot = skia.Rect.MakeXYWH(x, y, 44 - 3 * step, 42)
        canvas.drawOval(knot, flat(face.hair, -0.04 * (step % 2)))
    canvas.drawRect(skia.Rect.MakeXYWH(70, 268, 22, 9), flat("#c2453f"))


def plait_front(canvas: skia.Canvas, face: Face, pose: Pose) -> None:
    bun_front(canvas, face, pose)
    canvas.drawPath(shape("M -96 -14 C -104 10 -100 36 -94 56"), line(face.hair, 7, -0.05, 0.9))


def kerchief_back(canvas: skia.Canvas, face: Face, pose: Pose) -> None:
    bob_back(canvas, face, pose)


def kerchief_front(canvas: skia.Canvas, face: Face, pose: Pose) -> None:
    bob_front(canvas, face, pose)
    cloth = (
        "M -112 -58 C -112 -132 -62 -176 2 -176 C 66 -176 114 -132 112 -58 "
        "C 84 -96 40 -110 0 -110 C -40 -110 -84 -96 -112 -58 Z"
    )
    canvas.drawPath(shape(cloth), slope((-60, -170), (70, -60), "#e9e2d3", (0.25, 0, -0.14)))
    for x, y in ((-74, -108), (-36, -142), (6, -128), (44, -152), (78, -112), (-8, -160)):
        canvas.drawCircle(x, y, 6, flat("#b4483c", 0, 0.85))


STYLES: dict[str, tuple[Layer, Layer]] = {
    "bun": (bun_back, bun_front),
    "short": (short_back, short_front),
    "side": (side_back, side_front),
    "bob": (bob_back, bob_front),
    "long": (long_back, long_front),
    "afro": (afro_back, afro_front),
    "cropped": (cropped_back, cropped_front),
    "curls": (curls_back, curls_front),
    "plait": (plait_back, plait_front),
    "kerchief": (kerchief_back, kerchief_front),
}


# -- what else faces wear ----------------------------------------------------------------------


def beard(canvas: skia.Canvas, face: Face, pose: Pose) -> None:
    """A full beard; leaves the mouth free and follows the chin."""
    drop = 9 * pose.open
    canvas.save()
    canvas.clipPath(outline(face, drop), doAntiAlias=True)
    canvas.translate(9 * pose.yaw, 7 * pose.pitch)
    hole = shape(
        f"M -40 86 C -30 70 30 70 40 86 C 34 {124 + 22 * pose.open:.1f} -34 {124 + 22 * pose.open:.1f} -40 86 Z"
    )
    canvas.clipPath(hole, skia.ClipOp.kDifference, doAntiAlias=True)
    area = (
        f"M -112 0 C -100 44 -70 62 -44 64 C -26 54 26 54 44 64 C 70 62 100 44 112 0 "
        f"L 112 {170 + drop:.1f} L -112 {170 + drop:.1f} Z"
    )
    canvas.drawPath(shape(area), slope((0, 40), (0, 150), face.hair, (0.06, -0.16)))
    canvas.restore()


def glasses(canvas: skia.Canvas, _face: Face, pose: Pose) -> None:
    """Round frames with a glint."""
    canvas.save()
    canvas.translate(13 * pose.yaw, 9 * pose.pitch)
    frame = line("#33302e", 5)

    def lens(_side: float) -> None:
        rim = skia.Rect.MakeLTRB(11, -27, 75, 30)
        canvas.drawRoundRect(rim, 25, 25, flat("#ffffff", 0, 0.10))
        canvas.drawRoundRect(rim, 25, 25, frame)
        canvas.drawPath(shape("M 75 -6 L 100 -10"), frame)

    pair(canvas, lens)
    canvas.drawPath(shape("M -11 -6 C -5 -12 5 -12 11 -6"), frame)
    canvas.drawPath(shape("M 26 -12 L 40 -20"), line("#ffffff", 4, 0, 0.55))
    canvas.restore()


def earrings(canvas: skia.Canvas, _face: Face, pose: Pose) -> None:
    """Two small golden drops that swing with the head."""
    pair(
        canvas,
        lambda side: canvas.drawCircle(104 + 1.5 * side * pose.roll, 48, 6, flat("#d8a93f")),
    )


EXTRAS: dict[str, Layer] = {"beard": beard, "glasses": glasses, "earrings": earrings}
