"""gunicorn's worker: one event loop for all connections, and threads for requests that are there.

Measured against its rivals in docs/decisions/0141. What is taken over from gunicorn's own threaded
worker is how the application is called and how a process is told to end.
"""

from __future__ import annotations

import resource
import selectors
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from gunicorn import http
from gunicorn.http.body import LengthReader
from gunicorn.workers.base import Worker
from gunicorn.workers.gthread import ThreadWorker

from cvtube.server.connection import ClientConnection, LengthBody
from cvtube.server.lanes import LanePool
from cvtube.server.loop import Connections, Threads
from cvtube.server.request_heads import COLLECTED, Lane

# Threads that wait cost some 50 KiB each. Bodies only get them once they have begun to come.
BODY_THREADS = 256
HEALTH_THREADS = 1
TURN_S = 15  # after which a body gives way to one that waits for a thread
CHECK_EVERY_S = 0.5
# The loop gives the interpreter away at each look at the network, and has it back after this time
# at the latest. Python's own 5 ms, hundreds of times a second, would be felt.
INTERPRETER_TURN_S = 0.0005

MOST_CONNECTIONS = 4000
DESCRIPTORS_APART = 400  # for threads' files, databases, and what is being sent


class LanesWorker(ThreadWorker):
    """See above."""

    def init_process(self) -> None:
        sizes = {
            Lane.HEALTH: HEALTH_THREADS,
            Lane.PAGES: self.cfg.threads,
            Lane.BODIES: BODY_THREADS,
        }
        self._lanes = {lane: LanePool(lane.value, size) for lane, size in sizes.items()}
        self._checked_at = 0.0
        sys.setswitchinterval(INTERPRETER_TURN_S)
        super().init_process()

    def get_thread_pool(self) -> None:
        """None of gunicorn's."""

    def handle_quit(self, sig: int, frame: object) -> None:
        """End now."""
        for lane in self._lanes.values():
            lane.close()
        Worker.handle_quit(self, sig, frame)

    def run(self) -> None:
        """Serve until told to stop, and then for as long as gunicorn's grace lasts."""
        self._connections = Connections(
            self.poller,
            Threads(self._submit, self._answer, self.method_queue.defer),
            most=min(MOST_CONNECTIONS, _descriptors() - DESCRIPTORS_APART),
            keepalive_s=self.cfg.keepalive,
        )
        self.poller.register(
            self.method_queue.fileno(), selectors.EVENT_READ, self.method_queue.run_callbacks
        )
        self.set_accept_enabled(True)
        while self.alive and self.is_parent_alive():
            self._turn()
        self.set_accept_enabled(False)
        for listener in self.sockets:
            listener.close()
        self._finish()

    def accept(self, listener: socket.socket) -> None:
        self._connections.accept(listener)

    def _turn(self) -> None:
        self.wait_for_and_dispatch_events(timeout=CHECK_EVERY_S)
        now = time.monotonic()
        if now - self._checked_at >= CHECK_EVERY_S:
            self._checked_at = now
            self.notify()
            self._connections.check_timeouts()

    def _finish(self) -> None:
        self.alive = False  # also where it was our parent that ended
        self._connections.closing = True
        end = time.monotonic() + self.cfg.graceful_timeout
        while self._connections and time.monotonic() < end:
            self._connections.dismiss_idle()
            self._turn()
        for lane in self._lanes.values():
            lane.close()

    def _submit(self, lane: Lane, work: Callable[[], None]) -> None:
        self._lanes[lane].submit(work)

    def _must_give_way(self, age_s: float) -> bool:
        """Whether a body of that age is ended: its upload goes on later, with another request."""
        return not self.alive or (age_s > TURN_S and self._lanes[Lane.BODIES].is_crowded())

    # -- one request, in a thread ------------------------------------------------------------

    def _answer(self, channel: ClientConnection, lane: Lane, told_to_go_on: bool) -> bool:
        """Have the application answer; returns whether another request may come."""
        request = None
        channel.begin(streams=lane is Lane.BODIES, give_way=self._must_give_way)
        try:
            parser = http.get_parser(self.cfg, channel, channel.client)
            request = next(parser)
            channel.unread(parser.unreader.take_buffered())
            _prepare(request, channel, told_to_go_on=told_to_go_on)
            stays = self.handle_request(request, channel) and _is_read(request, channel)
            channel.unread(parser.unreader.take_buffered())
            return bool(stays)
        except (http.errors.NoMoreData, StopIteration):
            return False
        except OSError as error:
            if not isinstance(error, (TimeoutError, ConnectionError)):
                self.log.exception("Socket error processing request.")
        except Exception as error:  # noqa: BLE001 (as gunicorn's own: whatever a view lets through)
            self.handle_error(request, channel, channel.client, error)
        return False


def _prepare(request: Any, channel: ClientConnection, *, told_to_go_on: bool) -> None:
    if told_to_go_on:
        request._expected_100_continue = False  # noqa: SLF001 (or it would be said twice)
    reader = request.body.reader
    if isinstance(reader, LengthReader):
        request.body = LengthBody(channel, reader.length)


def _is_read(request: Any, channel: ClientConnection) -> bool:
    """Whether nothing of the body is in the next request's way. Nobody waits for it here."""
    channel.streams = False
    while request.body.read(COLLECTED):
        pass
    return not channel.ended


def _descriptors() -> int:
    """Open files this process may have; each connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + DESCRIPTORS_APART
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            return wanted
        return soft
    return wanted
