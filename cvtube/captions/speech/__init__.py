"""What is said in a clip, written down by a machine: a draft, for people to correct.

The engine is a part that an operator may choose, or leave out (`none`, the default): nothing
needs one. Whatever it is, it hears a plain WAV that our own sandboxed ffmpeg has made of our
own sound, and it answers with words and their times. It says nothing about who speaks.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cvtube.settings import Settings, SettingsError

SAMPLE_RATE = 16_000  # mono, 16 bits: what speech engines are trained on


@dataclass(frozen=True)
class Word:
    """One word; `text` begins with a space unless it goes on with the word before."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True)
class Segment:
    """A run of words, as the engine has heard them at a time."""

    words: tuple[Word, ...]


@dataclass(frozen=True)
class Transcription:
    """What an engine makes of a sound. The segments come one by one, as it works."""

    language: str  # ISO 639-1
    segments: Iterator[Segment]


class Transcriber(Protocol):
    """An engine that is loaded."""

    def transcribe(self, path: Path, language: str | None, *, names: str = "") -> Transcription:
        """Write down a WAV (see `SAMPLE_RATE`).

        `language`: None lets the engine find out which of the site's languages it is. `names`:
        words it will probably hear and could not know (a person, a town, a tool).
        """


def find_engine(settings: Settings) -> str:
    """Look for engine and model without loading them; returns what they are.

    Raises:
        SettingsError: with a sentence for the operator.
    """
    if not settings.drafts_captions:
        return "none: candidates write their captions by themselves"
    if importlib.util.find_spec("faster_whisper") is None:
        raise SettingsError(
            "CVTUBE_CAPTIONS_ENGINE: faster-whisper is not installed. "
            'Run: pip install "cvtube[captions]".'
        )
    folder = settings.captions_model
    if folder is None or not (folder.expanduser() / "model.bin").is_file():
        raise SettingsError(
            "CVTUBE_CAPTIONS_MODEL: name the folder of a Whisper model for CTranslate2 "
            f"(it has a file model.bin; this is {str(folder or '')!r})."
        )
    return f"faster-whisper with {folder}"


def load_engine(settings: Settings) -> Transcriber:
    """The engine, loaded: a second, and as much memory as its model is large.

    Raises:
        SettingsError: with a sentence for the operator.
    """
    find_engine(settings)
    # Imported here: it brings half a gigabyte of libraries, which most processes never need.
    from cvtube.captions.speech.whisper import FasterWhisper  # noqa: PLC0415

    return FasterWhisper(settings)
