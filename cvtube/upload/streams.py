"""A request's bytes, cut into chunk objects while they stream.

Connections break, on phones all the time. A broken body must look to the storage like one
that ended early: what came of it is stored, acknowledged, and never sent again.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import RawIOBase
from typing import Protocol

from werkzeug.exceptions import ClientDisconnected
from werkzeug.wsgi import LimitedStream

from cvtube.errors import Refused
from cvtube.settings import MIB
from cvtube.storage.contract import PIECE, Readable, Storage
from cvtube.videos.containers import ENOUGH

CHUNK = 8 * MIB  # bytes of one object at most: what a cut can cost when a checksum holds it back

# A server throws away what it has gathered of one read when the connection breaks in the
# middle of it, so reads are small: this is the most that is sent twice.
READ = 16 * 1024
# One whose stream is raw gathers nothing: a read gives what there is by now (io.RawIOBase). The
# framework's own is called so, and reads from the server's.
RAW_READ = PIECE

BREAKS = (OSError, ClientDisconnected)  # what reading from a broken connection raises

SKIPPED = CHUNK  # bytes, and seconds, that a refused sender may still go on
SKIPPED_S = 10


class Connection(Protocol):
    """What the web server lets a view do with the connection a body comes by."""

    def hang_up(self) -> None:
        """Have whoever waits for more of it see its end."""


class Body:
    """What a request brings. Reading never raises; `broken` tells whether it ended too early."""

    def __init__(
        self,
        stream: Readable,
        *,
        expected: int | None = None,
        algorithm: str | None = None,
        connection: Connection | None = None,
    ) -> None:
        """`expected` bytes will come, if the request says so; `algorithm` hashes them."""
        self._stream = stream
        raw = isinstance(stream, RawIOBase) and not isinstance(stream, LimitedStream)
        self._at_once = RAW_READ if raw else READ
        self._expected = expected
        self._hash = hashlib.new(algorithm) if algorithm else None
        self._ahead = b""
        self._ended = False
        self._connection = connection
        self.received = 0
        self.broken = False
        self.abandoned = False

    def read(self, size: int, /) -> bytes:
        if not self._ahead and not self._ended:
            self._ahead = self._next()
        piece, self._ahead = self._ahead[:size], self._ahead[size:]
        return piece

    def more(self) -> bool:
        """Whether another byte comes; waits for it if need be."""
        if not self._ahead and not self._ended:
            self._ahead = self._next()
        return bool(self._ahead)

    def abandon(self) -> None:
        """Nobody wants it any more; called by another thread than the one that reads it."""
        self.abandoned = True
        if self._connection is not None:
            self._connection.hang_up()

    def digest(self) -> bytes:
        """The hash of everything read."""
        return self._hash.digest() if self._hash else b""

    def skip(self) -> None:
        """Read on without keeping it, for a while: most clients speak to the end, then listen."""
        end = time.monotonic() + SKIPPED_S
        skipped = 0
        while skipped < SKIPPED and time.monotonic() < end and self.more():
            skipped += len(self.read(READ))

    def _next(self) -> bytes:
        if self.received == self._expected:
            self._ended = True
            return b""
        try:
            piece = self._stream.read(self._at_once)
        except BREAKS:
            piece, self.broken = b"", True
        self._ended = not piece
        self.received += len(piece)
        if self._ended and self._expected is not None:
            self.broken = self.received < self._expected
        if self._hash:
            self._hash.update(piece)
        return piece


@dataclass(frozen=True)
class Chunk:
    """A stored object that is not yet part of an upload."""

    key: str
    start: int
    size: int
    first_bytes: bytes  # ENOUGH of them at most


def store(
    storage: Storage, body: Body, new_key: Callable[[int], str], *, start: int, room: int
) -> Iterator[Chunk]:
    """Store the body as chunks from offset `start` on, each yielded when it is durable.

    Raises:
        Refused: `upload_longer_than_said` if there is more than `room`; the chunk that would
            have filled the room is not kept then. `upload_offset` if the body was abandoned: a
            newer one brings the same bytes.
        StorageError: nothing of the chunk at hand is kept.
    """
    while body.more():
        if room == 0:
            raise Refused("upload_longer_than_said")
        part = _LimitedStream(body, min(CHUNK, room))
        stored = storage.put(new_key(start), part)
        if body.abandoned:
            storage.delete(stored.key)
            raise Refused("upload_offset")
        if stored.size == room and body.more():
            storage.delete(stored.key)
            raise Refused("upload_longer_than_said")
        yield Chunk(stored.key, start, stored.size, part.first_bytes)
        start += stored.size
        room -= stored.size


class _LimitedStream:
    """At most `limit` bytes of a body, as one stream."""

    def __init__(self, body: Body, limit: int) -> None:
        self._body = body
        self._left = limit
        self.first_bytes = b""

    def read(self, size: int, /) -> bytes:
        piece = self._body.read(min(size, self._left))
        self._left -= len(piece)
        if len(self.first_bytes) < ENOUGH:
            self.first_bytes += piece[: ENOUGH - len(self.first_bytes)]
        return piece
