"""Objects as files below one folder: the embedded twin of S3.

A write goes to a temporary file and is renamed into place. File and folder are flushed to the
disk, or the bytes or the new name could be lost with the power. Signed addresses are made and
checked here with an HMAC; `cvtube.web.objects` serves them.
"""

from __future__ import annotations

import base64
import errno
import hashlib
import hmac
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from cvtube.storage.contract import (
    PIECE,
    ObjectNotFound,
    Readable,
    StorageError,
    StorageFull,
    StorageUnavailable,
    StoredObject,
    checked_key,
    expiry_window,
)

WRITTEN_BACK = 1024 * 1024  # bytes that come before the disk is asked to begin with them
SIGNATURE_BYTES = 16  # 128 bits of HMAC-SHA256, as JWTs and signed cookies have at least


class LocalStorage:
    """A `Storage` on this machine's disk."""

    browser_origin = None

    def __init__(self, root: Path, base_url: str, signing_key: bytes, *former_keys: bytes) -> None:
        self._objects = root / "objects"
        self._incoming = root / "incoming"
        self._base_url = base_url.rstrip("/")
        # The first one signs; what the others have signed is still believed.
        self._keys = (signing_key, *former_keys)

    def put(self, key: str, stream: Readable) -> StoredObject:
        target = self._path(key)
        with _translated(key):
            self._incoming.mkdir(parents=True, exist_ok=True)
            draft = self._incoming / secrets.token_hex(16)
            try:
                with draft.open("xb") as file:
                    size = _write(file, stream)
                    _put_in_place(draft, file, target)
            finally:
                draft.unlink(missing_ok=True)
        return StoredObject(key, size)

    def put_file(self, key: str, path: Path) -> StoredObject:
        with path.open("rb") as file:
            return self.put(key, file)

    @contextmanager
    def open(self, key: str) -> Iterator[Iterator[bytes]]:
        with _translated(key):
            file = self._path(key).open("rb")
        with file:
            yield iter(lambda: file.read(PIECE), b"")

    def head(self, key: str) -> StoredObject:
        with _translated(key):
            return StoredObject(key, self._path(key).stat().st_size)

    def list(self, prefix: str) -> Iterator[StoredObject]:
        above, _, beginning = prefix.rpartition("/")
        folder = self._objects / above
        for parent, folders, names in os.walk(folder):
            if parent == str(folder):  # no need to walk what cannot start with the prefix
                folders[:] = [name for name in folders if name.startswith(beginning)]
            for name in names:
                path = Path(parent, name)
                key = path.relative_to(self._objects).as_posix()
                if key.startswith(prefix):
                    yield StoredObject(key, path.stat().st_size)

    def delete(self, key: str) -> None:
        path = self._path(key)
        with _translated(key):
            path.unlink(missing_ok=True)
        self._prune(path.parent)

    def delete_prefix(self, prefix: str) -> int:
        keys = [stored.key for stored in self.list(prefix)]
        for key in keys:
            self.delete(key)
        return len(keys)

    def signed_url(self, key: str, ttl_s: int) -> str:
        expires = expiry_window(time.time(), ttl_s)
        return (
            f"{self._base_url}/objects/{expires}/{self._signature(key, expires)}/{checked_key(key)}"
        )

    def signed_path(self, key: str, expires: int, signature: str) -> Path:
        """The file behind a signed address.

        Raises:
            ObjectNotFound: also for a wrong or expired signature, which tells a stranger nothing.
        """
        try:
            expected = [self._signature(key, expires, by) for by in self._keys]
            path = self._path(key)
        except ValueError as error:
            raise ObjectNotFound(key) from error
        genuine = any(hmac.compare_digest(signature.encode(), one.encode()) for one in expected)
        if not genuine or expires < time.time() or not path.is_file():
            raise ObjectNotFound(key)
        return path

    def free_bytes(self) -> int | None:
        with _translated("free space"):
            self._objects.mkdir(parents=True, exist_ok=True)
            return shutil.disk_usage(self._objects).free

    def check(self) -> None:
        key = f"check/{secrets.token_hex(8)}"
        self.put(key, _Probe())
        with self.open(key) as pieces:
            if b"".join(pieces) != _Probe.content:
                raise StorageError("what was read is not what was written")
        self.delete(key)

    def prepare(self, site: str) -> None:  # noqa: ARG002 (the site serves these files itself)
        with _translated("storage folder"):
            self._objects.mkdir(parents=True, exist_ok=True)

    def check_site(self, site: str) -> None:
        """Signed addresses are the site's own: there is nothing that could be forbidden."""

    def sweep_incoming(self, older_than_s: float) -> int:
        """Remove what a killed process left half-written; returns how many files."""
        stale = [
            path
            for path in self._incoming.glob("*")
            if path.stat().st_mtime < time.time() - older_than_s
        ]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)

    def _path(self, key: str) -> Path:
        return self._objects / checked_key(key)

    def _signature(self, key: str, expires: int, by: bytes | None = None) -> str:
        message = f"{expires}:{checked_key(key)}".encode()
        digest = hmac.new(by or self._keys[0], message, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:SIGNATURE_BYTES]).decode().rstrip("=")

    def _prune(self, folder: Path) -> None:
        while folder != self._objects and folder.is_relative_to(self._objects):
            try:
                folder.rmdir()
            except OSError:  # not empty, or another process was faster
                return
            folder = folder.parent


class _Probe:
    content = b"CV Tube was here"

    def __init__(self) -> None:
        self._left = self.content

    def read(self, _size: int, /) -> bytes:
        piece, self._left = self._left, b""
        return piece


def _write(file: BinaryIO, stream: Readable) -> int:
    size = begun = 0
    while piece := stream.read(PIECE):
        size += file.write(piece)
        if size - begun >= WRITTEN_BACK:
            _begin_to_write_back(file, begun, size)
            begun = size
    file.flush()
    return size


def _begin_to_write_back(file: BinaryIO, start: int, end: int) -> None:
    """Have the disk at work while the network is, so that little is left to wait for at the end.

    Linux begins to write what is not on the disk yet when it hears that nobody will read it, and
    keeps it in memory all the same as long as it is being written.
    """
    if hasattr(os, "posix_fadvise"):
        file.flush()
        os.posix_fadvise(file.fileno(), start, end - start, os.POSIX_FADV_DONTNEED)


def _put_in_place(draft: Path, file: BinaryIO, target: Path) -> None:
    """Give the file its name, and flush both.

    Where there was no such object, the name comes first: the file system's journal then takes
    both in one go, which spares a third of the waiting. One that is replaced must outlive a disk
    that turns out to be full, so there the bytes come first.
    """
    replaces = target.exists()
    if replaces:
        _flush(file)
    _rename(draft, target)
    if not replaces:
        try:
            _flush(file)
        except OSError:
            target.unlink(missing_ok=True)
            raise
    _flush_folder(target.parent)


def _flush(file: BinaryIO) -> None:
    os.fdatasync(file.fileno()) if hasattr(os, "fdatasync") else os.fsync(file.fileno())


def _rename(draft: Path, target: Path) -> None:
    while True:
        _make_folder(target.parent)
        try:
            draft.replace(target)
        except FileNotFoundError:
            # Another process deleted the folder's last other object, and the folder with it.
            continue
        return


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _flush_folder(folder.parent)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _translated(key: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise ObjectNotFound(key) from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFull(str(error)) from error
        raise StorageUnavailable(str(error)) from error
