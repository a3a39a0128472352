"""Renew requirements/*.txt (for every Python and platform, with hashes) and package-lock.json."""

from __future__ import annotations

import os
import subprocess
import sys
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
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    npm = [BIN / "npm", "update", "--package-lock-only", "--omit-lockfile-registry-resolved"]
    subprocess.run(npm, cwd=ROOT / "frontend", check=True, env=environment)


if __name__ == "__main__":
    main()
