"""What every storage promises; `tests/storage/test_contract.py` holds each one to it.

- `put` returns only when the bytes are durable: on disk after fdatasync, or accepted by S3.
- An object appears whole or not at all, and putting a key again replaces it whole. (What a power
  cut leaves of one that was not acknowledged yet is nobody's: rows that name it come after.)
- Reading or describing what is not there raises `ObjectNotFound`; deleting it is no error.
- Nothing is readable from outside but through `signed_url`, and only until it expires.
- Foreign errors never get out: only the exceptions below do.

Keys are `/`-joined segments of letters, digits, `.`, `_` and `-`; an object's media type
follows from its key's suffix, so that no storage has to remember one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

PIECE = 256 * 1024  # bytes moved at a time: media is streamed, never held whole in memory

CONTENT_TYPES = {
    ".jpg": "image/jpeg",
    ".m4a": "audio/mp4",
    ".mp4": "video/mp4",
    ".vtt": "text/vtt; charset=utf-8",
}
FETCHED_IN_RANGES = {".m4a", ".mp4"}
_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_MAX_KEY = 512


class StorageError(Exception):
    """The storage could not do it."""


class ObjectNotFound(StorageError):
    """There is no object with this key."""


class StorageFull(StorageError):
    """There is no room left; what was there before is unhurt."""


class StorageUnavailable(StorageError):
    """The storage does not answer or refuses us; trying again later may help."""


class Readable(Protocol):
    """What `put` needs of a stream, which must not raise."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


@dataclass(frozen=True)
class StoredObject:
    """One object: its key and its size in bytes."""

    key: str
    size: int


class Storage(Protocol):
    """The contract; see the module's docstring for what is promised."""

    @property
    def browser_origin(self) -> str | None:
        """Origin that signed addresses point at, if it is not the site's own."""

    def put(self, key: str, stream: Readable) -> StoredObject:
        """Store everything the stream gives until it is empty."""

    def put_file(self, key: str, path: Path) -> StoredObject:
        """Store a local file."""

    def open(self, key: str) -> AbstractContextManager[Iterator[bytes]]:
        """The object's bytes in pieces."""

    def head(self, key: str) -> StoredObject:
        """Describe one object."""

    def list(self, prefix: str) -> Iterator[StoredObject]:
        """Every object whose key starts with the prefix, in no promised order."""

    def delete(self, key: str) -> None:
        """Remove one object, if it is there."""

    def delete_prefix(self, prefix: str) -> int:
        """Remove every object below the prefix; returns how many there were."""

    def signed_url(self, key: str, ttl_s: int) -> str:
        """An address anybody can GET (ranges included) for at least `ttl_s` seconds.

        It stays the same for a while (so that browsers can cache what it names) and
        therefore lives at most 1.5 times as long as asked.
        """

    def free_bytes(self) -> int | None:
        """Room left, where the storage has a known end."""

    def check(self) -> None:
        """Write, read and delete a probe object; raises StorageError with the reason."""

    def prepare(self, site: str) -> None:
        """Make what must be there before the first object; may be called again at any time."""

    def check_site(self, site: str) -> None:
        """Raise StorageError if browsers would not let the site's pages read signed addresses."""


def checked_key(key: str) -> str:
    """The key itself, or ValueError: a malformed key is a bug, never a visitor's input."""
    if len(key) > _MAX_KEY or not _KEY.fullmatch(key):
        raise ValueError(f"not a storage key: {key!r}")
    return key


def content_type(key: str) -> str:
    """The media type the key's suffix stands for."""
    return CONTENT_TYPES.get(PurePosixPath(key).suffix, "application/octet-stream")


def cache_control(key: str, max_age_s: int) -> str:
    """What browsers are told about keeping the object (RFC 9111, 5.2.2)."""
    # What is fetched in ranges is not kept: Chromium hands on only the beginning of a range of
    # which it holds a part, when the request that brought that part was cut off.
    if PurePosixPath(key).suffix in FETCHED_IN_RANGES:
        return "no-store"
    return f"private, max-age={max_age_s}, immutable"


def expiry_window(now_s: float, ttl_s: int) -> int:
    """When an address signed now expires (Unix seconds): at least `ttl_s` ahead, in steps."""
    step = max(ttl_s // 2, 1)
    return (int(now_s + ttl_s) // step + 1) * step
