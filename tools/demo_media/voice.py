"""A natural voice for a script, sentence by sentence, as a cheap microphone in a room hears it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import soundfile

from tools.speech.model import Model

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
    """The model, and a room to speak in."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self._model = Model(work)

    def say(
        self, name: str, sentences: list[str], *, language: str, how: dict[str, str | float]
    ) -> Speech:
        """Speak the sentences with the voice (or even mixture of voices) that `how` names."""
        spoken, spans, at = [np.zeros(0, np.float32)], [], BEFORE_S
        for sentence in sentences:
            sound, rate = self._model.say(
                sentence,
                language=language,
                voice=str(how["voice"]),
                speed=float(how["speed"]),
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
