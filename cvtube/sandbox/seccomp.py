"""The system calls that a decoder has no use for, as a filter for seccomp(2).

Landlock guards files; this guards what Landlock does not know: sockets, other processes,
memory without a name, and most of the kernel's surface. Written here as bytes; `launcher.py`, on
the other side of the wall, only hands them to the kernel.
"""

from __future__ import annotations

import errno
import os
import struct
import sys
from functools import cache

# Name: number on x86_64, number on aarch64 (None: it has no such call). From Linux's
# arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
DENIED: dict[str, tuple[int | None, int | None]] = {
    # any socket of any family
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200),
    "listen": (50, 201), "accept": (43, 202), "accept4": (288, 242), "sendto": (44, 206),
    "sendmsg": (46, 211), "sendmmsg": (307, 269),
    # other processes, and getting away from the group that the watchdog kills
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kill": (62, 129), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "pidfd_send_signal": (424, 424), "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438), "kcmp": (312, 272), "process_madvise": (440, 440),
    "process_mrelease": (448, 448), "get_robust_list": (274, 100), "fork": (57, None),
    "vfork": (58, None), "execveat": (322, 281), "setsid": (112, 157), "setpgid": (109, 154),
    # others' turns at the processor, the disk and the memory; and everybody's disk at once
    "setpriority": (141, 140), "sched_setparam": (142, 118), "sched_setscheduler": (144, 119),
    "sched_setaffinity": (203, 122), "sched_setattr": (314, 274), "ioprio_set": (251, 30),
    "migrate_pages": (256, 238), "move_pages": (279, 239), "sync": (162, 81),
    "syncfs": (306, 267),
    # watching what others do with their files
    "inotify_init": (253, None), "inotify_init1": (294, 26), "inotify_add_watch": (254, 27),
    "fanotify_init": (300, 262), "fanotify_mark": (301, 263), "lookup_dcookie": (212, 18),
    # what others share by number: PostgreSQL's memory, for one
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "semget": (64, 190),
    "semop": (65, 193), "semctl": (66, 191), "semtimedop": (220, 192), "msgget": (68, 186),
    "msgsnd": (69, 189), "msgrcv": (70, 188), "msgctl": (71, 187), "mq_open": (240, 180),
    "mq_unlink": (241, 181), "mq_timedsend": (242, 182), "mq_timedreceive": (243, 183),
    "mq_notify": (244, 184), "mq_getsetattr": (245, 185),
    # room that no folder and no limit shows
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "fallocate": (285, 47),
    "unlink": (87, None), "unlinkat": (263, 35), "rmdir": (84, None),
    # namespaces, mounts, roots
    "setns": (308, 268), "unshare": (272, 97), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "move_mount": (429, 429),
    "open_tree": (428, 428), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    # the kernel's wide doors
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "io_setup": (206, 0), "io_submit": (209, 2), "vmsplice": (278, 75), "splice": (275, 76),
    "tee": (276, 77), "uselib": (134, None),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "reboot": (169, 142),
    "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "quotactl": (179, 60),
    "quotactl_fd": (443, 443), "sethostname": (170, 161), "setdomainname": (171, 162),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266),
    "adjtimex": (159, 171), "syslog": (103, 116), "vhangup": (153, 58), "iopl": (172, None),
    "ioperm": (173, None), "modify_ldt": (154, None), "personality": (135, 92),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
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

# Of these the arguments decide.
CHECKED: dict[str, tuple[int | None, int | None]] = {
    "clone": (56, 220), "tgkill": (234, 131), "prlimit64": (302, 261), "fcntl": (72, 25),
    "ioctl": (16, 29), "prctl": (157, 167), "open": (2, None), "openat": (257, 56),
    "close_range": (436, 436),
}  # fmt: skip

# Answered as a kernel that lacks them, so that who asks takes the older way: their arguments
# are in memory, where no filter can look. `clone3` of threads, `openat2` of files.
_AS_IF_UNKNOWN = (435, 437)
# And calls newer than Linux 6.1: none of them was looked at.
_NEWEST = 450

