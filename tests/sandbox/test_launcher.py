"""What is shut in stays in: tried by real programs, on this kernel."""

from __future__ import annotations

import json
import os
import re
import socket
import struct
import subprocess
import sys
import sysconfig
from dataclasses import replace
from pathlib import Path

import pytest

from cvtube.sandbox import launcher, probe, seccomp
from cvtube.sandbox.probe import SandboxLevel
from cvtube.sandbox.process import MIB, Budget, Command, SandboxError, Stop, into, run
from tests.sandbox import escapes

BUDGET = Budget(cpu_s=10, wall_s=20, silence_s=20)
LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache")
PYTHON = Path(os.path.realpath(sys.executable))

needs_sandbox = pytest.mark.skipif(
    sys.platform != "linux" or not launcher.landlock_version(), reason="this kernel has no Landlock"
)


def pythons_files():
    """What Python itself must read; a film's decoder is granted far less."""
    return [
        PYTHON,
        Path(sysconfig.get_path("stdlib")),
        *(path for path in map(Path, LIBRARIES) if path.exists()),
        Path(escapes.__file__),
    ]


def python(*arguments, writes, budget=BUDGET, shut_in=True):
    said: list[str] = []
    command = Command(
        [str(PYTHON), "-I", "-S", *map(str, arguments)],
        pythons_files(),
        writes,
        budget,
        shut_in=shut_in,
    )
    ended = run(command, on_line=into(said))
    return ended, "\n".join(said)


