"""A disk that is really full, below a whole product: it goes on, and comes back by itself."""

from __future__ import annotations

import os
import subprocess
import urllib.error
import urllib.request
from contextlib import suppress

import pytest

from tests.cli.product import Product, wait_until

SIZE_MIB = 260  # the least a start needs, and a little more


@pytest.fixture
def small_disk(tmp_path):
    """Memory as a file system: in a container or a gate that runs as root."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["/bin/mount", "-t", "tmpfs", "-o", f"size={SIZE_MIB}m", "tmpfs", str(folder)]
    subprocess.run(mount, check=True)
    yield folder
    subprocess.run(["/bin/umount", "-l", str(folder)], check=True)


def fill(disk, logs) -> None:
    """To the last byte, also of the blocks that the logs have begun."""
    for file in (disk / "filler", *logs.iterdir()):
        descriptor = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        for piece in (1 << 20, 1 << 12, 1):
            with suppress(OSError):
                while True:
                    os.write(descriptor, bytes(piece))
        os.close(descriptor)


def test_a_full_disk_ends_nothing(small_disk):
    product = Product(small_disk / "home", CVTUBE_STORAGE_RESERVE_MIB="0")
    product.wait_to_hear("CV Tube is ready")
    before = {one.pid for one in product.tree()}
    fill(small_disk, product.home / "logs")
    # Everybody who dies or says something has the supervisor write a log that has no room.
    for name in (("worker", "general"), ("cvtube", "clock"), ("valkey-server",)):
        victim = product.program(*name)
        victim.kill()
        victim.wait(10)
        wait_until(
            lambda name=name, pid=victim.pid: product.program(*name).pid != pid, what=str(name)
        )
    assert product.ask("/healthz") == {"status": "ok"}
    assert page(product, "/login") == 200
    wait_until(lambda: product.ask("/readyz")["parts"]["storage"] == "full", what="full")
    assert product.ask("/readyz")["status"] == "ok"
    assert product.program("supervisord").pid in before
    assert product.program("cvtube", "web").pid in before

    (small_disk / "filler").unlink()
    wait_until(lambda: product.ask("/readyz")["parts"]["storage"] == "ok", what="room again")
    wait_until(lambda: product.ask("/readyz")["parts"]["queue"] == "ok", what="the queue")
    assert product.program("supervisord").pid in before
    assert product.stop() == 0


def page(product, path) -> int:
    address = f"http://127.0.0.1:{product.port}{path}"
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
