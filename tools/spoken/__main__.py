"""Record what the studio's screens say, with a natural voice for each language.

Only what is missing is made; what no screen says any more is left out of the archive. Needs no
network but for what is missing, which costs about a second of computing for each text.

usage: .venv/bin/python -m tools.spoken
"""

from __future__ import annotations

import json
from pathlib import Path

from tools.speech import environment
from tools.spoken import archive
from tools.spoken.texts import VOICES, wanted

# Until all are made: whoever was interrupted goes on from there.
MADE = environment.WORK / "spoken"


def main() -> None:
    sounds = {language: archive.kept(language) for language in VOICES}
    _speak(sounds)
    for language, kept in sounds.items():
        names = wanted(language)
        new = {name: (MADE / name).read_bytes() for name in names.values() if name not in kept}
        path = archive.write(language, names, kept | new)
        print(f"{language}: {len(names)} recordings, {path.stat().st_size // 1000} kB")
        for name in new:
            (MADE / name).unlink()


def _speak(sounds: dict[str, dict[str, bytes]]) -> None:
    """Make the recordings that no archive has, each in a file of its own."""
    missing = [
        {"language": language, "voice": VOICES[language], "text": text, "path": str(path)}
        for language, kept in sounds.items()
        for text, name in wanted(language).items()
        if name not in kept and not (path := MADE / name).exists()
    ]
    if missing:
        print(f"speaking {len(missing)} texts …", flush=True)
        speak = Path(__file__).with_name("speak.py")
        environment.run(speak, str(environment.WORK), told=json.dumps(missing))


if __name__ == "__main__":
    main()
