"""Films of one second, each with bytes of its own; and some that are none."""

from __future__ import annotations

import hashlib
import random
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

BROKEN_EVERY = 25
PADDING = (200_000, 1_200_000)  # bytes: enough for several pieces, so that kills fall between them
_HEAD = struct.pack(">I4s4sI4s", 20, b"ftyp", b"isom", 512, b"mp41")  # ISO/IEC 14496-12, 4.3
_SHAPES = ("640x360", "360x640", "480x480")


@dataclass(frozen=True)
class Film:
    """What somebody sends."""

    name: str
    data: bytes
    broken: bool

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def films(folder: Path, number: int, seed: int) -> list[Film]:
    """As many as asked for; every `BROKEN_EVERY`-th has a beginning and no film behind it."""
    chance = random.Random(seed)  # noqa: S311 (the same again is the point)
    clips = [_clip(folder / f"{shape}.mp4", shape) for shape in _SHAPES]
    made = []
    for one in range(number):
        broken = one % BROKEN_EVERY == BROKEN_EVERY // 2
        padding = chance.randbytes(chance.randint(*PADDING))
        free = struct.pack(">I4s", len(padding) + 8, b"free") + padding
        body = _HEAD if broken else clips[one % len(clips)]
        made.append(Film(f"film-{seed}-{one}", body + free, broken))
    return made


def _clip(path: Path, shape: str) -> bytes:
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y",
        "-f", "lavfi", "-i", f"testsrc2=size={shape}:rate=25:duration=1.2",
        "-f", "lavfi", "-i", "sine=frequency=330:duration=1.2",
        "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac",
        str(path),
    ]  # fmt: skip
    subprocess.run(command, check=True)
    return path.read_bytes()
