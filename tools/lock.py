"""Renew requirements/*.txt (for every Python and platform, with hashes) and package-lock.json."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

COMPILE = [
    BIN / "uv", "pip", "compile", "--quiet", "--upgrade", "--universal", "--python-version=3.11",
    "--generate-hashes", "--no-header", "--extra=embedded", "--extra=build", "pyproject.toml",
]  # fmt: skip


def main() -> None:
    run = "requirements/run.txt"
    subprocess.run([*COMPILE, "--output-file", run], cwd=ROOT, check=True)
    # The same versions for whatever both need: what is tested is what runs.
    dev = ["--group=dev", "--constraint", run, "--output-file", "requirements/dev.txt"]
    subprocess.run([*COMPILE, *dev], cwd=ROOT, check=True)
    lock_npm()


def lock_npm() -> None:
    """In an empty folder: beside node_modules, npm locks only this platform's binaries."""
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    names = ("package.json", "package-lock.json")
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            shutil.copy(ROOT / "frontend" / name, folder)
        lock = [BIN / "npm", "update", "--package-lock-only", "--omit-lockfile-registry-resolved"]
        subprocess.run(lock, cwd=folder, check=True, env=environment)
        # A lock file that misses another platform's part is refused there, not here: ask now.
        check = [BIN / "npm", "ci", "--dry-run", "--ignore-scripts"]
        subprocess.run(check, cwd=folder, check=True, env=environment)
        for name in names:
            shutil.copy(Path(folder, name), ROOT / "frontend")


if __name__ == "__main__":
    main()
