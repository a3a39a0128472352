"""One visitor's connection: what came of it, and what is still to be sent.

The event loop and a lane's thread own it in turns, never both. To gunicorn, which runs in the
thread, it looks like a socket on which nothing waits for long:

- Reading gives what the loop has collected. Only in the lane of bodies does it wait for more, and
  whoever is silent or too slow looks like somebody who has hung up: an upload keeps what came.
- Writing puts into a list. What the network does not take at once, the loop sends, so a visitor
  who reads slowly, or not at all, holds no thread.
"""

from __future__ import annotations

import io
import os
import select
import socket
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

RECEIVED_AT_ONCE = 256 * 1024  # bytes
SENT_AT_ONCE = 256 * 1024  # bytes, before other connections have their turn
HELD = 2 * 1024 * 1024  # bytes of an answer kept in memory; beyond it, its maker waits

SILENCE_S = 20  # a body that brings nothing for so long has ended, and an answer nobody takes
PACE_S = 30  # and one that brings
LEAST_RATE = 512  # bytes a second less than this over that time; 2G brings ten times as many
_LOOK_S = 1.0


class FilePart:
    """A file's bytes, sent by the kernel without passing through here."""

    def __init__(self, descriptor: int, offset: int, count: int) -> None:
        self._descriptor, self._offset, self._left = os.dup(descriptor), offset, count

    def send(self, connection: socket.socket) -> bool:
        """Send some; returns whether that was the last of it.

        Raises:
            BlockingIOError: the network takes nothing now.
            OSError: the visitor is gone, or the file was cut short after it was promised.
        """
        count = min(self._left, SENT_AT_ONCE)
        sent = os.sendfile(connection.fileno(), self._descriptor, self._offset, count)
        if not sent:
            raise OSError("the file ends before its promised length")
        self._offset += sent
        self._left -= sent
        return not self._left

    def close(self) -> None:
        os.close(self._descriptor)


class BodyPiece:
    """Bytes in memory."""

    def __init__(self, data: bytes) -> None:
        self._rest = memoryview(data)

    def send(self, connection: socket.socket) -> bool:
        """As a FilePart's."""
        self._rest = self._rest[connection.send(self._rest) :]
        return not self._rest

    def close(self) -> None:
        self._rest.release()


