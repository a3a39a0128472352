"""The application behind a real socket, in this very process."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from flask import Flask
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

PATIENCE_S = 30


class Gate:
    """Counts the requests that are inside, and lets nobody in once it is closed.

    A browser that is closed leaves requests behind. What they still hold in the database would
    keep the next test from emptying it.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._inside = 0
        self._open = True
        self._change = threading.Condition()

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        with self._change:
            if not self._open:
                return Response(status=HTTPStatus.SERVICE_UNAVAILABLE)(environ, start_response)
            self._inside += 1
        try:
            answer = self._app(environ, start_response)
        except BaseException:
            self._leave()
            raise
        return self._leaving_with(answer)

    def _leaving_with(self, answer: Any) -> Iterator[bytes]:
        """(Werkzeug's server does not close an answer whose browser has hung up.)"""
        try:
            yield from answer
        finally:
            answer.close()
            self._leave()

    def _leave(self) -> None:
        with self._change:
            self._inside -= 1
            self._change.notify()

    def close(self) -> None:
        with self._change:
            self._open = False
            left = self._change.wait_for(lambda: not self._inside, PATIENCE_S)
        assert left, f"{self._inside} requests do not end"


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The site's address, for as long as it is served."""
    gate = Gate(app)
    server = make_server("127.0.0.1", 0, gate, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        gate.close()
        server.server_close()
