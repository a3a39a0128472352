"""Thirteen ways out, tried by a program that is shut in as ffmpeg is.

Run as `python -I -S escapes.py SECRET OUTSIDE PORT PARENT`; prints what came of each as JSON.
A way out that fails for another reason than being forbidden counts as open.
"""

from __future__ import annotations

import ctypes
import json
import os
import socket
import sys
from collections.abc import Callable

SEIZE = 0x4206  # PTRACE_SEIZE: the one way to trace that does not stop the traced

libc = ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: object) -> None:
    if getattr(libc, name)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), name)


def fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def tries(secret: str, outside: str, port: int, parent: int) -> dict[str, Callable[[], object]]:
    inet, unix = socket.AF_INET, socket.AF_UNIX
    return {
        "read a file": lambda: os.open(secret, os.O_RDONLY),
        "read the parent's environment": lambda: os.open(f"/proc/{parent}/environ", os.O_RDONLY),
        "list a folder": lambda: os.listdir("/etc"),  # noqa: PTH208
        "make a file": lambda: os.open(outside, os.O_WRONLY | os.O_CREAT),
        "change a file's mode": lambda: os.chmod(secret, 0o700),  # noqa: PTH101
        "connect to this machine": lambda: socket.create_connection(("127.0.0.1", port), 2),
        "send a datagram": lambda: socket.socket(inet, socket.SOCK_DGRAM).sendto(b"x", ("::", 9)),
        "use a UNIX socket": lambda: socket.socket(unix).connect(f"{secret}.sock"),
        "kill its parent": lambda: os.kill(parent, 0),
        "start a process": fork,
        "become another program": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606
        "trace its parent": lambda: call("ptrace", SEIZE, parent, 0, 0),
        "leave its namespaces": lambda: call("unshare", 0x10000000),
    }


def main(secret: str, outside: str, port: str, parent: str) -> None:
    found = {}
    for name, attempt in tries(secret, outside, int(port), int(parent)).items():
        try:
            attempt()
            found[name] = "open"
        except PermissionError:
            found[name] = "forbidden"
        except OSError as error:
            found[name] = f"open, but {error}"
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
