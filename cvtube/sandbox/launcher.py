"""Runs one program with next to nothing: the launcher that shuts ffmpeg in.

Decoders are a million lines of C that read what strangers send. So the program started here
can read its own code and one film, write into one folder, and reach nothing else: no network,
no other file, no other process, no more memory and time than granted, and no outliving its
parent. Landlock (Linux 5.13) guards the files; a seccomp filter guards what Landlock does not
know; resource limits hold everywhere.

Started as `python -I -S launcher.py ORDER PROGRAM ARGUMENT…`, standard library only: nothing of
CV Tube is imported on this side of the wall. ORDER is JSON, see `spawn.py`, which writes it.
Nothing here falls back quietly: what the order demands and the kernel refuses is an error.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import resource
import signal
import stat
import struct
import sys
from contextlib import suppress

# Type checkers know this name. A clip starts eight sandboxes, and each pays for what is imported.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

FAILED = 125  # exit status when the program could not be shut in; it has not run then

_libc = ctypes.CDLL(None, use_errno=True)

# -- prctl(2) ---------------------------------------------------------------------------------

_PDEATHSIG, _SECCOMP, _SECUREBITS, _NO_NEW_PRIVS = 1, 22, 28, 38
_NOROOT_LOCKED = 0b11  # being root is no privilege, and stays none


def _prctl(option: int, *values: int) -> None:
    padded = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    if _libc.prctl(option, *padded):
        raise OSError(ctypes.get_errno(), f"prctl {option}")


def _die_with(parent: int) -> None:
    _prctl(_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the kernel knew
        sys.exit(FAILED)


def _drop_privileges() -> None:
    """A worker that runs as root has a decoder that does not count as root."""
    if os.geteuid() == 0:
        with suppress(PermissionError):  # a container's root may have less to lose
            _prctl(_SECUREBITS, _NOROOT_LOCKED)
        header = struct.pack("=II", 0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
        if _libc.capset(header, bytes(24)):
            raise OSError(ctypes.get_errno(), "capset")
    _prctl(_NO_NEW_PRIVS, 1)


# -- limits -----------------------------------------------------------------------------------


def _limit(limits: dict[str, int]) -> None:
    """`{"CPU": seconds, "AS": bytes, …}`, names as in setrlimit(2)."""
    # Python ignores these two, and what is ignored stays so: a file at its limit would only
    # stop growing.
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for name, value in {**limits, "CORE": 0}.items():
        if sys.platform == "darwin" and name == "AS":
            continue  # macOS has the name and refuses every value
        number = getattr(resource, f"RLIMIT_{name}")
        _soft, hard = resource.getrlimit(number)
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)  # noqa: PLW2901
        # SIGXCPU comes at the soft limit and can be ignored; SIGKILL at the hard one cannot.
        resource.setrlimit(number, (value, value))


def _be_the_first_to_go() -> None:
    """When the machine runs out of memory, the encoder dies before worker and database do."""
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:  # noqa: PTH123
        score.write("1000")


# -- Landlock: https://docs.kernel.org/userspace-api/landlock.html ------------------------------

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_FILE, _MAKE_REG, _TRUNCATE = 1 << 5, 1 << 8, 1 << 14
_BEFORE_ABI = ((2, 13), (3, 14), (5, 15))  # Landlock version, and the file rights known before it
_FILE_RIGHTS_NOW = 16
_NET_SINCE, _ALL_NET = 4, 0b11  # bind and connect TCP
_SCOPES_SINCE, _ALL_SCOPES = 6, 0b11  # abstract UNIX sockets, and signals to anybody outside


def landlock_version() -> int:
    """What this kernel offers; 0 for nothing."""
    if sys.platform != "linux":
        return 0
    return max(int(_libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)), 0)


def _shut_in(reads: list[str], writes: str | None) -> None:
    version = landlock_version()
    if version < 1:
        raise OSError(errno.ENOSYS, "this kernel has no Landlock")
    known = next((bits for before, bits in _BEFORE_ABI if version < before), _FILE_RIGHTS_NOW)
    handled = (1 << known) - 1
    net = _ALL_NET if version >= _NET_SINCE else 0
    scopes = _ALL_SCOPES if version >= _SCOPES_SINCE else 0
    wanted = struct.pack("=QQQ", handled, net, scopes)
    ruleset = _landlock(_CREATE_RULESET, wanted, ctypes.c_size_t(len(wanted)), 0)
    for path in reads:
        _allow(ruleset, path, (_READ_FILE | _READ_DIR | _EXECUTE) & handled)
    if writes:
        # Renaming is removing to Landlock, and playlists are renamed. Else nothing is removed
        # (`seccomp.py`): what has lost its name still takes room, and no folder shows it.
        makes = _MAKE_REG | _REMOVE_FILE | _READ_DIR
        _allow(ruleset, writes, (_READ_FILE | _WRITE_FILE | _TRUNCATE | makes) & handled)
    _landlock(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    # The kernel refuses a folder's right for what is none.
    granted = rights if stat.S_ISDIR(os.fstat(place).st_mode) else rights & ~_READ_DIR
    _landlock(_ADD_RULE, ruleset, 1, struct.pack("=Qi", granted, place), 0)  # 1: and beneath
    os.close(place)


def _landlock(number: int, *arguments: Any) -> int:
    result = int(_libc.syscall(number, *arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), f"Landlock system call {number}")
    return result


# -- seccomp: what Landlock does not guard; `seccomp.py` writes the filter ------------------------


def _filter_calls(program: bytes) -> None:
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))  # struct sock_fprog
    where = ctypes.create_string_buffer(header, len(header))
    _prctl(_SECCOMP, 2, ctypes.addressof(where))  # 2: SECCOMP_MODE_FILTER


# -- the order ----------------------------------------------------------------------------------


def confine(order: dict[str, Any]) -> None:
    """Take away everything that the order does not grant."""
    os.nice(order["nice"])
    if sys.platform == "linux":
        _die_with(order["parent"])
        _be_the_first_to_go()
    _limit(order["limits"])
    if order["shut_in"]:
        _drop_privileges()
        _shut_in(order["reads"], order["writes"])
        mine = struct.pack("=I", os.getpid())
        _filter_calls(bytes.fromhex(order["filter"].replace(order["pid_in_filter"], mine.hex())))


def try_to_escape(order: dict[str, Any], places: dict[str, Any]) -> dict[str, bool]:
    """Confine this process, try to break out, and tell which tries the kernel refused.

    `places` names a file outside, one to be made there, a port, and raw system calls:
    `{"calls": {name: [number, argument, …]}}`, each with arguments that do nothing anywhere.
    """
    import socket  # noqa: PLC0415 (after this there is nothing to import from)

    def refused(attempt: Callable[..., object], *arguments: object) -> bool:
        try:
            attempt(*arguments)
        except OSError as error:
            return isinstance(error, PermissionError)  # or it failed, but not as forbidden
        return False

    def call(number: int, *arguments: int) -> None:
        me = os.getpid()
        result = _libc.syscall(*(ctypes.c_long(value) for value in (number, *arguments)))
        if os.getpid() != me:
            os._exit(0)  # a copy of this process, which should not be
        if result < 0:
            raise OSError(ctypes.get_errno(), f"system call {number}")

    confine(order)
    calls = {name: refused(call, *numbers) for name, numbers in places["calls"].items()}
    return {
        "reading a file": refused(os.open, places["secret"], os.O_RDONLY),
        "writing a file": refused(os.open, places["outside"], os.O_WRONLY | os.O_CREAT),
        "removing a file": refused(os.unlink, places["inside"]),
        "using the network": refused(socket.create_connection, ("127.0.0.1", places["port"]), 2),
        "signalling another process": refused(os.kill, os.getppid(), 0),
        **calls,
    }


def main(arguments: list[str]) -> NoReturn:
    """Confine this process, then become the program."""
    order = json.loads(arguments[0])
    try:
        os.chdir(order["writes"] or "/")
        if arguments[1] == "prove":
            print(json.dumps(try_to_escape(order, json.loads(arguments[2]))))  # noqa: T201 (the answer)
            sys.exit(0)
        confine(order)
        os.execve(arguments[1], arguments[1:], order["environment"])  # noqa: S606 (its purpose)
    except (OSError, KeyError, ValueError) as error:
        sys.stderr.write(f"sandbox: {error}\n")
    sys.exit(FAILED)


if __name__ == "__main__":
    main(sys.argv[1:])
