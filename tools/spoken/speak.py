"""Speak the texts on standard input; `tools.spoken` calls this in the speech environment.

usage: speak.py WORK_FOLDER <  [{"language", "voice", "text", "path"}, …] as JSON
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import imageio_ffmpeg
import numpy as np

from tools.speech.model import Model

SPEED = 0.95  # of the voice's own: some who listen are still learning the language
LOUDNESS_DB = -20.0  # of the voice on average, so that no line is louder than another
PEAK = 0.95
PAUSE_S = 0.15  # before the next line
# Every browser plays MP3, also a Chromium that was built without licensed codecs, and a short
# one has no header larger than its sound.
ENCODER = ["-c:a", "libmp3lame", "-b:a", "32k", "-write_xing", "0", "-id3v2_version", "0"]


def main(work: Path) -> None:
    model = Model(work)
    for line in json.load(sys.stdin):
        path = Path(line["path"])
        path.parent.mkdir(parents=True, exist_ok=True)
        sound, rate = model.say(
            line["text"], language=line["language"], voice=line["voice"], speed=SPEED
        )
        half_made = path.with_suffix(".part")
        encode(levelled(sound), rate, half_made)
        half_made.rename(path)


def levelled(sound: np.ndarray) -> np.ndarray:
    """As loud as the others, if its loudest moment allows."""
    average = np.sqrt(np.mean(sound**2))
    return sound * min(10 ** (LOUDNESS_DB / 20) / average, PEAK / np.abs(sound).max())


def encode(sound: np.ndarray, rate: int, path: Path) -> None:
    samples = np.concatenate([sound, np.zeros(int(PAUSE_S * rate))]).astype("<f4")
    raw = ["-f", "f32le", "-ar", str(rate), "-ac", "1", "-i", "-"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *raw]
    command += [*ENCODER, "-map_metadata", "-1", "-fflags", "+bitexact", "-f", "mp3", path]
    subprocess.run(command, input=samples.tobytes(), check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