class ClientConnection:
    """See above."""

    def __init__(self, connection: socket.socket, client: Any, server: Any) -> None:
        connection.setblocking(False)
        with suppress(OSError):  # not every kind of socket has it
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection = connection
        self.client, self.server = client, server
        self.received = bytearray()
        self.ended = False  # nothing more comes, or is waited for
        self.streams = False  # a thread may wait for more than was collected
        self.gone = False  # nothing can be sent any more
        self._hung_up = False
        self._give_way: Callable[[float], bool] = lambda _age: False
        self._outbox: deque[FilePart | BodyPiece] = deque()
        self._written: list[bytes] = []  # to be sent in one go
        self._held = 0
        self._began = self._window_began = 0.0
        self._window_bytes = 0

    @property
    def sock(self) -> ClientConnection:
        """What gunicorn reads from and writes to."""
        return self

    def fileno(self) -> int:
        return self._connection.fileno()

    # -- the loop's side --------------------------------------------------------------------

    def fill(self) -> bool:
        """Take what has come; False if that was nothing because the visitor has ended."""
        try:
            piece = self._connection.recv(RECEIVED_AT_ONCE)
        except BlockingIOError:
            return True
        except OSError:
            piece = b""
        self.received += piece
        self.ended = not piece
        return not self.ended

    def flush(self) -> bool:
        """Send what the network takes now; returns whether nothing is left to send."""
        self._gather()
        for _ in range(8):
            if not self._outbox:
                self._held = 0
                return True
            try:
                if self._outbox[0].send(self._connection):
                    self._outbox.popleft().close()
            except BlockingIOError:
                return False
            except OSError:
                self.gone = True
                self._drop()
        return not self._outbox

    def begin(self, *, streams: bool, give_way: Callable[[float], bool]) -> None:
        """From here on a thread has it, with what was collected as its beginning.

        A body that has taken so many seconds is ended if it has to `give_way`.
        """
        self.streams, self._give_way = streams, give_way
        self._began = self._window_began = time.monotonic()
        self._window_bytes = 0

    def hang_up(self) -> None:
        """Have the thread that waits for more see the end; called by another one."""
        self._hung_up = True

    def say_goodbye(self) -> None:
        """Nothing more is sent; what still comes is to be thrown away, so that all is received."""
        self.ended = True
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self._drop()
        with suppress(OSError):
            self._connection.close()

    def _gather(self) -> None:
        """A head and its page make one packet."""
        if self._written:
            self._outbox.append(BodyPiece(b"".join(self._written)))
            self._written.clear()

    def _drop(self) -> None:
        self._written.clear()
        while self._outbox:
            self._outbox.popleft().close()

    # -- gunicorn's side: as much of a socket as it uses -------------------------------------

    def recv(self, size: int, _flags: int = 0) -> bytes:
        """What came, `size` bytes of it at most; empty at the end, however that came about."""
        if self.received:
            piece = bytes(self.received[:size])
            del self.received[:size]
            return piece
        if self.ended or self._hung_up or not self.streams:
            self.ended = True
            return b""
        piece = self._wait_for(size)
        self.ended = not piece
        return piece

    def unread(self, data: bytes) -> None:
        """Have it come once more."""
        self.received[:0] = data

    def send(self, data: bytes, _flags: int = 0) -> int:
        """At once, as "100 Continue" must."""
        self.sendall(data)
        self.flush()
        return len(data)

    def sendall(self, data: bytes, _flags: int = 0) -> None:
        """Have it sent.

        Raises:
            TimeoutError: the visitor takes nothing, and there is too much to be kept for them.
        """
        if not data or self.gone:
            return
        self._written.append(data)
        self._held += len(data)
        if self._held > HELD:
            self._wait_until_taken()

    def sendfile(self, file: Any, offset: int = 0, count: int = 0) -> int:
        """Have `count` bytes of a file sent; it may be closed meanwhile."""
        if not self.gone:
            self._gather()
            self._outbox.append(FilePart(file.fileno(), offset, count))
        return count

    def gettimeout(self) -> float | None:
        """Deadlines are the channel's own: there is none to be changed."""
        return SILENCE_S

    def settimeout(self, _seconds: float | None) -> None:
        """See `gettimeout`."""

    def setblocking(self, _blocking: bool) -> None:
        """See `gettimeout`."""

    # -- waiting, in the lane of bodies ------------------------------------------------------

    def _wait_for(self, size: int) -> bytes:
        """More of a body; empty if it has broken off, is too slow, or has had its turn."""
        try:
            if not self._await(select.POLLIN, self._is_due):
                return b""
            piece = self._connection.recv(size)
        except OSError:
            return b""
        self._window_bytes += len(piece)
        return piece

    def _is_due(self) -> bool:
        now = time.monotonic()
        if self._hung_up or self._give_way(now - self._began):
            return False
        if now - self._window_began > PACE_S:
            too_slow = self._window_bytes < LEAST_RATE * PACE_S
            self._window_began, self._window_bytes = now, 0
            return not too_slow
        return True

    def _await(self, event: int, patient: Callable[[], bool]) -> bool:
        """Whether it happens before SILENCE_S, and before patience ends."""
        poll = select.poll()
        poll.register(self._connection, event)
        end = time.monotonic() + SILENCE_S
        while patient() and (left := end - time.monotonic()) > 0:
            if poll.poll(min(left, _LOOK_S) * 1000):
                return True
        return False

    def _wait_until_taken(self) -> None:
        while not self.flush():
            if not self._await(select.POLLOUT, lambda: True):
                self.gone = True
                raise TimeoutError("an answer nobody takes")
        self._held = 0


class LengthBody(io.RawIOBase):
    """The body of a request that says how long it is, read straight from its channel.

    A read gives what there is, `size` bytes at most: nothing that has come is held back to make a
    read whole, so nothing of it is lost with the connection.
    """

    failed = False  # gunicorn asks whether the next request's start is unknown

    def __init__(self, channel: ClientConnection, length: int) -> None:
        self._channel, self._left = channel, length

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """As the channel has it: through `readinto`, each byte would be copied twice more."""
        if size is None or size < 0:
            return self.readall()
        if not size or not self._left:
            return b""
        piece = self._channel.recv(min(size, self._left))
        self._left -= len(piece)
        return piece

    def readinto(self, buffer: Any, /) -> int:
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)
