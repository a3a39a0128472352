"""What the preparation does before anything is there: get uv, and tell it what pip was told."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.house.source import ROOT, named, tracked
from tools import packages

LOCKS = sorted(
    path
    for path in tracked()
    if re.fullmatch(r"(requirements|uv|run|dev|captions)\.txt", path.name)
)
NOTHING = {"HOME": "/nowhere"}


# -- locks ---------------------------------------------------------------------------------------


def test_all_locks_are_looked_at():
    assert {named(path) for path in LOCKS} >= {
        "requirements/captions.txt", "requirements/dev.txt", "requirements/run.txt",
        "requirements/uv.txt", "tools/speech/requirements.txt",
    }  # fmt: skip


@pytest.mark.parametrize("lock", LOCKS, ids=named)
def test_a_lock_has_versions_and_hashes_and_no_address(lock):
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^--(?:index|extra|find|trusted)", text, re.MULTILINE)
    entries = re.sub(r"\\\n", " ", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    loose = [
        one for one in entries if one and not re.match(r"[\w.\[\]-]+==\S+ .*--hash=sha256:", one)
    ]
    assert entries
    assert loose == []


@pytest.mark.parametrize("lock", sorted(ROOT.glob("*/**/package-lock.json")), ids=named)
def test_a_lock_of_npm_has_hashes_and_no_address(lock):
    if "node_modules" not in lock.parts:
        text = lock.read_text(encoding="utf-8")
        assert '"resolved"' not in text
        assert text.count('"integrity": "sha512-') > 0


# -- what pip was told ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pip", "uv"),
    [
        ({"index-url": "https://a"}, {"UV_DEFAULT_INDEX": "https://a"}),
        ({"extra-index-url": "\nhttps://a\nhttps://b"}, {"UV_INDEX": "https://a https://b"}),
        ({"find-links": f"https://a {ROOT} /nowhere"}, {"UV_FIND_LINKS": f"https://a,{ROOT}"}),
        ({"find-links": "/nowhere"}, {}),
        ({"proxy": "http://p"}, {"ALL_PROXY": "http://p"}),
        ({"cert": "/our.pem"}, {"SSL_CERT_FILE": "/our.pem"}),
        ({"timeout": "60"}, {"UV_HTTP_TIMEOUT": "60"}),
        ({"trusted-host": "a"}, {"UV_INSECURE_HOST": "a"}),
        ({"disable-pip-version-check": "1"}, {}),
    ],
)  # fmt: skip
def test_uv_is_told_what_pip_was(pip, uv):
    plain = packages.environment({}, NOTHING)
    told = packages.environment(pip, NOTHING)
    assert {name: told[name] for name in told if told[name] != plain.get(name)} == uv


@pytest.mark.parametrize("said", ["UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX", "UV_CONFIG_FILE"])
def test_what_was_said_to_uv_itself_counts_more(said):
    pip = {"index-url": "https://pip.example", "cert": "/pip.pem"}
    own = {**NOTHING, said: "https://uv.example", "SSL_CERT_FILE": "/uv.pem"}
    told = packages.environment(pip, own)
    assert "https://pip.example" not in told.values()
    assert (told[said], told["SSL_CERT_FILE"]) == ("https://uv.example", "/uv.pem")


def test_a_file_of_uvs_settings_counts_more_too(tmp_path):
    pip, own = {"index-url": "https://pip.example"}, {"HOME": str(tmp_path)}
    assert packages.environment(pip, own)["UV_DEFAULT_INDEX"] == "https://pip.example"
    settings = tmp_path / ".config" / "uv" / "uv.toml"
    settings.parent.mkdir(parents=True)
    settings.touch()
    assert "UV_DEFAULT_INDEX" not in packages.environment(pip, own)


@pytest.fixture
def mirror(tmp_path):
    """An index on this machine that alone has `only-here`; yields its address and the lock."""
    place = tmp_path / "mirror" / "simple" / "only-here"
    place.mkdir(parents=True)
    wheel = place / "only_here-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as content:
        about = "only_here-1.0.dist-info"
        content.writestr("only_here.py", "")
        content.writestr(
            f"{about}/METADATA", "Metadata-Version: 2.1\nName: only-here\nVersion: 1.0\n"
        )
        tag = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        content.writestr(f"{about}/WHEEL", tag)
        content.writestr(f"{about}/RECORD", "")
    (place / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>')
    lock = tmp_path / "lock.txt"
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock.write_text(f"only-here==1.0 --hash=sha256:{digest}\n")

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=tmp_path / "mirror"))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/simple", lock
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("told_by", ["environment", "file"])
def test_packages_come_from_pips_mirror(mirror, tmp_path, told_by):
    """As they would for anybody whose company has one, with an empty home."""
    address, lock = mirror
    keep = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    home = {**keep, "HOME": str(tmp_path), "PIP_NO_INPUT": "1"}
    if told_by == "environment":
        home |= {"PIP_INDEX_URL": address, "PIP_CONFIG_FILE": os.devnull}
    else:
        (tmp_path / "pip.conf").write_text(f"[global]\nindex-url = {address}\n")
        home["PIP_CONFIG_FILE"] = str(tmp_path / "pip.conf")
    install = ["pip", "install", "--target", str(tmp_path / "into"), "--require-hashes", "-r", lock]
    command = [sys.executable, "tools/packages.py", *install]
    subprocess.run(command, cwd=ROOT, env=home, check=True, capture_output=True, timeout=120)
    assert (tmp_path / "into" / "only_here.py").exists()


# -- uv itself -----------------------------------------------------------------------------------


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """A machine on which nothing was prepared yet; returns what puts a uv on its path."""
    monkeypatch.setattr(packages, "FOLDER", tmp_path / "build")
    monkeypatch.setenv("PATH", str(tmp_path))

    def put(version):
        path = tmp_path / "uv"
        path.write_text(f"#!/bin/sh\necho 'uv {version} (a test)'\n")
        path.chmod(0o755)
        return path

    return put


def test_the_locked_uv_is_taken_from_the_path_without_asking_pip(nowhere):
    version = re.search(r"^uv==(\S+)", packages.LOCK.read_text(), re.MULTILINE)[1]
    there = nowhere(version)
    assert packages.found(["/nowhere/pip"]) == there


def test_another_uv_serves_where_there_is_no_pip(nowhere):
    there = nowhere("0.1.0")
    assert packages.found(None) == there


def test_without_uv_and_pip_there_is_one_sentence(nowhere):
    with pytest.raises(packages.NoInstallerError):
        packages.found(None)
