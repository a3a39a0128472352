"""A head that speaks: invented faces, drawn by hand, with a mouth that follows a voice.

Units: half a face is 100 wide; the middle of the eyes is at (0, 0), the chin near y = 140.
"""

from __future__ import annotations

from dataclasses import dataclass

import skia

from brush import Colour, flat, glow, line, pair, shape, slope


@dataclass(frozen=True)
class Pose:
    """One moment of a face."""

    open: float = 0.0  # of the mouth, 0 to 1
    wide: float = 0.0  # corners apart (1, as in "ee") or together (-1, as in "oo")
    smile: float = 0.3
    lids: float = 1.0  # 1 open, 0 shut
    gaze: tuple[float, float] = (0.0, 0.0)
    brows: float = 0.0  # raised
    yaw: float = 0.0  # turned to its left, -1 to 1
    pitch: float = 0.0  # nodding
    roll: float = 0.0  # degrees
    breath: float = 0.0


@dataclass(frozen=True)
class Face:
    """What stays the same in every frame."""

    skin: Colour
    hair: Colour
    eyes: Colour = "#5b4030"
    lips: Colour = "#b5584f"
    jaw: float = 73.0  # half its width
    lashes: float = 0.0
    brow_width: float = 9.0
    stubble: float = 0.0


def outline(face: Face, drop: float) -> skia.Path:
    """The face's edge; `drop` is how far speech lowers the chin."""
    jaw, chin, fall = face.jaw, 140 + drop, 0.5 * drop
    return shape(
        f"M -99 -22 C -102 -98 -62 -142 0 -142 C 62 -142 102 -98 99 -22 "
        f"C 99 22 {jaw + 16:.1f} {66 + fall:.1f} {jaw:.1f} {92 + fall:.1f} "
        f"C {jaw - 16:.1f} {118 + drop:.1f} {jaw * 0.45:.1f} {chin:.1f} 0 {chin:.1f} "
        f"C {-jaw * 0.45:.1f} {chin:.1f} {16 - jaw:.1f} {118 + drop:.1f} {-jaw:.1f} {92 + fall:.1f} "
        f"C {-jaw - 16:.1f} {66 + fall:.1f} -99 22 -99 -22 Z"
    )


def draw_head(canvas: skia.Canvas, face: Face, pose: Pose) -> None:
    """Ears, face and features; hair and glasses come on top."""
    drop = 9 * pose.open
    _ears(canvas, face, pose)
    edge = outline(face, drop)
    canvas.drawPath(edge, slope((-70, -120), (80, 130), face.skin, (0.10, 0.0, -0.10)))
    canvas.save()
    canvas.clipPath(edge, doAntiAlias=True)
    _light(canvas, face)
    if face.stubble:
        _stubble(canvas, face, drop)
    canvas.translate(13 * pose.yaw, 9 * pose.pitch)
    _cheeks(canvas, face)
    _nose(canvas, face, pose)
    _mouth(canvas, face, pose)
    pair(canvas, lambda side: _eye(canvas, face, pose, side))
    canvas.restore()


def _ears(canvas: skia.Canvas, face: Face, pose: Pose) -> None:
    def ear(side: float) -> None:
        x = 98 - 5 * side * pose.yaw
        canvas.drawOval(skia.Rect.MakeXYWH(x - 13, -14, 30, 54), flat(face.skin, -0.06))
        canvas.drawPath(
            shape(f"M {x + 3:.1f} 2 C {x + 12:.1f} 0 {x + 12:.1f} 18 {x + 3:.1f} 26"),
            line(face.skin, 4, -0.25, 0.6),
        )

    pair(canvas, ear)


def _light(canvas: skia.Canvas, face: Face) -> None:
    box = skia.Rect.MakeLTRB(-130, -160, 130, 170)
    canvas.drawRect(box, glow((-42, -74), 120, ("#fff4e2", 0, 0.30)))
    canvas.drawRect(box, glow((112, 40), 110, (face.skin, -0.55, 0.28)))
    canvas.drawRect(box, glow((0, -168), 92, (face.hair, -0.3, 0.35)))  # the hair's own shade


def _stubble(canvas: skia.Canvas, face: Face, drop: float) -> None:
    area = shape(
        f"M -92 30 C -70 50 -52 58 -34 58 C -20 54 20 54 34 58 C 52 58 70 50 92 30 "
        f"L 84 {150 + drop:.1f} L -84 {150 + drop:.1f} Z"
    )
    canvas.drawPath(area, flat(face.hair, 0, face.stubble, blur=9))


def _cheeks(canvas: skia.Canvas, face: Face) -> None:
    def cheek(_side: float) -> None:
        canvas.drawRect(
            skia.Rect.MakeLTRB(20, 10, 100, 90), glow((58, 48), 32, (face.lips, 0.05, 0.26))
        )

    pair(canvas, cheek)


def _nose(canvas: skia.Canvas, face: Face, pose: Pose) -> None:
    x = 5 * pose.yaw
    bridge = f"M {x + 9:.1f} 2 C {x + 13:.1f} 18 {x + 20:.1f} 30 {x + 19:.1f} 40"
    canvas.drawPath(shape(bridge), line(face.skin, 5, -0.30, 0.35))
    tip = f"M {x - 15:.1f} 43 C {x - 9:.1f} 51 {x + 9:.1f} 52 {x + 16:.1f} 43"
    canvas.drawPath(shape(tip), line(face.skin, 4.5, -0.42, 0.75))
    canvas.drawOval(skia.Rect.MakeXYWH(x - 11, 26, 12, 12), flat("#ffffff", 0, 0.22, blur=5))


