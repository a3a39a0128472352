"""The one place where a refusal becomes an answer: a page, or problem JSON (RFC 9457)."""

from __future__ import annotations

import errno
import logging
import os
import traceback
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_babel import get_locale
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from cvtube.db import limits
from cvtube.errors import Refused
from cvtube.storage.contract import StorageError, StorageFull
from cvtube.web.language import local_path
from cvtube.web.unit_of_work import runtime

log = logging.getLogger(__name__)

# What Flask and its extensions raise by themselves, in our words.
_BY_STATUS = {
    HTTPStatus.BAD_REQUEST: "bad_request",
    HTTPStatus.UNAUTHORIZED: "log_in_first",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "request_too_big",
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: "range_not_there",
    HTTPStatus.TOO_MANY_REQUESTS: "too_many_requests",
    HTTPStatus.INTERNAL_SERVER_ERROR: "internal",
}


_VERBS_OF_PAGES = {"GET", "HEAD", "POST"}  # links and forms can say no others
_KEPT_HEADERS = {"Allow", "Content-Range", "Retry-After"}


def init_app(app: Flask) -> None:
    """Answer every error there may be."""
    app.jinja_env.globals["help_desk"] = lambda: runtime().settings.contact
    app.register_error_handler(Refused, refusal_response)
    app.register_error_handler(CSRFError, lambda _: refusal_response(Refused("form_expired")))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StorageError, _storage)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(PoolTimeout, _database)
    app.register_error_handler(OSError, _system)
    app.register_error_handler(Exception, _bug)


def refusal_response(refused: Refused, page: str = "errors/refused.html") -> Response:
    """The refusal, as whoever asks can read it; `page` is the template for people."""
    sentence = refused.sentence(str(get_locale() or "fr"))
    if wants_json():
        problem = {
            "type": "about:blank",
            "title": sentence,
            "status": refused.status,
            "code": refused.code,
        }
        response = jsonify(problem)
        response.content_type = "application/problem+json"
    else:
        response = make_response(
            render_template(page, refused=refused, sentence=sentence, again=_again(refused))
        )
    response.status_code = refused.status
    response.headers.update(refused.headers)
    return response


def _again(refused: Refused) -> str:
    """The page whose form was sent too late, to be opened anew; "" if that would not help."""
    if refused.code != "form_expired" or not request.referrer:
        return ""
    page = urlsplit(request.referrer)
    return local_path(f"{page.path}?{page.query}" if page.query else page.path)


def wants_json() -> bool:
    """Whether a program asks: it says so, speaks the upload protocol, or uses no page's verb."""
    if "Tus-Resumable" in request.headers or request.method not in _VERBS_OF_PAGES:
        return True
    return (
        request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
    )


def _http(error: HTTPException) -> Response:
    if error.response is not None:  # raised with its answer already made
        return make_response(error.response)
    if error.code is not None and error.code < HTTPStatus.BAD_REQUEST:  # a redirect of the router
        return make_response(error.get_response())
    code = _BY_STATUS.get(HTTPStatus(error.code or 500), "bad_request")
    headers = {k: v for k, v in error.get_headers() if k in _KEPT_HEADERS}
    return refusal_response(Refused(code, headers=headers))


def _storage(error: StorageError) -> Response:
    log.error("storage: %s", error)
    if isinstance(error, StorageFull):
        return refusal_response(Refused("storage_full"))
    return refusal_response(Refused("storage_unavailable", headers={"Retry-After": "10"}))


def _database(error: OperationalError | PoolTimeout) -> Response:
    cause = getattr(error, "orig", error)
    log.error("database: %s", type(cause).__name__)
    code = "database_unavailable"
    if isinstance(error, OperationalError):
        if limits.is_full(error):
            return refusal_response(Refused("storage_full"))
        if limits.took_too_long(error):
            code = "took_too_long"
    return refusal_response(Refused(code, headers={"Retry-After": "10"}))


def _system(error: OSError) -> Response:
    """A form's file or a log may find the disk full; anything else of the kind is a bug."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        log.error("disk: %s", os.strerror(error.errno))
        return refusal_response(Refused("storage_full"))
    return _bug(error)


def _bug(error: Exception) -> Response:
    # Frames and the error's class, not its message: those of databases repeat the row.
    trace = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s %s: %s\n%s", request.method, request.endpoint, type(error).__name__, trace)
    log.debug("its message: %s", error)
    return refusal_response(Refused("internal"))
