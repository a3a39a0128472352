"""Make everything the product needs on this machine, from the lock files, without root.

uv makes the environment (tools/packages.py); what it cannot do is here: the browser's files and
the translations. Standard library only: this runs before anything is installed. Each step is
skipped when the files it depends on have not changed since it last succeeded, so a second call
costs a few milliseconds.

usage: python3 tools/prepare.py run|dev
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.packages import NoInstallerError, uv  # noqa: E402

VENV = ROOT / ".venv"
STAMPS = VENV / ".prepared"
MINIMUM = (3, 11)

HELP = """\
This Python has no pip and cannot get one, and there is no uv.
Install either once (on Debian and Ubuntu: apt install python3-venv), or name another
Python: make {goal} PYTHON=/path/to/python3"""


def main(goal: str) -> int:
    if sys.version_info < MINIMUM:
        wanted = ".".join(map(str, MINIMUM))
        print(f"CV Tube needs Python {wanted} or newer; this is {sys.version.split()[0]}.")
        print(f"Name another one: make {goal} PYTHON=/path/to/python3.12")
        return 1
    try:
        step("Python environment", make_venv, [], tag=sys.version)
        step_for(goal, "Python packages", install, packages_of)
        npm_lock = [ROOT / "frontend" / "package-lock.json"]
        step_for(goal, "browser libraries", npm_ci, lambda _of: npm_lock)
        step("pages' scripts and styles", build_frontend, sources("frontend/src", "frontend/*.*"))
        step("translations", compile_translations, sources("cvtube/translations", suffix=".po"))
    except subprocess.CalledProcessError as error:
        print(f"\nThis step failed (exit status {error.returncode}); its own words are above.")
        print("Nothing is half-done: call the same command again to go on from here.")
        return 1
    except NoInstallerError:
        print(HELP.format(goal=goal))
        return 1
    return 0


def step_for(
    goal: str, name: str, action: Callable[[str], None], inputs: Callable[[str], list[Path]]
) -> None:
    """A step that does more for tests ("dev") than the product needs ("run")."""
    if goal == "run" and last(name) == state(f"{name} (dev)", inputs("dev")):
        return
    step(f"{name} ({goal})", lambda: action(goal), inputs(goal))


def step(name: str, action: Callable[[], None], inputs: Iterable[Path], tag: str = "") -> None:
    """Run `action` unless it has succeeded before for the very same inputs."""
    wanted = state(name, inputs, tag)
    if last(name) == wanted:
        return
    print(f"  preparing {name} …", end="", flush=True)
    started = time.monotonic()
    action()
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp(name).write_text(wanted)
    print(f" {time.monotonic() - started:.0f} s", flush=True)


def state(name: str, inputs: Iterable[Path], tag: str = "") -> str:
    """What a step leaves behind once it has succeeded."""
    digest = hashlib.sha256(tag.encode())
    for path in inputs:
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return f"{name} {digest.hexdigest()}"


def last(name: str) -> str:
    return stamp(name).read_text() if stamp(name).exists() else ""


def stamp(name: str) -> Path:
    """One file for a step, whatever it is done for (in brackets behind its name)."""
    return STAMPS / name.split(" (", maxsplit=1)[0].replace(" ", "-").replace("'", "")


def sources(*places: str, suffix: str = "") -> list[Path]:
    """Every file at the places (folders are walked), in a stable order."""
    found: set[Path] = set()
    for place in places:
        for path in ROOT.glob(place):
            found.update(path.rglob(f"*{suffix}") if path.is_dir() else [path])
    return sorted(path for path in found if path.is_file())


def make_venv() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    uv("venv", "--python", sys.executable, VENV, quiet=True)


def packages_of(goal: str) -> list[Path]:
    return [ROOT / "requirements" / f"{goal}.txt", ROOT / "pyproject.toml"]


def install(goal: str) -> None:
    lock, _project = packages_of(goal)
    into = ("--python", binary("python"))
    uv("pip", "sync", *into, "--require-hashes", lock, quiet=True)
    this = ("--no-deps", "--no-build-isolation", "--editable", ROOT)
    uv("pip", "install", *into, *this, quiet=True)


def npm_ci(goal: str) -> None:
    scope = ["--omit=dev"] if goal == "run" else []
    options = ["--loglevel=error", "--no-audit", "--no-fund", *scope]
    run(str(binary("npm")), "ci", *options, cwd=ROOT / "frontend")


def build_frontend() -> None:
    run(str(binary("node")), "build.mjs", cwd=ROOT / "frontend")


def compile_translations() -> None:
    run(
        str(binary("pybabel")), "--quiet", "compile", "--directory", "cvtube/translations", cwd=ROOT
    )


def binary(name: str) -> Path:
    return VENV / "bin" / name


def run(*command: str, cwd: Path = ROOT) -> None:
    # npm's own scripts look for `node` on the path.
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    subprocess.run(command, cwd=cwd, check=True, env={**os.environ, "PATH": path})


if __name__ == "__main__":
    if sys.argv[1:] not in (["run"], ["dev"]):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
