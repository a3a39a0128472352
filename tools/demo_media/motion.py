"""How a face moves while it speaks: the mouth from the sound, the rest from habit and chance.

The mouth listens to three bands of the sound. How loud it is says how far it opens; the
second formant against the first says whether it is wide ("ee") or round ("oo"); hissing
("s", "f") closes the teeth. Nothing here knows the words.
"""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from face import Pose

Curve = NDArray[np.float64]

WINDOW_S = 0.045
LEAD_FRAMES = 1  # lips shape a sound before it is heard


def poses(wav: Path, fps: int, seed: str) -> list[Pose]:
    """One pose for each frame."""
    chance = random.Random(seed)  # the same film each time it is made
    first, second, hiss = _bands(wav, fps)
    count = len(first)
    loud = _soft(first + second + 0.3 * hiss, 0.7)
    level = np.clip(loud / np.percentile(loud, 92), 0, 1.25) ** 0.75
    speaking = np.clip((level - 0.10) / 0.25, 0, 1)
    hissing = np.clip((hiss / (first + second + 1e-6) - 0.35) * 1.6, 0, 1)
    opening = _soft(np.clip(level - 0.08, 0, 1) * (1 - 0.75 * hissing), 0.9) * 0.85
    colour = np.log((second + 1e-5) / (first + 1e-5))
    colour = (colour - np.median(colour[speaking > 0.5])) / 1.6
    width = _soft(np.tanh(colour) * speaking, 1.2)
    opening, width = np.roll(opening, -LEAD_FRAMES), np.roll(width, -LEAD_FRAMES)
    stress = _soft(level, 0.28 * fps)
    time = np.arange(count) / fps
    greeting = np.exp(-((time - 0.5) ** 2) / 0.8) + np.exp(-((time - time[-1] + 0.4) ** 2) / 1.2)
    smile = 0.52 + 0.12 * _sway(time, chance, 0.21) + 0.42 * np.clip(greeting, 0, 1)
    lids, gaze = _blinks(count, fps, chance), _glances(count, fps, chance)
    nod = np.gradient(stress) * fps * 0.8
    yaw, roll = 0.42 * _sway(time, chance, 0.17), 1.9 * _sway(time, chance, 0.13)
    brows = np.clip(0.15 + 0.9 * _soft(np.clip(stress - 0.55, 0, 1), 0.2 * fps), 0, 1)
    pitch = 0.35 * _sway(time, chance, 0.23) + np.clip(nod, -0.6, 0.6)
    breath = np.sin(time * 2 * np.pi * 0.28 + chance.random() * 6)
    return [
        Pose(
            open=float(opening[i]), wide=float(width[i]), smile=float(smile[i]),
            lids=float(lids[i]), gaze=(float(gaze[i, 0]), float(gaze[i, 1])),
            brows=float(brows[i]), yaw=float(yaw[i]), pitch=float(pitch[i]),
            roll=float(roll[i]), breath=float(breath[i]),
        )
        for i in range(count)
    ]  # fmt: skip


def drift(time_s: float, seed: str) -> tuple[float, float]:
    """How a hand that holds a phone wanders, in units of the frame's shorter side."""
    phase = random.Random(seed).random() * 6
    x = 0.0035 * np.sin(time_s * 1.1 + phase) + 0.0016 * np.sin(time_s * 2.9 + 2 * phase)
    y = 0.0030 * np.sin(time_s * 0.9 + 3 * phase) + 0.0014 * np.sin(time_s * 3.3 + phase)
    return float(x), float(y)


def _bands(wav: Path, fps: int) -> tuple[Curve, Curve, Curve]:
    sound, rate = soundfile.read(wav)
    count, size = int(len(sound) / rate * fps), int(WINDOW_S * rate)
    padded = np.concatenate([np.zeros(size // 2), sound, np.zeros(size)])
    starts = (np.arange(count) * rate / fps).astype(int)
    windows = np.stack([padded[start : start + size] for start in starts]) * np.hanning(size)
    spectrum = np.abs(np.fft.rfft(windows, axis=1))
    hertz = np.fft.rfftfreq(size, 1 / rate)

    def energy(low: float, high: float) -> Curve:
        band = spectrum[:, (hertz >= low) & (hertz < high)]
        return np.asarray(np.sqrt((band**2).mean(axis=1)))

    return energy(200, 1100), energy(1500, 3500), energy(4500, 9000)


def _soft(curve: Curve, sigma: float) -> Curve:
    reach = max(1, int(3 * sigma))
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    return np.convolve(np.pad(curve, reach, mode="edge"), bell / bell.sum(), mode="valid")


def _sway(time: Curve, chance: random.Random, hertz: float) -> Curve:
    # Three waves that never meet again: nobody moves in circles.
    waves = [(1.0, 1.0), (0.5, 2.3), (0.25, 4.1)]
    return (
        np.sum(
            [
                size * np.sin(2 * np.pi * hertz * ratio * time + 6.3 * chance.random())
                for size, ratio in waves
            ],
            axis=0,
        )
        / 1.5
    )


def _blinks(count: int, fps: int, chance: random.Random) -> Curve:
    lids, at = np.ones(count), chance.uniform(0.8, 2.2)
    shape = np.array([0.55, 0.12, 0.0, 0.08, 0.4, 0.8])
    while (start := int(at * fps)) < count - len(shape):
        lids[start : start + len(shape)] = shape
        at += 0.28 if chance.random() < 0.12 else chance.uniform(2.0, 5.2)
    return lids


def _glances(count: int, fps: int, chance: random.Random) -> NDArray[np.float64]:
    gaze, at = np.zeros((count, 2)), chance.uniform(2.5, 4.5)
    while (start := int(at * fps)) < count:
        stop = start + int(chance.uniform(0.4, 1.0) * fps)
        gaze[start:stop] = (
            chance.choice((-1, 1)) * chance.uniform(0.5, 0.9),
            chance.uniform(-0.7, 0.3),
        )
        at += chance.uniform(3.5, 7.0)
    return np.stack([_soft(gaze[:, axis], 0.8) for axis in (0, 1)], axis=1)
