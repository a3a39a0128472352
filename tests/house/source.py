"""The repository as the house tests read it."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


@cache
def tracked() -> list[Path]:
    """Every file git knows, and every new one it does not ignore."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    paths = (ROOT / name for name in done.stdout.split("\0") if name)
    return sorted({path for path in paths if path.is_file()})


def python_files(*folders: str) -> Iterator[Path]:
    """The Python files below the folders, but migrations, which are history."""
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py" and name.startswith(folders) and "/versions/" not in name:
            yield path


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def named(path: Path, line: int | None = None) -> str:
    """How a finding names its place."""
    name = path.relative_to(ROOT).as_posix()
    return f"{name}:{line}" if line else name
