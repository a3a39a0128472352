"""A network between browser and server: slow if wanted, cut when wanted, and counted."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

PIECE = 16 * 1024


class Wire:
    """Forwards connections to a port; counts what really went through to the server."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        # What waits in here has left the browser and not reached the server: keep it little.
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * PIECE)
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._closing = False
        self.port = self._listener.getsockname()[1]
        self.bytes_per_s = 0  # towards the server; 0: as fast as it goes
        self.sent = 0
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Every connection ends, in the middle of whatever it carries."""
        with self._lock:
            connections, self._open = self._open, set()
        for connection in connections:
            close(connection)

    def close(self) -> None:
        self._closing = True
        close(self._listener)
        self.cut()
        self._thread.join(5)

    def _accept(self) -> None:
        while not self._closing:
            try:
                browser, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._server_port))
            except OSError:
                close(browser)  # the server is down: so is the wire
                continue
            with self._lock:
                self._open |= {browser, server}
            for args in ((browser, server, True), (server, browser, False)):
                threading.Thread(target=self._pump, args=args, daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, upwards: bool) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(PIECE):
                target.sendall(piece)
                if upwards:
                    self._slow_down(len(piece))
        close(source)
        close(target)
        with self._lock:
            self._open -= {source, target}

    def _slow_down(self, size: int) -> None:
        with self._lock:
            self.sent += size
        if self.bytes_per_s:
            until = time.monotonic() + size / self.bytes_per_s
            while time.monotonic() < until:
                time.sleep(0.005)


def close(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
