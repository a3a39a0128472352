"""The event loop's side of all connections: who is waited for, for how long, and what then.

A connection costs a descriptor and what has come of a request. Only a request of which enough is
there goes to a thread; everything that takes as long as the visitor likes happens here.
"""

from __future__ import annotations

import errno
import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from cvtube.server import request_heads
from cvtube.server.connection import SILENCE_S, ClientConnection
from cvtube.server.request_heads import Head, HeadTooLarge, Lane

FIRST_BYTE_S = 30  # browsers open connections before they need them
HEAD_S = 15
BODY_S = 20  # and what SLOWEST allows
SLOWEST = 1024  # bytes a second of a body that is collected; it costs no thread, so it may be slow
GOODBYE_S = 2
GOODBYE_BYTES = 64 * 1024  # more of a refused body than this is not worth its sender’s network
AT_ONCE = 64  # that are let in before others have their turn

_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"Connection: close\r\nContent-Length: 0\r\n\r\n"
)
_GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"


class ConnectionState(Enum):
    """Whose turn it is at a connection, and with what."""

    RECEIVING = "receiving"  # the loop's
    WORKING = "working"  # a thread's
    SENDING = "sending"  # the loop's
    LEAVING = "leaving"  # the loop's


class Client:
    """A connection as the loop sees it."""

    def __init__(self, channel: ClientConnection) -> None:
        self.channel = channel
        self.doing = ConnectionState.RECEIVING
        self.deadline = time.monotonic() + FIRST_BYTE_S
        self.head: Head | None = None
        self.begun = False  # the head, that is
        self.told_to_go_on = False
        self.stays = False  # for another request, once its answer is sent
        self.thrown_away = 0
        self.watched = 0  # the events the loop waits for

    def expect_request(self, seconds: float) -> None:
        self.doing, self.head = ConnectionState.RECEIVING, None
        self.begun = self.told_to_go_on = False
        self.deadline = time.monotonic() + seconds


@dataclass(frozen=True)
class Threads:
    """What the loop needs of them."""

    submit: Callable[[Lane, Callable[[], None]], None]
    answer: Callable[
        [ClientConnection, Lane, bool], bool
    ]  # one request; whether another may follow
    back_in_loop: Callable[..., None]  # calls a function there, with arguments