def _mouth(canvas: skia.Canvas, face: Face, pose: Pose) -> None:
    half = 33 + 9 * pose.wide + 4 * pose.smile
    lift, gap = 10 * pose.smile, 32 * pose.open
    x, y = 4 * pose.yaw, 87.0
    left, right, corner = x - half, x + half, y - lift
    top, bottom = y - 0.16 * gap, y + 1.5 + gap
    full = 8 - 2.5 * pose.wide
    outer = shape(
        f"M {left:.1f} {corner:.1f} "
        f"C {left + half * 0.5:.1f} {top - full:.1f} {x - 7:.1f} {top - full - 2:.1f} {x:.1f} {top - full + 2:.1f} "
        f"C {x + 7:.1f} {top - full - 2:.1f} {right - half * 0.5:.1f} {top - full:.1f} {right:.1f} {corner:.1f} "
        f"C {right - half * 0.42:.1f} {bottom + full + 3:.1f} {left + half * 0.42:.1f} {bottom + full + 3:.1f} {left:.1f} {corner:.1f} Z"
    )
    canvas.drawPath(outer, slope((x, top - 12), (x, bottom + 12), face.lips, (-0.12, 0.0, 0.10)))
    inner = shape(
        f"M {left + 5:.1f} {corner + 0.6:.1f} "
        f"C {left + half * 0.6:.1f} {top:.1f} {right - half * 0.6:.1f} {top:.1f} {right - 5:.1f} {corner + 0.6:.1f} "
        f"C {right - half * 0.5:.1f} {bottom:.1f} {left + half * 0.5:.1f} {bottom:.1f} {left + 5:.1f} {corner + 0.6:.1f} Z"
    )
    canvas.save()
    canvas.clipPath(inner, doAntiAlias=True)
    canvas.drawPaint(flat("#4a1d1f"))
    tongue = skia.Rect.MakeLTRB(x - half * 0.55, bottom - 0.42 * gap, x + half * 0.55, bottom + 20)
    canvas.drawOval(tongue, flat("#c0676a"))
    teeth = skia.Rect.MakeLTRB(x - half * 0.78, top - 12, x + half * 0.78, top + 5.5 + 0.14 * gap)
    canvas.drawRoundRect(teeth, 6, 6, flat("#fbf7f0"))
    canvas.restore()
    canvas.drawPath(inner, line(face.lips, 1.6, -0.45, 0.7))
    shade = skia.Rect.MakeXYWH(x - 17, bottom + full + 4, 34, 7)
    canvas.drawOval(shade, flat(face.skin, -0.4, 0.30, blur=4))


def _eye(canvas: skia.Canvas, face: Face, pose: Pose, side: float) -> None:
    canvas.save()
    canvas.translate(42, 0)
    top, bottom = -15 * pose.lids, 5 + 5 * pose.lids - 2 * pose.smile
    lid = f"M -21 4 C -14 {top:.1f} 12 {top - 2:.1f} 22 1"
    opening = shape(f"{lid} C 12 {bottom + 4:.1f} -12 {bottom + 4:.1f} -21 4 Z")
    canvas.drawOval(skia.Rect.MakeLTRB(-27, -20, 28, 18), flat(face.skin, -0.22, 0.28, blur=6))
    canvas.save()
    canvas.clipPath(opening, doAntiAlias=True)
    canvas.drawPaint(flat("#f7f3ee"))
    x, y = 5 * pose.gaze[0] * side + 3 * pose.yaw * side, -1 + 3 * pose.gaze[1]
    canvas.drawCircle(x, y, 11.5, slope((x, y - 11), (x, y + 11), face.eyes, (-0.35, 0.25)))
    canvas.drawCircle(x, y, 5.4, flat("#17110e"))
    canvas.drawCircle(x - 4 * side, y - 4, 2.9, flat("#ffffff", 0, 0.95))
    canvas.drawRect(skia.Rect.MakeLTRB(-24, -24, 24, top * 0.35), flat("#3a2a22", 0, 0.20, blur=4))
    canvas.restore()
    canvas.drawPath(shape(lid), line(face.hair, 3.6 + face.lashes, -0.55, 0.95))
    if face.lashes:
        canvas.drawPath(shape(f"M 19 1 L 27 {-5 * pose.lids:.1f}"), line(face.hair, 2.6, -0.55))
    crease = f"M -17 {top - 5:.1f} C -8 {top - 11:.1f} 12 {top - 11:.1f} 21 {top - 2:.1f}"
    canvas.drawPath(shape(crease), line(face.skin, 2.4, -0.34, 0.5))
    y = -34 - 9 * pose.brows
    brow = f"M -24 {y + 1:.1f} C -8 {y - 7:.1f} 12 {y - 7:.1f} 28 {y + 6:.1f}"
    canvas.drawPath(shape(brow), line(face.hair, face.brow_width, -0.1, 0.88))
    canvas.restore()
