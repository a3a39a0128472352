"""A disk that is really full: nothing is lost, and the upload goes on when there is room."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace

import pytest

from cvtube.app import create_app
from cvtube.storage.local import LocalStorage
from tests.upload.tus import Tus, code, film, original, stray_objects

MIB = 1024 * 1024


@pytest.fixture
def small_disk(tmp_path):
    """Four MiB of memory as a file system."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["/bin/mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can make a small disk")
    yield folder
    subprocess.run(["/bin/umount", "-l", str(folder)], check=True)


def test_a_full_disk_loses_nothing(small_disk, runtime, people):
    settings = runtime.settings.model_copy(update={"storage_reserve_mib": 0})
    full = replace(
        runtime,
        settings=settings,
        storage=LocalStorage(small_disk, "http://localhost", b"k" * 32),
    )
    app = create_app(full)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    people._app = app
    tus, data = Tus(people.client("ada")), film(3 * MIB)
    path = tus.create(3 * MIB, data[:MIB]).headers["Location"]

    filler = small_disk / "filler"
    filler.write_bytes(bytes(2 * MIB))
    assert code(tus.create(2 * MIB)) == (507, "storage_full")  # told before anything is sent
    assert code(tus.patch(path, MIB, data[MIB:])) == (507, "storage_full")
    assert tus.head(path).headers["Upload-Offset"] == str(MIB)
    assert original(full, path) == data[:MIB]
    assert stray_objects(full, path) == set()
    assert list((small_disk / "incoming").glob("*")) == []

    filler.unlink()
    assert tus.patch(path, MIB, data[MIB:]).status_code == 204
    assert original(full, path) == data
