"""faster-whisper (the only importer): Whisper on the processor, by CTranslate2.

It is given a folder, so it asks no model hub, and samples, so it opens no file.
"""

from __future__ import annotations

import wave
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper import WhisperModel

from cvtube.captions.speech import SAMPLE_RATE, Segment, Transcription, Word
from cvtube.i18n import LANGUAGES
from cvtube.settings import Settings, SettingsError

NOT_SPEECH = 0.6  # of "no speech" probability: Whisper invents words for noise
FULL_SCALE = 32768.0


class FasterWhisper:
    """One loaded model."""

    def __init__(self, settings: Settings) -> None:
        folder = str(settings.captions_model and settings.captions_model.expanduser())
        try:
            self._model = WhisperModel(
                folder,
                device="cpu",
                compute_type=settings.captions_compute,
                cpu_threads=settings.captions_threads,
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise SettingsError(f"CVTUBE_CAPTIONS_MODEL: {folder} cannot be loaded.") from error

    def transcribe(self, path: Path, language: str | None, *, names: str = "") -> Transcription:
        samples = _samples(path)
        spoken = language or self._language(samples)
        segments, _info = self._model.transcribe(
            samples,
            language=spoken,
            beam_size=5,
            word_timestamps=True,
            # Silence makes Whisper invent text, and what it invented makes it go on so.
            vad_filter=True,
            condition_on_previous_text=False,
            initial_prompt=names or None,
        )
        return Transcription(spoken, _segments(segments))

    def _language(self, samples: Any) -> str:
        _best, _sure, every = self._model.detect_language(samples)
        ours = [(sure, code) for code, sure in every if code in LANGUAGES]
        return str(max(ours)[1])


def _samples(path: Path) -> Any:
    with wave.open(str(path), "rb") as file:
        if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (SAMPLE_RATE, 1, 2):
            raise ValueError(f"{path.name} is not mono, 16 bits and {SAMPLE_RATE} Hz")
        content = file.readframes(file.getnframes())
    return np.frombuffer(content, dtype="<i2").astype(np.float32) / FULL_SCALE


def _segments(found: Iterable[Any]) -> Iterator[Segment]:
    for segment in found:
        words = tuple(Word(word.start, word.end, word.word) for word in segment.words or ())
        yield Segment(words if segment.no_speech_prob <= NOT_SPEECH else ())
