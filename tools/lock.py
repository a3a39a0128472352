"""Renew requirements/*.txt (for every Python and platform, with hashes) and package-lock.json."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.packages import uv  # noqa: E402

BIN = Path(sys.executable).parent

COMPILE = [
    "pip", "compile", "--quiet", "--universal", "--python-version=3.11", "--generate-hashes",
    "--no-header", "--no-emit-index-url", "--no-emit-find-links",
]  # fmt: skip
WHOLE = ["--upgrade", "--extra=embedded", "--extra=build", "pyproject.toml"]


def main() -> None:
    run, dev = "requirements/run.txt", "requirements/dev.txt"
    uv(*COMPILE, "--upgrade", "--group=uv", "--output-file", "requirements/uv.txt")
    uv(*COMPILE, *WHOLE, "--output-file", run)
    # The same versions for whatever both need: what is tested is what runs.
    more = ["--group=dev", "--constraint", run, "--output-file", dev]
    uv(*COMPILE, *WHOLE, *more)
    lock_extra("captions", as_in=dev)
    for place in ("frontend", "benchmarks/pages"):
        lock_npm(ROOT / place)


def lock_extra(name: str, *, as_in: str) -> None:
    """What an optional part needs of its own, in the versions of a lock that has it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = "\n".join(project["optional-dependencies"][name])
    rest = ["-", "--constraint", as_in, "--output-file", f"requirements/{name}.txt"]
    uv(*COMPILE, *rest, text=wanted)


def lock_npm(place: Path) -> None:
    """In an empty folder: beside node_modules, npm locks only this platform's binaries."""
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    names = ("package.json", "package-lock.json")
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            shutil.copy(place / name, folder)
        lock = [BIN / "npm", "update", "--package-lock-only", "--omit-lockfile-registry-resolved"]
        subprocess.run(lock, cwd=folder, check=True, env=environment)
        # A lock file that misses another platform's part is refused there, not here: ask now.
        check = [BIN / "npm", "ci", "--dry-run", "--ignore-scripts"]
        subprocess.run(check, cwd=folder, check=True, env=environment)
        for name in names:
            shutil.copy(Path(folder, name), place)


if __name__ == "__main__":
    main()