# fcntl(2) without the owner of a descriptor (F_SETOWN, F_SETOWN_EX, F_SETSIG: before Linux 6.12
# a signal to anybody), leases and F_NOTIFY, which watches folders.
_F_SETOWN, _F_SETSIG, _F_SETOWN_EX, _F_NOTIFY = 8, 10, 15, 1026
_FCNTL = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030)  # DUPFD … SETLKW, OFD locks, DUPFD_CLOEXEC
# ioctl(2): TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX. Not FIOSETOWN, SIOCSPGRP
# (owners again), TIOCSTI (typing in a terminal), FS_IOC_SETFLAGS, FICLONE …
_IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
_FIOSETOWN, _SIOCSPGRP, _TIOCSTI = 0x8901, 0x8902, 0x5412
# prctl(2): outliving its parent, hiding its descriptors from it, moving its own code about,
# sharing a core with others, letting itself be traced.
_PDEATHSIG, _DUMPABLE, _MM, _SCHED_CORE, _PTRACER = 1, 4, 35, 62, 0x59616D61
_TMPFILE = 0o20000000  # __O_TMPFILE: a file without a name, whose bytes no folder shows
# Threads share their descriptors, so that /proc shows all of them at one place.
_CLONE_THREAD, _CLONE_FILES, _CLOSE_RANGE_UNSHARE = 0x00010000, 0x00000400, 2

_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column, AUDIT_ARCH
_X32 = 0x40000000  # x86_64's second table of calls, with other numbers: none of it
PID_HERE = 0x5AFEC0DE  # stands for the process's own number, which nobody knows before it is

_LOAD, _EQUAL, _GREATER, _ANY_BIT, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
_NUMBER, _ARCH = 0, 4  # struct seccomp_data
_ARG0, _ARG1, _ARG2, _ARG2_HIGH = 16, 24, 32, 36
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_NO, _UNKNOWN = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS

Step = tuple[int, int, int, int]


def supported() -> bool:
    """Whether there is a table for this processor."""
    return sys.platform == "linux" and os.uname().machine in _ARCHITECTURES


@cache
def program(machine: str) -> bytes:
    """The filter as classic BPF, with `PID_HERE` where the process's own number belongs."""
    column, architecture = _ARCHITECTURES[machine]
    steps: list[Step] = [
        (_LOAD, 0, 0, _ARCH), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_ANY_BIT, 0, 1, _X32), (_RETURN, 0, 0, _NO),
        (_GREATER, 0, 1, _NEWEST), (_RETURN, 0, 0, _UNKNOWN),
    ]  # fmt: skip
    for number in _AS_IF_UNKNOWN:
        steps += _when(number, (_RETURN, 0, 0, _UNKNOWN))
    for row in DENIED.values():
        steps += _when(row[column], (_RETURN, 0, 0, _NO))
    for name, rule in _RULES.items():
        steps += _when(CHECKED[name][column], *rule)
    steps.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _when(number: int | None, *rule: Step) -> list[Step]:
    """The rule, which ends in a verdict, for this call alone."""
    return [] if number is None else [(_EQUAL, 0, len(rule), number), *rule]


def _only(argument: int, allowed: tuple[int, ...]) -> list[Step]:
    tests = [step for v in allowed for step in ((_EQUAL, 0, 1, v), (_RETURN, 0, 0, _ALLOW))]
    return [(_LOAD, 0, 0, argument), *tests, (_RETURN, 0, 0, _NO)]


def _none_of(argument: int, forbidden: tuple[int, ...]) -> list[Step]:
    tests = [step for v in forbidden for step in ((_EQUAL, 0, 1, v), (_RETURN, 0, 0, _NO))]
    return [(_LOAD, 0, 0, argument), *tests, (_RETURN, 0, 0, _ALLOW)]