@pytest.fixture
def folder(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret").write_text("secret")
    return inside


@pytest.fixture
def victim():
    """Another process of ours."""
    with subprocess.Popen([PYTHON, "-c", "input()"], stdin=subprocess.PIPE) as started:
        yield started
        started.kill()


@needs_sandbox
def test_every_way_out_is_closed(folder, tmp_path, victim):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        port = server.getsockname()[1]
        places = (tmp_path / "secret", tmp_path / "outside", port, os.getpid(), victim.pid)
        ended, said = python(escapes.__file__, *places, writes=folder)
        assert ended.well, ended.errors
        found = json.loads(said)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert found == dict.fromkeys(found, "forbidden")
    assert len(found) == 32
    assert not (tmp_path / "outside").exists()


def test_the_same_ways_are_open_outside(folder, tmp_path, victim):
    """Else the test above would prove nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        places = (tmp_path / "secret", tmp_path / "outside", port, os.getpid(), victim.pid)
        # Not the one that becomes another program: nobody would be left to tell.
        code = Path(escapes.__file__).read_text().replace('"/bin/true"', '"/nowhere"')
        copy = tmp_path / "escapes.py"
        copy.write_text(code)
        _ended, said = python(copy, *places, writes=folder, shut_in=False)
    found = json.loads(said)
    forbidden = {name for name, how in found.items() if how == "forbidden"}
    # Two that an ordinary user may lack anyway; root lacks none.
    assert forbidden <= {"trace its parent", "leave its namespaces"}
    assert os.getpriority(os.PRIO_PROCESS, victim.pid) == 19


@needs_sandbox
def test_it_may_read_what_it_is_given_and_write_in_its_folder(folder):
    code = "open('.made', 'w').write(open('given').read()); import os; os.rename('.made', 'given')"
    (folder / "given").write_text("film")
    ended, _ = python("-c", code, writes=folder)
    assert ended.well, ended.errors
    assert [path.name for path in folder.iterdir()] == ["given"]


@needs_sandbox
def test_its_folder_holds_files_and_nothing_else(folder):
    for code in ("import os; os.mkdir('f')", "import os; os.symlink('/etc', 'l')"):
        ended, _ = python("-c", code, writes=folder)
        assert "PermissionError" in ended.errors
    assert list(folder.iterdir()) == []


@needs_sandbox
@pytest.mark.skipif(os.geteuid() != 0, reason="only root has something to lose")
def test_root_is_no_privilege_in_there(folder):
    ended, _said = python("-c", "import os; os.setuid(12345)", writes=folder)
    assert "PermissionError" in ended.errors


def test_it_knows_nothing_of_our_environment(folder, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    _ended, said = python("-c", "import os; print(dict(os.environ))", writes=folder)
    assert "hush" not in said
    assert "MALLOC_ARENA_MAX" in said


def test_it_has_no_more_cpu_time_than_granted(folder):
    ended, _ = python("-c", "while True: pass", writes=folder, budget=Budget(cpu_s=1, wall_s=20))
    assert ended.out_of_budget
    assert not ended.killed_from_outside
    assert ended.cpu_s < 2


def test_it_has_no_more_memory_than_granted(folder):
    budget = Budget(cpu_s=10, wall_s=20, memory=256 * MIB)
    ended, _ = python("-c", "bytearray(300 * 1024 * 1024)", writes=folder, budget=budget)
    assert "MemoryError" in ended.errors


def test_it_fills_no_disk(folder):
    budget = Budget(cpu_s=10, wall_s=20, file_bytes=MIB)
    code = "f = open('f', 'wb'); [f.write(bytes(100_000)) for _ in range(100)]"
    ended, _ = python("-c", code, writes=folder, budget=budget)
    assert not ended.well
    assert (folder / "f").stat().st_size <= MIB


def test_it_leaves_no_core_and_comes_last(folder):
    code = (
        "import os, resource as r; "
        "print(r.getrlimit(r.RLIMIT_CORE)[1], os.getpriority(os.PRIO_PROCESS, 0))"
    )
    _ended, said = python("-c", code, writes=folder)
    core, nice = map(int, said.split())
    assert core == 0
    assert nice > os.nice(0)


@needs_sandbox
def test_it_cannot_raise_its_own_limits(folder):
    code = "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (10, 256))"
    ended, _ = python("-c", code, writes=folder)
    assert not ended.well


# -- what no resource limit counts ----------------------------------------------------------------


def sprawl(code, folder, **limits):
    ended, _said = python("-c", code, writes=folder, budget=replace(BUDGET, **limits))
    assert ended.wall_s < BUDGET.wall_s
    return ended.stopped


@needs_sandbox
def test_all_its_files_together_are_no_larger_than_granted(folder):
    code = "for n in range(40): open(str(n), 'wb').write(bytes(2**20))\nwhile True: pass"
    assert sprawl(code, folder, folder_bytes=8 * MIB) is Stop.SPREADING


@needs_sandbox
def test_what_was_there_before_is_not_counted(folder):
    (folder / "before").write_bytes(bytes(4 * MIB))
    ended, _said = python(
        "-c", "open('x', 'wb').write(bytes(2**20))", writes=folder,
        budget=replace(BUDGET, folder_bytes=2 * MIB, files=1),
    )  # fmt: skip
    assert ended.well, ended.errors


@needs_sandbox
def test_it_makes_no_more_files_than_granted(folder):
    assert sprawl("for n in range(99): open(str(n), 'w')", folder, files=9) is Stop.SPREADING


@needs_sandbox
def test_it_hides_no_bytes_behind_another_file(folder):
    held = "f = open('a', 'wb'); open('b', 'w'); import os; os.rename('b', 'a')\nwhile True: pass"
    mapped = "import mmap; f = open('a', 'wb+'); f.truncate(9); m = mmap.mmap(f.fileno(), 9)\n"
    for code in (held, mapped + "f.close(); del f; " + held.partition("; ")[2]):
        assert sprawl(code, folder) is Stop.SPREADING


@needs_sandbox
def test_it_has_no_more_threads_than_granted(folder):
    code = (
        "import threading as t, time; t.stack_size(2**16)\n"
        "while True: t.Thread(target=time.sleep, args=(9,)).start()"
    )
    assert sprawl(code, folder, threads=99) is Stop.THREADS
    few = "import threading as t; [t.Thread(target=t.Event().wait, args=(1,)).start()for _ in '12']"
    assert sprawl(few, folder, threads=3) is None


# -- what this machine offers ---------------------------------------------------------------------


@needs_sandbox
def test_the_self_test_proves_every_denial():
    verdicts = probe.try_to_escape()
    assert verdicts == dict.fromkeys(verdicts, True)
    assert probe.detect_level().level is SandboxLevel.FULL


def test_the_self_test_tries_everything_that_the_filter_refuses():
    """So that the list and the proof cannot drift apart."""
    for column, machine in enumerate(("x86_64", "aarch64")):
        tried = {name.split()[1] for name in seccomp.refused_calls(machine)}
        table = seccomp.DENIED | seccomp.CHECKED
        assert tried == {name for name, row in table.items() if row[column] is not None}
    assert seccomp.CHECKED.keys() == seccomp._RULES.keys()


@needs_sandbox
def test_without_the_filter_the_self_test_says_what_is_open(monkeypatch):
    allow = struct.pack("=HBBI", seccomp._RETURN, 0, 0, seccomp._ALLOW)
    monkeypatch.setattr(seccomp, "program", lambda _machine: allow)
    monkeypatch.setattr(
        seccomp, "refused_calls", lambda _machine: {"calling personality": [135, -1]}
    )
    probe.detect_level.cache_clear()
    finding = probe.detect_level()
    probe.detect_level.cache_clear()
    assert not finding.shuts_in
    assert "calling personality" in finding.reason


def test_a_machine_without_landlock_says_so_loudly(monkeypatch, caplog):
    monkeypatch.setattr(launcher, "landlock_version", lambda: 0)
    probe.detect_level.cache_clear()
    finding = probe.detect_level()
    probe.detect_level.cache_clear()
    assert finding.level is SandboxLevel.LIMITS
    assert "no Landlock" in finding.reason
    assert "WITHOUT a sandbox" in caplog.text


def test_one_open_way_is_enough_not_to_trust_it(monkeypatch):
    verdicts = {"reading a file": True, "using the network": False}
    monkeypatch.setattr(probe, "try_to_escape", lambda: verdicts)
    probe.detect_level.cache_clear()
    finding = probe.detect_level()
    probe.detect_level.cache_clear()
    assert not finding.shuts_in
    if launcher.landlock_version():
        assert finding.reason == "using the network was not refused."


def test_both_processors_have_a_filter_that_ends_in_a_verdict():
    for machine in ("x86_64", "aarch64"):
        program = seccomp.program(machine)
        steps = [program[at : at + 8] for at in range(0, len(program), 8)]
        for number, step in enumerate(steps):
            if step[0] in {seccomp._EQUAL, seccomp._GREATER, seccomp._ANY_BIT}:
                assert number + 1 + max(step[2], step[3]) < len(steps), machine
        assert steps[-1][0] == seccomp._RETURN
        # Where the process puts its own number: for signals to itself, and for its limits.
        assert program.count(seccomp.PID_HERE.to_bytes(4, "little")) == 2


@pytest.mark.parametrize(
    ("machine", "patterns"),
    [
        ("x86_64", ["*/asm/unistd_64.h", "asm/unistd_64.h"]),
        ("aarch64", ["asm-generic/unistd.h"]),
    ],
)
def test_the_tables_numbers_are_the_kernels(machine, patterns):
    """Against the C library's own idea of them, where its headers are installed."""
    headers = [path for pattern in patterns for path in Path("/usr/include").glob(pattern)]
    if not headers:
        pytest.skip("no kernel headers installed")
    column = seccomp._ARCHITECTURES[machine][0]
    words = (line.split() for line in headers[0].read_text().splitlines())
    defined = [w for w in words if w[:1] == ["#define"] and len(w) > 2]
    known = {re.sub("^__NR(3264)?_", "", w[1]): w[2] for w in defined if w[2].isdigit()}
    for name, row in (seccomp.DENIED | seccomp.CHECKED).items():
        if row[column] is not None and name in known:
            assert known[name] == str(row[column]), name


def test_what_cannot_be_shut_in_does_not_run(tmp_path):
    command = Command(["/bin/true"], [tmp_path / "nowhere"], tmp_path, BUDGET)
    if launcher.landlock_version():
        with pytest.raises(SandboxError):
            run(command)
