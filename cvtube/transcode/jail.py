"""Runs one program with next to nothing: the launcher that shuts ffmpeg in.

Decoders are a million lines of C that read what strangers send. So the program started here
can read its own code and one film, write into one folder, and reach nothing else: no network,
no other file, no other process, no more memory and time than granted, and no outliving its
parent. Landlock (Linux 5.13) guards the files; a seccomp filter guards what Landlock does not
know; resource limits hold everywhere.

Started as `python -I -S jail.py ORDER PROGRAM ARGUMENT…`, standard library only: nothing of
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

# Type checkers know this name. A clip starts eight jails, and each pays for what is imported.
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


# -- seccomp: what Landlock does not guard ------------------------------------------------------

# Name: number on x86_64, number on aarch64 (None: it has no such call). From Linux's
# arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
_DENIED: dict[str, tuple[int | None, int | None]] = {
    # any socket of any family
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200),
    "listen": (50, 201), "accept": (43, 202), "accept4": (288, 242), "sendto": (44, 206),
    "sendmsg": (46, 211), "sendmmsg": (307, 269),
    # other processes, and getting away from the group that the watchdog kills
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kill": (62, 129), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "pidfd_send_signal": (424, 424), "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438), "kcmp": (312, 272), "process_madvise": (440, 440),
    "process_mrelease": (448, 448), "fork": (57, None), "vfork": (58, None),
    "execveat": (322, 281), "setsid": (112, 157), "setpgid": (109, 154),
    # namespaces, mounts, roots
    "setns": (308, 268), "unshare": (272, 97), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "move_mount": (429, 429),
    "open_tree": (428, 428), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    # the kernel's wide doors
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "reboot": (169, 142),
    "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "quotactl": (179, 60),
    "quotactl_fd": (443, 443), "sethostname": (170, 161), "setdomainname": (171, 162),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266),
    "adjtimex": (159, 171), "syslog": (103, 116), "vhangup": (153, 58), "iopl": (172, None),
    "ioperm": (173, None), "modify_ldt": (154, None), "personality": (135, 92),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262), "shmget": (29, 194), "msgget": (68, 186), "semget": (64, 190),
    "mq_open": (240, 180),
    # who we are and what we may
    "setuid": (105, 146), "setgid": (106, 144), "setreuid": (113, 145), "setregid": (114, 143),
    "setresuid": (117, 147), "setresgid": (119, 149), "setfsuid": (122, 151),
    "setfsgid": (123, 152), "setgroups": (116, 159), "capset": (126, 91),
    "setrlimit": (160, 164),
    # files' properties, which Landlock leaves alone
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "chown": (92, None),
    "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54), "setxattr": (188, 5),
    "lsetxattr": (189, 6), "fsetxattr": (190, 7), "removexattr": (197, 14),
    "lremovexattr": (198, 15), "fremovexattr": (199, 16), "utime": (132, None),
    "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88),
    "truncate": (76, 45), "mknod": (133, None), "mknodat": (259, 33),
}  # fmt: skip
_PRLIMIT, _CLONE, _TGKILL, _CLONE3 = (302, 261), (56, 220), (234, 131), 435
# Calls newer than Linux 6.1 are answered as an older kernel would: none of them was looked at.
_NEWEST = 450

_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column, AUDIT_ARCH
_X32 = 0x40000000  # x86_64's second table of calls, with other numbers: none of it
_CLONE_THREAD = 0x00010000

_LOAD, _EQUAL, _GREATER, _ANY_BIT, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
_NUMBER, _ARCH, _ARG0, _ARG2_LOW, _ARG2_HIGH = 0, 4, 16, 32, 36  # struct seccomp_data
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_NO, _UNKNOWN = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS


def seccomp_supported() -> bool:
    """Whether there is a table for this architecture."""
    return sys.platform == "linux" and os.uname().machine in _ARCHITECTURES


def seccomp_program(machine: str, pid: int) -> bytes:
    """The filter as classic BPF, see seccomp(2). Pure, but for whose threads it lets live."""
    column, architecture = _ARCHITECTURES[machine]
    denied = [row[column] for row in _DENIED.values()]
    steps = [
        (_LOAD, 0, 0, _ARCH), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_ANY_BIT, 0, 1, _X32), (_RETURN, 0, 0, _NO),
        (_GREATER, 0, 1, _NEWEST), (_RETURN, 0, 0, _UNKNOWN),
        # glibc falls back to clone, whose flags are in a register and can be looked at.
        (_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _UNKNOWN),
    ]  # fmt: skip
    for number in (number for number in denied if number is not None):
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _NO)]
    steps += [
        # Threads, but no processes.
        (_EQUAL, 0, 4, _CLONE[column]), (_LOAD, 0, 0, _ARG0),
        (_ANY_BIT, 1, 0, _CLONE_THREAD), (_RETURN, 0, 0, _NO), (_RETURN, 0, 0, _ALLOW),
        # Signals to itself, as abort() sends.
        (_EQUAL, 0, 4, _TGKILL[column]), (_LOAD, 0, 0, _ARG0),
        (_EQUAL, 1, 0, pid), (_RETURN, 0, 0, _NO), (_RETURN, 0, 0, _ALLOW),
        # Limits may be read, not set: a null pointer to the new one.
        (_EQUAL, 0, 5, _PRLIMIT[column]), (_LOAD, 0, 0, _ARG2_LOW), (_EQUAL, 0, 2, 0),
        (_LOAD, 0, 0, _ARG2_HIGH), (_EQUAL, 1, 0, 0), (_RETURN, 0, 0, _NO),
        (_RETURN, 0, 0, _ALLOW),
    ]  # fmt: skip
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _filter_calls() -> None:
    program = seccomp_program(os.uname().machine, os.getpid())
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
        _filter_calls()


def prove(order: dict[str, Any], secret: str, outside: str, port: str) -> dict[str, bool]:
    """Confine this process, try to break out, and tell which tries the kernel refused."""
    import socket  # noqa: PLC0415 (after this there is nothing to import from)

    def refused(attempt: Callable[[], object]) -> bool:
        try:
            attempt()
        except OSError as error:
            return isinstance(error, PermissionError)  # or it failed, but not as forbidden
        return False

    confine(order)
    return {
        "reading a file": refused(lambda: os.open(secret, os.O_RDONLY)),
        "writing a file": refused(lambda: os.open(outside, os.O_WRONLY | os.O_CREAT)),
        "using the network": refused(lambda: socket.create_connection(("127.0.0.1", int(port)), 2)),
        "signalling another process": refused(lambda: os.kill(os.getppid(), 0)),
    }


def main(arguments: list[str]) -> NoReturn:
    """Confine this process, then become the program."""
    order = json.loads(arguments[0])
    try:
        os.chdir(order["writes"] or "/")
        if arguments[1] == "prove":
            print(json.dumps(prove(order, *arguments[2:])))  # noqa: T201 (the answer)
            sys.exit(0)
        confine(order)
        os.execve(arguments[1], arguments[1:], order["environment"])  # noqa: S606 (its purpose)
    except (OSError, KeyError, ValueError) as error:
        sys.stderr.write(f"jail: {error}\n")
    sys.exit(FAILED)


if __name__ == "__main__":
    main(sys.argv[1:])