def _no_bit(argument: int, bits: int) -> list[Step]:
    verdicts: list[Step] = [(_RETURN, 0, 0, _NO), (_RETURN, 0, 0, _ALLOW)]
    return [(_LOAD, 0, 0, argument), (_ANY_BIT, 0, 1, bits), *verdicts]


_RULES: dict[str, list[Step]] = {
    # Threads, but no processes.
    "clone": [
        (_LOAD, 0, 0, _ARG0), (_ANY_BIT, 0, 1, _CLONE_THREAD), (_ANY_BIT, 1, 0, _CLONE_FILES),
        (_RETURN, 0, 0, _NO), (_RETURN, 0, 0, _ALLOW),
    ],
    # Signals to itself, as abort() sends.
    "tgkill": _only(_ARG0, (PID_HERE,)),
    # Its own limits may be read, and none set: a null pointer to the new one.
    "prlimit64": [
        (_LOAD, 0, 0, _ARG0), (_EQUAL, 2, 0, 0), (_EQUAL, 1, 0, PID_HERE), (_RETURN, 0, 0, _NO),
        (_LOAD, 0, 0, _ARG2), (_EQUAL, 1, 0, 0), (_RETURN, 0, 0, _NO),
        *_only(_ARG2_HIGH, (0,)),
    ],
    "fcntl": _only(_ARG1, _FCNTL),
    "ioctl": _only(_ARG1, _IOCTL),
    "prctl": _none_of(_ARG0, (_PDEATHSIG, _DUMPABLE, _MM, _SCHED_CORE, _PTRACER)),
    "open": _no_bit(_ARG1, _TMPFILE),
    "openat": _no_bit(_ARG2, _TMPFILE),
    "close_range": _no_bit(_ARG2, _CLOSE_RANGE_UNSHARE),
}  # fmt: skip

# One try each of what the rules forbid. The arguments do nothing where nobody forbids it: no
# such process, no such descriptor, no such folder.
_NOBODY = -1
_FORBIDDEN: dict[str, tuple[int, ...]] = {
    "clone": (0,), "clone THREAD": (_CLONE_THREAD,), "tgkill": (_NOBODY, _NOBODY, 0),
    "prlimit64": (_NOBODY, 0, 0, 0),
    "fcntl F_SETOWN": (0, _F_SETOWN, 0), "fcntl F_SETOWN_EX": (0, _F_SETOWN_EX, 0),
    "fcntl F_SETSIG": (0, _F_SETSIG, 0), "fcntl F_NOTIFY": (0, _F_NOTIFY, 0),
    "ioctl FIOSETOWN": (0, _FIOSETOWN, 0), "ioctl SIOCSPGRP": (0, _SIOCSPGRP, 0),
    "ioctl TIOCSTI": (0, _TIOCSTI, 0),
    "prctl PDEATHSIG": (_PDEATHSIG, _NOBODY), "prctl DUMPABLE": (_DUMPABLE, _NOBODY),
    "prctl MM": (_MM, 0), "prctl SCHED_CORE": (_SCHED_CORE, _NOBODY),
    "prctl PTRACER": (_PTRACER, 0), "open TMPFILE": (0, _TMPFILE),
    "openat TMPFILE": (_NOBODY, 0, _TMPFILE), "close_range UNSHARE": (1, 0, _CLOSE_RANGE_UNSHARE),
}  # fmt: skip


def refused_calls(machine: str) -> dict[str, list[int]]:
    """Everything the filter refuses on this processor: number and arguments of one try each."""
    column = _ARCHITECTURES[machine][0]
    found: list[tuple[str, int | None, tuple[int, ...]]] = [
        (name, row[column], (_NOBODY,) * 6) for name, row in DENIED.items()
    ]
    for what, arguments in _FORBIDDEN.items():
        found.append((what, CHECKED[what.partition(" ")[0]][column], arguments))
    return {
        f"calling {what}": [number, *arguments]
        for what, number, arguments in found
        if number is not None
    }
