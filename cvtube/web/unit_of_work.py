"""One transaction per request, committed before the answer is sent.

Reading requests get a session that cannot write. Others get one that commits if the answer
is a success or a redirect, and rolls back if it is an error. Nothing is opened before the
first query, and a request that moves a film's bytes uses `runtime().transaction()` for its
short steps instead, since no transaction may stay open that long.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import cast

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from cvtube.runtime import Runtime

READING = frozenset({"GET", "HEAD", "OPTIONS"})
_EXTENSION = "cvtube"


def init_app(app: Flask, runtime: Runtime) -> None:
    """Give the app its runtime and each request its transaction."""
    bind_runtime(app, runtime)
    app.after_request(_commit)
    app.teardown_request(_close)


def bind_runtime(app: Flask, runtime: Runtime) -> None:
    """Have the application work with another runtime from now on."""
    app.extensions[_EXTENSION] = runtime


def runtime() -> Runtime:
    """The runtime this application works with."""
    return cast(Runtime, current_app.extensions[_EXTENSION])


def db() -> Session:
    """This request's session."""
    if "session" not in g:
        g.session = runtime().new_session(read_only=request.method in READING)
    return cast(Session, g.session)


def _commit(response: Response) -> Response:
    session: Session | None = g.get("session")
    if session is not None:
        if response.status_code < HTTPStatus.BAD_REQUEST:
            return _committed(session, response)
        session.rollback()
    return response


def _committed(session: Session, response: Response) -> Response:
    """The answer, or that of an error: Flask itself would log the address, which may be a key."""
    try:
        session.commit()
    except SQLAlchemyError as error:
        session.rollback()
        return current_app.make_response(current_app.handle_user_exception(error))
    return response


def _close(_error: BaseException | None) -> None:
    session: Session | None = g.pop("session", None)
    if session is not None:
        session.close()
