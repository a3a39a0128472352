"""`cvtube run`: starts everything, keeps it alive, and leaves nothing behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import psutil
import pytest

from cvtube.settings import load
from tests.cli.product import Product, environment, wait_until
from tests.services import free_port

PROGRAMS = {
    "web": ("cvtube", "web"),
    "transcode": ("cvtube", "worker", "transcode"),
    "general": ("cvtube", "worker", "general"),
    "clock": ("cvtube", "clock"),
    "valkey": ("valkey-server",),
}


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    running = Product(tmp_path_factory.mktemp("run") / "home")
    running.wait_to_hear("CV Tube is ready")
    yield running
    assert running.stop() == 0


def test_it_says_where_the_site_is_and_everything_answers(product):
    ready = product.wait_to_hear("CV Tube is ready")
    assert ready == f"CV Tube is ready: http://127.0.0.1:{product.port}\n"
    assert product.ask("/readyz") == {
        "status": "ok",
        "parts": {"database": "ok", "queue": "ok", "storage": "ok"},
    }


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_killed_process_comes_back(product, name):
    victim = product.program(*PROGRAMS[name])
    victim.kill()
    victim.wait(10)

    def is_back():
        return product.program(*PROGRAMS[name]).pid != victim.pid

    wait_until(is_back, what=f"{name} did not come back")
    wait_until(lambda: product.ask("/readyz")["parts"]["queue"] == "ok", what="queue")


def test_a_killed_supervisor_comes_back_and_its_processes_died_with_it(product):
    wait_until(lambda: len(product.tree()) > len(PROGRAMS), what="everything runs")
    family = product.tree()
    supervisor = product.program("supervisord")
    # A supervisor that dies at once would never live: this one has lived long enough.
    wait_until(lambda: time.time() - supervisor.create_time() > 11, what="time passes")
    supervisor.kill()
    assert not psutil.wait_procs(family, timeout=10)[1]
    wait_until(lambda: product.program("supervisord").pid != supervisor.pid, what="supervisor")
    wait_until(lambda: product.ask("/readyz")["status"] == "ok", what="site")


def test_a_second_one_in_the_same_home_is_refused_in_one_sentence(product):
    second = run_to_its_end(product.home, free_port())
    assert second.returncode == 1
    assert second.stdout == ""
    assert second.stderr == (
        f"CV Tube already runs in {product.home} (process {product.process.pid}). "
        "Stop that one first, or choose another folder with CVTUBE_HOME=…\n"
    )


def test_a_port_in_use_is_one_sentence(product, tmp_path):
    second = run_to_its_end(tmp_path / "home", product.port)
    assert second.returncode == 1
    assert second.stderr == (
        f"Port {product.port} is in use by another program. "
        "Choose another one with PORT=… (CVTUBE_PORT).\n"
    )


def test_only_this_account_can_reach_the_embedded_queue(product):
    for name in ("valkey.sock", "supervisor.sock"):
        assert (product.home / "run" / name).stat().st_mode & 0o077 == 0
    assert (product.home / "run").stat().st_mode & 0o077 == 0


def test_however_it_ends_nothing_runs_on_and_a_later_start_finds_its_data(tmp_path):
    home = tmp_path / ("far" * 30) / "home"  # too long a name for a socket's address
    product = Product(home)
    product.wait_to_hear("CV Tube is ready")
    assert product.ask("/readyz")["parts"]["queue"] == "ok"
    secret = (home / "secret_key").read_bytes()
    assert product.stop(signal.SIGHUP) == 0  # the terminal was closed
    assert product.said[-1] == f"Stopped. Everything is saved in {home}.\n"

    product = Product(home, port=product.port)
    product.wait_to_hear("CV Tube is ready")
    assert len(product.tree()) > len(PROGRAMS)
    assert product.stop(signal.SIGKILL) == -signal.SIGKILL

    product = Product(home, port=product.port)
    product.wait_to_hear("CV Tube is ready")
    assert (home / "secret_key").read_bytes() == secret
    assert product.stop(signal.SIGTERM) == 0


def test_stopped_while_it_starts_it_is_clean_too(tmp_path):
    product = Product(tmp_path / "home")
    wait_until(lambda: product.program("supervisord"), what="the supervisor starts")
    assert product.stop() == 0
    assert not any("ready" in line for line in product.said)


def test_what_a_library_catches_does_not_keep_it_from_stopping():
    lines = (
        "import os, signal",
        "from cvtube.cli.run import stop_when_told",
        "stop_when_told()",
        "try: os.kill(os.getpid(), signal.SIGTERM)",
        "except BaseException: print('caught')",
        "while True: signal.pause()",
    )
    command = [sys.executable, "-c", "\n".join(lines)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "caught\n"
    assert done.stderr.endswith("KeyboardInterrupt\n")


def test_a_process_that_cannot_start_is_named_with_the_end_of_its_log(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    taken = load(home=home).sockets / "valkey.sock"
    taken.parent.mkdir(mode=0o700)
    taken.mkdir()  # where its socket would be
    product = Product(home)
    assert product.wait_for_end() == 1
    product.wait_to_hear(f"The process `valkey` does not stay alive. The end of {home}/logs")
    product.wait_to_hear("Unix socket")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("CVTUBE_SECRET_KEY", "short", "CVTUBE_SECRET_KEY: must have at least 32 characters. "),
        ("CVTUBE_WEB_THREADS", "many", "CVTUBE_WEB_THREADS: input should be a valid integer"),
        ("CVTUBE_FFMPEG", "/bin/true", "CVTUBE_FFMPEG: /bin/true "),
    ],
)
def test_a_bad_setting_is_one_sentence_and_starts_nothing(tmp_path, name, value, sentence):
    done = run_to_its_end(tmp_path / "home", free_port(), **{name: value})
    assert done.returncode == 2
    assert done.stderr.startswith(sentence)
    assert done.stdout == ""


def run_to_its_end(home, port, **env):
    return subprocess.run(
        [sys.executable, "-m", "cvtube", "run"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment(home, port, **env),
    )
