"""X-HTTP-Method-Override for clients that cannot say PATCH or DELETE.

The protocol wants the real method ignored, so it is replaced before anything has looked at
it: routing, request forgery protection and transactions all see the one method that counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADER = "HTTP_X_HTTP_METHOD_OVERRIDE"
METHODS = frozenset({"OPTIONS", "HEAD", "POST", "PATCH", "DELETE"})


class MethodOverride:
    """WSGI middleware for the addresses below one prefix."""

    def __init__(self, app: WSGIApplication, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = environ.get(HEADER, "").upper()
        path = environ.get("PATH_INFO", "")
        if asked in METHODS and (path == self._prefix or path.startswith(f"{self._prefix}/")):
            environ["REQUEST_METHOD"] = asked
        return self._app(environ, start_response)