class Connections:
    """All of them."""

    def __init__(self, poller: Any, threads: Threads, *, most: int, keepalive_s: float) -> None:
        self._poller, self._threads = poller, threads
        self._most, self._keepalive_s = most, keepalive_s
        self._all: set[Client] = set()
        self.closing = False  # nobody stays for another request

    def __len__(self) -> int:
        return len(self._all)

    def check_timeouts(self) -> None:
        """End what has had its time."""
        now = time.monotonic()
        for visitor in [one for one in self._all if one.deadline < now]:
            self._run_out(visitor)

    def dismiss_idle(self) -> None:
        """Ask those to go who have not begun a request."""
        idle = [
            one for one in self._all if one.doing is ConnectionState.RECEIVING and one.head is None
        ]
        for visitor in idle:
            self._leave(visitor)

    def accept(self, listener: socket.socket) -> None:
        """Everybody who waits at the door, as long as there is room."""
        for _ in range(AT_ONCE):
            try:
                connection, address = listener.accept()
            except OSError as error:
                if error.errno in {errno.EMFILE, errno.ENFILE}:
                    self._make_room()
                return
            if len(self._all) >= self._most:
                self._make_room()
            visitor = Client(ClientConnection(connection, address, listener.getsockname()))
            self._all.add(visitor)
            self._receive(visitor)

    def _make_room(self) -> None:
        """Whoever has kept the loop waiting longest goes: it is nobody's turn there."""
        waiting = [v for v in self._all if v.doing is not ConnectionState.WORKING]
        if waiting:
            self._close(min(waiting, key=lambda visitor: visitor.deadline))

    # -- a connection's steps ----------------------------------------------------------------

    def _receive(self, visitor: Client) -> None:
        """Take what has come, and hand the request over once enough of it is there."""
        channel = visitor.channel
        if not channel.received and not channel.fill():
            self._close(visitor)
            return
        self._consider(visitor)

    def _on_readable(self, visitor: Client) -> None:
        if visitor.doing is ConnectionState.LEAVING:
            self._throw_away(visitor)
        elif visitor.channel.fill():
            self._consider(visitor)
        elif visitor.head and visitor.head.lane is Lane.BODIES:
            self._hand_over(visitor, visitor.head)  # cut off: what came of it is kept
        else:
            self._close(visitor)

    def _consider(self, visitor: Client) -> None:
        received = visitor.channel.received
        if visitor.head is None and received and not self._read_head(visitor):
            return
        head = visitor.head
        if head is not None and len(received) >= head.needed:
            self._hand_over(visitor, head)
            return
        if head is not None and head.asks_first and not visitor.told_to_go_on:
            visitor.told_to_go_on = True
            visitor.channel.send(_GO_ON)
        self._watch(visitor, selectors.EVENT_READ)

    def _read_head(self, visitor: Client) -> bool:
        """Look whether the head is whole; False if the connection was given up."""
        now = time.monotonic()
        try:
            visitor.head = request_heads.parse(visitor.channel.received)
        except HeadTooLarge:
            self._refuse(visitor, _TOO_LARGE)
            return False
        if visitor.head is not None:
            visitor.deadline = now + BODY_S + visitor.head.awaited / SLOWEST
        elif not visitor.begun:
            visitor.begun, visitor.deadline = True, now + HEAD_S
        return True

    def _hand_over(self, visitor: Client, head: Head) -> None:
        """To a thread of its lane."""
        self._watch(visitor, 0)
        visitor.doing, visitor.deadline = ConnectionState.WORKING, float("inf")
        self._threads.submit(head.lane, lambda: self._serve(visitor, head.lane))

    def _serve(self, visitor: Client, lane: Lane) -> None:
        """In the thread: one request, until its answer is made."""
        try:
            visitor.stays = self._threads.answer(visitor.channel, lane, visitor.told_to_go_on)
            visitor.channel.flush()
        finally:
            self._threads.back_in_loop(self._send, visitor)

    def _send(self, visitor: Client) -> None:
        """What the thread could not send at once; then the next request, or goodbye."""
        if not visitor.channel.flush():
            visitor.doing = ConnectionState.SENDING
            visitor.deadline = time.monotonic() + SILENCE_S
            self._watch(visitor, selectors.EVENT_WRITE)
        elif visitor.channel.gone:
            self._close(visitor)
        elif visitor.stays and not self.closing and not visitor.channel.ended:
            visitor.expect_request(self._keepalive_s)
            self._consider(visitor)
        else:
            self._leave(visitor)

    def _refuse(self, visitor: Client, answer: bytes) -> None:
        visitor.channel.sendall(answer)
        visitor.stays = False
        self._send(visitor)

    def _leave(self, visitor: Client) -> None:
        """Half-close, and wait a moment, or the answer might be lost (RFC 9112, section 9.6)."""
        visitor.doing, visitor.deadline = ConnectionState.LEAVING, time.monotonic() + GOODBYE_S
        visitor.channel.say_goodbye()
        self._watch(visitor, selectors.EVENT_READ)

    def _throw_away(self, visitor: Client) -> None:
        more = visitor.channel.fill()
        visitor.thrown_away += len(visitor.channel.received)
        visitor.channel.received.clear()
        if not more or visitor.thrown_away > GOODBYE_BYTES:
            self._close(visitor)

    def _run_out(self, visitor: Client) -> None:
        """Its time is over."""
        head = visitor.head
        if visitor.doing is not ConnectionState.RECEIVING or not visitor.channel.received:
            self._close(visitor)
        elif head and head.lane is Lane.BODIES and len(visitor.channel.received) > head.size:
            visitor.channel.ended = True
            self._hand_over(visitor, head)  # what came of it is kept
        else:
            self._refuse(visitor, _TOO_SLOW)

    def _close(self, visitor: Client) -> None:
        self._watch(visitor, 0)
        self._all.discard(visitor)
        visitor.channel.close()

    def _watch(self, visitor: Client, events: int) -> None:
        """Have the loop wait for these, and no others."""
        if events == visitor.watched:
            return
        if not events:
            self._poller.unregister(visitor.channel)
        elif visitor.watched:
            self._poller.modify(visitor.channel, events, self._callback(visitor, events))
        else:
            self._poller.register(visitor.channel, events, self._callback(visitor, events))
        visitor.watched = events

    def _callback(self, visitor: Client, events: int) -> Callable[[object], None]:
        step = self._on_readable if events == selectors.EVENT_READ else self._send
        return lambda _channel: step(visitor)
