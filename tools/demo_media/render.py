"""Film the invented people of cvtube/demo/people.json; `make.py` calls this in its environment.

usage: render.py WORK_FOLDER [CLIP …]
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import skia

import motion
from clothes import WARDROBE, draw_torso
from devices import DEVICES, Device, film
from face import Face, Pose, draw_head
from hair import EXTRAS, STYLES
from rooms import photograph
from voice import Speaker

HERE = Path(__file__).resolve().parent
DEMO = HERE.parent.parent / "cvtube" / "demo"
CLIPS = DEMO / "clips"
SCALE = 0.00205  # of the frame's shorter side: how large half a face's hundredth is
MARGIN = 0.02  # of the room beyond the frame, so that a wandering hand shows no edge


def main(work: Path, wanted: list[str]) -> None:
    looks = json.loads((HERE / "looks.json").read_text())
    recordings = json.loads((HERE / "recordings.json").read_text())
    timings_file = CLIPS / "timings.json"
    timings = json.loads(timings_file.read_text()) if timings_file.exists() else {}
    speaker = Speaker(work)
    for person in json.loads((DEMO / "people.json").read_text()):
        for chapter in person["chapters"]:
            clip = chapter["clip"]
            if wanted and clip not in wanted:
                continue
            started, look = time.monotonic(), looks[_who(clip)]
            speech = speaker.say(clip, chapter["says"], language=person["language"], how=look)
            timings[clip] = speech.spans_ms
            device = DEVICES[recordings[clip]]
            moments = motion.poses(speech.path, device.fps, clip)
            seconds = len(moments) / device.fps
            film(device, frames(look, device, moments, clip), speech.path, seconds, CLIPS / clip)
            timings_file.write_text(json.dumps(timings, indent=1, sort_keys=True) + "\n")
            size = (CLIPS / clip).stat().st_size
            took = time.monotonic() - started
            print(f"{clip}: {seconds:.1f} s, {size // 1000} kB, made in {took:.0f} s", flush=True)


def frames(look: dict[str, Any], device: Device, moments: list[Pose], seed: str) -> Iterator[bytes]:
    """Every frame, drawn."""
    width, height = device.size
    short, known = min(width, height), {field.name for field in fields(Face)}
    face = Face(**{name: value for name, value in look.items() if name in known})
    margin = round(MARGIN * short)
    room = photograph(look["room"], width + 2 * margin, height + 2 * margin, blur=0.011)
    pixels = np.zeros((height, width, 4), np.uint8)
    canvas = skia.Canvas(pixels, colorType=skia.kRGBA_8888_ColorType)
    for number, pose in enumerate(moments):
        x, y = motion.drift(number / device.fps, _who(seed)) if device.handheld else (0.0, 0.0)
        canvas.save()
        canvas.drawImage(room, x * short - margin, y * short - margin)
        canvas.translate(width / 2 + 0.4 * x * short, height * (0.46 if width > height else 0.41))
        canvas.scale(SCALE * short * _closer(width, height), SCALE * short * _closer(width, height))
        _draw(canvas, look, face, pose)
        canvas.restore()
        yield pixels.tobytes()


def _draw(canvas: skia.Canvas, look: dict[str, Any], face: Face, pose: Pose) -> None:
    behind, before = STYLES[look["style"]]
    with _Turned(canvas, pose):
        behind(canvas, face, pose)
    canvas.save()
    canvas.translate(2 * pose.yaw, 2.2 * pose.breath)
    draw_torso(canvas, face, WARDROBE[look["wear"]], look["colour"])
    canvas.restore()
    with _Turned(canvas, pose):
        draw_head(canvas, face, pose)
        if "beard" in look["extras"]:
            EXTRAS["beard"](canvas, face, pose)
        before(canvas, face, pose)
        for extra in look["extras"]:
            if extra != "beard":
                EXTRAS[extra](canvas, face, pose)


class _Turned:
    """The head tilts around the top of the neck."""

    def __init__(self, canvas: skia.Canvas, pose: Pose) -> None:
        self._canvas, self._pose = canvas, pose

    def __enter__(self) -> None:
        self._canvas.save()
        self._canvas.translate(5 * self._pose.yaw, 150 + 3 * self._pose.pitch)
        self._canvas.rotate(self._pose.roll)
        self._canvas.translate(0, -150)

    def __exit__(self, *_: object) -> None:
        self._canvas.restore()


def _closer(width: int, height: int) -> float:
    return 1.0 if width > height else 1.12


def _who(clip: str) -> str:
    return clip.partition(".")[0].partition("-")[0]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
