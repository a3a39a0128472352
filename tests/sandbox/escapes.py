"""Ways out, and ways to harm others, tried by a program that is shut in as ffmpeg is.

Run as `python -I -S escapes.py SECRET OUTSIDE PORT PARENT VICTIM`; prints what came of each as
JSON. A way out that fails for another reason than being forbidden counts as open. The victim is
another process of the same user.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import resource
import socket
import struct
import sys
from collections.abc import Callable

F_SETOWN_EX = 15
SEIZE = 0x4206  # PTRACE_SEIZE: the one way to trace that does not stop the traced

IOPRIO_SET = {"x86_64": 251, "aarch64": 30}.get(os.uname().machine, 0)

libc = ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: object) -> None:
    if getattr(libc, name)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), name)


def fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def own_a_pipe_for(victim: int, how: int) -> None:
    """Half of a signal to the victim: F_SETSIG and O_ASYNC are the other one."""
    reader, _writer = os.pipe()
    whom = struct.pack("ii", 1, victim) if how == F_SETOWN_EX else victim  # 1: F_OWNER_PID
    fcntl.fcntl(reader, how, whom)


def take_room() -> None:
    with open("f", "wb") as file:  # noqa: PTH123
        call("fallocate", file.fileno(), 1, 0, 4096)


def own_by_ioctl(victim: int) -> None:
    call("ioctl", 0, ctypes.c_ulong(0x8901), ctypes.byref(ctypes.c_int(victim)))  # FIOSETOWN


def on_files(secret: str, outside: str, parent: int) -> dict[str, Callable[[], object]]:
    return {
        "read a file": lambda: os.open(secret, os.O_RDONLY),
        "read the parent's environment": lambda: os.open(f"/proc/{parent}/environ", os.O_RDONLY),
        "list a folder": lambda: os.listdir("/etc"),  # noqa: PTH208
        "make a file": lambda: os.open(outside, os.O_WRONLY | os.O_CREAT),
        "change a file's mode": lambda: os.chmod(secret, 0o700),  # noqa: PTH101
        "watch a folder": lambda: call("inotify_init1", 0),
        "watch a folder the old way": lambda: fcntl.fcntl(os.open(".", 0), fcntl.F_NOTIFY, 16),
        "hide a file": lambda: os.close(os.open(".", os.O_WRONLY | os.O_TMPFILE, 0o600)),
        "hide a file in memory": lambda: os.memfd_create("x"),
        "take room without writing": take_room,
        "remove a file": lambda: os.unlink("f"),  # noqa: PTH108
        "stop everybody's writing": lambda: call("syncfs", os.open(".", os.O_RDONLY)),
    }


def on_the_network(secret: str, port: int) -> dict[str, Callable[[], object]]:
    inet, unix = socket.AF_INET, socket.AF_UNIX
    return {
        "connect to this machine": lambda: socket.create_connection(("127.0.0.1", port), 2),
        "send a datagram": lambda: socket.socket(inet, socket.SOCK_DGRAM).sendto(b"x", ("::", 9)),
        "use a UNIX socket": lambda: socket.socket(unix).connect(f"{secret}.sock"),
        "read what others share": lambda: call("shmget", 0, 4096, 0o1600),
        "join in with what others share": lambda: call("shmat", -1, None, 0),
    }


def on_others(parent: int, victim: int) -> dict[str, Callable[[], object]]:
    nice, batch = os.PRIO_PROCESS, os.SCHED_BATCH
    return {
        "kill its parent": lambda: os.kill(parent, 0),
        "have a pipe kill somebody": lambda: own_a_pipe_for(victim, fcntl.F_SETOWN),
        "have it kill by another way": lambda: own_a_pipe_for(victim, F_SETOWN_EX),
        "choose the signal": lambda: fcntl.fcntl(0, fcntl.F_SETSIG, 9),
        "have it kill by a third way": lambda: own_by_ioctl(victim),
        "slow somebody down": lambda: os.setpriority(nice, victim, 19),
        "slow somebody's disk down": lambda: call("syscall", IOPRIO_SET, 1, victim, 3 << 13),
        "move somebody to one processor": lambda: os.sched_setaffinity(victim, {0}),
        "give somebody the last turn": lambda: os.sched_setscheduler(
            victim, batch, os.sched_param(0)
        ),
        "read somebody's limits": lambda: resource.prlimit(victim, resource.RLIMIT_NOFILE),
        "trace its parent": lambda: call("ptrace", SEIZE, parent, 0, 0),
        "outlive its parent": lambda: call("prctl", 1, 0, 0, 0, 0),
        "start a process": fork,
        "become another program": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606
        "leave its namespaces": lambda: call("unshare", 0x10000000),
    }


def main(secret: str, outside: str, port: str, parent: str, victim: str) -> None:
    tries = {
        **on_files(secret, outside, int(parent)),
        **on_the_network(secret, int(port)),
        **on_others(int(parent), int(victim)),
    }
    found = {}
    for name, attempt in tries.items():
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
