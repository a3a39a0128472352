"""uv makes environments and locks: it is fetched here, and told what pip was told.

Standard library only: this runs before anything is installed. uv knows none of pip's settings
(pip.conf, PIP_INDEX_URL …), and many machines have a mirror, a proxy or a certificate in
those alone. What is said to uv itself counts more.

usage: python3 tools/packages.py ARGUMENTS OF UV …
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "uv"
SEED = ROOT / "build" / "pip"
LOCK = ROOT / "requirements" / "uv.txt"

Settings = Mapping[str, str]

# Where packages come from: who told uv any of this does not want pip's word on it.
PLACES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
}
SAID_TO_UV = {*PLACES.values(), "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_CONFIG_FILE"}
ON_THE_WAY = {
    "proxy": "ALL_PROXY",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "trusted-host": "UV_INSECURE_HOST",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "timeout": "UV_HTTP_TIMEOUT",
    "keyring-provider": "UV_KEYRING_PROVIDER",
}


class NoInstallerError(Exception):
    """This Python has no pip and cannot get one, and there is no uv."""


def uv(*arguments: str | Path, text: str | None = None, quiet: bool = False) -> None:
    """Call uv in the project's folder; `text` is its standard input.

    `quiet` keeps its words for when it fails.

    Raises:
        NoInstallerError: there is no way to uv.
        subprocess.CalledProcessError: uv, or pip on the way to it, said no.

    """
    pip = some_pip()
    settings = settings_of(pip) if pip else {}
    command = [str(found(pip)), *map(str, arguments)]
    if command[1:2] == ["pip"] and settings.get("no-index") in {"1", "true", "yes", "on"}:
        command.insert(3, "--no-index")
    told = environment(settings, os.environ)
    call(command, env=told, text=text, quiet=quiet)


def found(pip: list[str] | None) -> Path:
    """The very uv that is locked; where pip cannot be had, the one on the path."""
    own, mark = FOLDER / "bin" / "uv", FOLDER / "locked"
    locked = LOCK.read_text(encoding="utf-8")
    on_path = shutil.which("uv")
    if mark.is_file() and mark.read_text(encoding="utf-8") == locked:
        return own
    if on_path and _version(on_path) == _locked_version(locked):
        return Path(on_path)
    if pip:
        shutil.rmtree(FOLDER, ignore_errors=True)
        options = ["--disable-pip-version-check", "install", "--quiet", "--no-compile"]
        exactly = ["--no-deps", "--require-hashes", "--requirement", str(LOCK)]
        call([*pip, *options, "--target", str(FOLDER), *exactly], quiet=True)
        mark.write_text(locked, encoding="utf-8")
        return own
    if on_path:
        return Path(on_path)
    raise NoInstallerError


def some_pip() -> list[str] | None:
    """How to call a pip: this Python's, that of the one below it, or one of an environment's own.

    Debian has split off what puts pip into environments, and uv puts none into those it makes.
    """
    seed = str(SEED / "bin" / "python")
    for python in (sys.executable, getattr(sys, "_base_executable", ""), seed):
        if pip := _pip_of(python):
            return pip
    made = subprocess.run([sys.executable, "-m", "venv", SEED], capture_output=True, check=False)
    return _pip_of(seed) if made.returncode == 0 else None


def _pip_of(python: str) -> list[str] | None:
    if not shutil.which(python):
        return None
    pip = [python, "-m", "pip"]
    done = subprocess.run([*pip, "--version"], capture_output=True, check=False)
    return pip if done.returncode == 0 else None


def settings_of(pip: list[str]) -> Settings:
    """What pip was told for installing: in files, then by its environment, which counts more."""
    listed = subprocess.run([*pip, "config", "list"], capture_output=True, check=False, text=True)
    lines = re.findall(r"^(global|install|:env:)\.([\w-]+)=(.*)$", listed.stdout, re.MULTILINE)
    return {
        name: str(ast.literal_eval(value))
        for section in ("global", "install", ":env:")
        for said, name, value in lines
        if said == section
    }


def environment(settings: Settings, own: Mapping[str, str]) -> dict[str, str]:
    """The environment for uv: its own settings, and what only pip was told."""
    said = {ON_THE_WAY[name]: value for name, value in settings.items() if name in ON_THE_WAY}
    if not SAID_TO_UV & set(own) and not any(path.is_file() for path in _files_of_uv(own)):
        said |= _places(settings)
    # Hashes say which file is right, whatever index has it. Python is the one that is named.
    said |= {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_PYTHON_DOWNLOADS": "never"}
    if not _can_keep(Path(_home(own, "XDG_CACHE_HOME", ".cache"))):
        said["UV_NO_CACHE"] = "1"
    return said | dict(own)


def _places(settings: Settings) -> dict[str, str]:
    said = {PLACES[name]: " ".join(settings[name].split()) for name in PLACES if name in settings}
    if "UV_FIND_LINKS" in said:
        # pip passes over a folder that is not there; uv has them with commas between them.
        links = [one for one in said["UV_FIND_LINKS"].split() if "://" in one or Path(one).is_dir()]
        said["UV_FIND_LINKS"] = ",".join(links)
    return {name: value for name, value in said.items() if value}


def _files_of_uv(own: Mapping[str, str]) -> Iterator[Path]:
    yield Path(_home(own, "XDG_CONFIG_HOME", ".config"), "uv", "uv.toml")
    yield Path("/etc/uv/uv.toml")


def _home(own: Mapping[str, str], variable: str, folder: str) -> str:
    return own.get(variable) or os.path.join(own.get("HOME", "/"), folder)  # noqa: PTH118


def _can_keep(folder: Path) -> bool:
    """Whether a folder can be made there, by whoever this is."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    return os.access(there, os.W_OK)


def _version(uv_there: str) -> str:
    done = subprocess.run([uv_there, "--version"], capture_output=True, check=False, text=True)
    return done.stdout.removeprefix("uv ").split(" ")[0].strip()


def _locked_version(locked: str) -> str:
    return re.findall(r"^uv==(\S+)", locked, re.MULTILINE)[0]


def call(
    command: list[str],
    *,
    env: dict[str, str] | None = None,
    text: str | None = None,
    quiet: bool = False,
) -> None:
    """Run it in the project's folder; show what it said only if it failed, if it is to be quiet."""
    done = subprocess.run(
        command, cwd=ROOT, env=env, input=text, text=True, capture_output=quiet, check=False
    )
    if done.returncode:
        sys.stderr.write(done.stderr or "")
        done.check_returncode()


if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.exit(__doc__)
    uv(*sys.argv[1:])
