"""Serves signed addresses of the local storage; with S3 the browser goes to the service itself."""

from __future__ import annotations

import io
import time
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Blueprint, Response, request, send_file
from werkzeug.wsgi import wrap_file

from cvtube.errors import Refused
from cvtube.storage.contract import ObjectNotFound, cache_control, content_type
from cvtube.storage.local import LocalStorage
from cvtube.web.guard import public
from cvtube.web.unit_of_work import runtime

blueprint = Blueprint("objects", __name__)


@blueprint.app_template_global("object_address")
def object_address(key: str) -> str:
    """Where a browser gets an object, for as long as the settings say.

    The site's own addresses are written without its name: they work by whatever name, and
    over whatever port forwarded, the page itself was reached.
    """
    here = runtime()
    signed = here.storage.signed_url(key, here.settings.media_url_ttl_s)
    if here.storage.browser_origin is not None:
        return signed
    return urlsplit(signed)._replace(scheme="", netloc="").geturl()


@blueprint.get("/objects/<int:expires>/<signature>/<path:key>")
@public
def serve(expires: int, signature: str, key: str) -> Response:
    """The object, or the part of it a Range asks for."""
    storage = runtime().storage
    if not isinstance(storage, LocalStorage):
        raise Refused("not_found")
    try:
        path = storage.signed_path(key, expires, signature)
    except ObjectNotFound as error:
        raise Refused("not_found") from error
    left = max(0, expires - int(time.time()))
    response = _hand_on(key) if runtime().settings.accel_path else _send(path, key)
    response.headers["Cache-Control"] = cache_control(key, left)
    return response


def _hand_on(key: str) -> Response:
    """Have the proxy send the file, whose address it takes from nobody but us.

    https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ignore_headers
    """
    response = Response(mimetype=content_type(key))
    response.headers["X-Accel-Redirect"] = runtime().settings.accel_path + quote(key)
    return response


def _send(path: Path, key: str) -> Response:
    response = send_file(path, mimetype=content_type(key), conditional=True, max_age=0)
    if response.status_code == HTTPStatus.PARTIAL_CONTENT:
        # As it is, the part would be read from the file's beginning, and the rest thrown away.
        response.response.close()  # type: ignore[union-attr]
        start, length = response.content_range.start or 0, response.content_length or 0
        part: Any = PartOfFile(path, start, length)
        response.response = wrap_file(request.environ, part)
    return response


class PartOfFile(io.RawIOBase):
    """Some bytes of a file, as a file of its own to whoever reads it.

    Its descriptor stands at the first of them: from there the web server has the kernel send as
    many as the answer's head promises.
    """

    def __init__(self, path: Path, start: int, length: int) -> None:
        self._file = path.open("rb", buffering=0)
        self._file.seek(start)
        self._left = length

    def fileno(self) -> int:
        return self._file.fileno()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        size = self._file.readinto(memoryview(buffer)[: self._left])
        self._left -= size
        return size

    def close(self) -> None:
        self._file.close()
        super().close()
