"""Record what the studio's screens say, with a natural voice for each language.

Only what is missing is made; what no screen says any more is deleted. Needs no network but for
what is missing, which costs about a second of computing for each text.

usage: .venv/bin/python -m tools.spoken
"""

from __future__ import annotations

import json
from pathlib import Path

from tools.speech import environment
from tools.spoken.texts import ENDING, INDEX, RECORDINGS, VOICES, wanted


def main() -> None:
    plan = {language: wanted(language) for language in VOICES}
    _speak(plan)
    for language, names in plan.items():
        folder = RECORDINGS / language
        for path in folder.iterdir():
            if path.name not in names.values():
                path.unlink()
        index = json.dumps(names, ensure_ascii=False, indent=0, sort_keys=True)
        (folder / INDEX).write_text(index + "\n", encoding="utf-8")
    sizes = [path.stat().st_size for path in RECORDINGS.rglob(f"*{ENDING}")]
    print(f"{len(sizes)} recordings, {sum(sizes) // 1000} kB")


def _speak(plan: dict[str, dict[str, str]]) -> None:
    missing = [
        {"language": language, "voice": VOICES[language], "text": text, "path": str(path)}
        for language, names in plan.items()
        for text, name in names.items()
        if not (path := RECORDINGS / language / name).exists()
    ]
    if missing:
        print(f"speaking {len(missing)} texts …", flush=True)
        speak = Path(__file__).with_name("speak.py")
        environment.run(speak, str(environment.WORK), told=json.dumps(missing))


if __name__ == "__main__":
    main()
