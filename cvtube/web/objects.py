"""Serves signed addresses of the local storage; with S3 the browser goes to the service itself."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

from flask import Blueprint, Response, send_file

from cvtube.errors import Refused
from cvtube.storage.contract import ObjectNotFound, cache_control, content_type
from cvtube.storage.local import LocalStorage
from cvtube.web.guard import public
from cvtube.web.unit_of_work import runtime

blueprint = Blueprint("objects", __name__)


@blueprint.app_template_global("object_address")
def address(key: str) -> str:
    """Where a browser gets an object, for as long as the settings say.

    The site's own addresses are written without its name: they work by whatever name, and
    over whatever port forwarded, the page itself was reached.
    """
    doors = runtime()
    signed = doors.storage.signed_url(key, doors.settings.media_url_ttl_s)
    if doors.storage.browser_origin is not None:
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
    response = send_file(path, mimetype=content_type(key), conditional=True, max_age=0)
    left = max(0, expires - int(time.time()))
    response.headers["Cache-Control"] = cache_control(key, left)
    return response
