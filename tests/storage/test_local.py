"""What is the local storage's own: signed addresses, durability, leftovers."""

from __future__ import annotations

import errno
import io
import os
import time

import pytest

from cvtube.storage.contract import ObjectNotFound, StorageFull, StorageUnavailable
from cvtube.storage.local import WRITTEN_BACK, LocalStorage


@pytest.fixture
def storage(tmp_path):
    made = LocalStorage(tmp_path, "http://localhost", b"k" * 32)
    made.put("films/a.mp4", io.BytesIO(b"film"))
    return made


def parts(url):
    _, _, path = url.partition("/objects/")
    expires, signature, key = path.split("/", 2)
    return key, int(expires), signature


def test_a_genuine_address_leads_to_the_file(storage):
    assert (
        storage.signed_path(*parts(storage.signed_url("films/a.mp4", 60))).read_bytes() == b"film"
    )


def test_nothing_else_does(storage):
    storage.put("films/b.mp4", io.BytesIO(b"other"))
    key, expires, signature = parts(storage.signed_url("films/a.mp4", 60))
    past = int(time.time()) - 1
    other_key = LocalStorage(storage._objects.parent, "", b"z" * 32)
    spoiled = [
        ("films/b.mp4", expires, signature),
        (key, expires + 1, signature),
        (key, expires, signature[:-1] + ("A" if signature[-1] != "A" else "B")),
        (key, expires, ""),
        (key, past, storage._signature(key, past)),
        (key, expires, other_key._signature(key, expires)),
        ("films/none.mp4", expires, storage._signature("films/none.mp4", expires)),
        ("films/../../secret_key", expires, signature),
        (key, expires, "é"),
    ]
    for case in spoiled:
        with pytest.raises(ObjectNotFound):
            storage.signed_path(*case)


def test_a_full_disk_leaves_nothing_half_written(storage, monkeypatch):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fdatasync", full)
    with pytest.raises(StorageFull):
        storage.put("films/c.mp4", io.BytesIO(b"x" * 1000))
    assert {stored.key for stored in storage.list("")} == {"films/a.mp4"}
    assert list(storage._incoming.iterdir()) == []


def test_a_full_disk_leaves_what_was_to_be_replaced(storage, monkeypatch):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fdatasync", full)
    with pytest.raises(StorageFull):
        storage.put("films/a.mp4", io.BytesIO(b"x" * 1000))
    with storage.open("films/a.mp4") as pieces:
        assert b"".join(pieces) == b"film"


@pytest.mark.parametrize("key", ["films/a.mp4", "films/new/b.mp4"])
def test_bytes_and_name_are_on_the_disk_before_an_object_is_acknowledged(storage, monkeypatch, key):
    """Flushed after the last byte is written, and the folder after the file has its name."""
    target = storage._objects / key
    flushed = []
    monkeypatch.setattr(
        os, "fdatasync", lambda descriptor: flushed.append(os.fstat(descriptor).st_size)
    )
    monkeypatch.setattr(
        os, "fsync", lambda folder: flushed.append((os.fstat(folder).st_ino, target.exists()))
    )
    data = os.urandom(3 * WRITTEN_BACK + 1)
    storage.put(key, io.BytesIO(data))
    assert flushed.count(len(data)) == 1
    assert flushed[-1] == (target.parent.stat().st_ino, True)
    assert target.read_bytes() == data


def test_a_broken_disk_is_said_to_be_away(storage, monkeypatch):
    def broken(_descriptor):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fdatasync", broken)
    with pytest.raises(StorageUnavailable):
        storage.put("films/c.mp4", io.BytesIO(b"x"))


def test_empty_folders_are_tidied_away(storage):
    storage.put("films/x/y/z", io.BytesIO(b"x"))
    storage.delete("films/x/y/z")
    assert not (storage._objects / "films/x").exists()
    assert (storage._objects / "films").exists()  # a.mp4 still lives there


def test_what_a_killed_process_left_is_swept(storage):
    old = storage._incoming / "old"
    old.write_bytes(b"half a film")
    os.utime(old, (0, 0))
    (storage._incoming / "fresh").write_bytes(b"on its way")
    assert storage.sweep_incoming(older_than_s=3600) == 1
    assert [path.name for path in storage._incoming.iterdir()] == ["fresh"]


def test_there_is_a_known_end(storage):
    assert storage.free_bytes() > 0
