"""Serves signed addresses of the local storage; with S3 the browser goes to the service itself."""

from __future__ import annotations

import time

from flask import Blueprint, Response, send_file

from cvtube.errors import Refused
from cvtube.storage.contract import ObjectNotFound, content_type
from cvtube.storage.local import LocalStorage
from cvtube.web.guard import public
from cvtube.web.unit_of_work import runtime

blueprint = Blueprint("objects", __name__)


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
    response.headers["Cache-Control"] = f"private, max-age={left}, immutable"
    return response
