"""For machines that watch machines: that the process is alive, and that its parts answer."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from cvtube.queue.broker import Broker
from cvtube.queue.dispatch import BellError
from cvtube.runtime import Runtime
from cvtube.storage.contract import StorageError
from cvtube.web.guard import public
from cvtube.web.security import limiter
from cvtube.web.unit_of_work import runtime

blueprint = Blueprint("health", __name__)
limiter.exempt(blueprint)


@blueprint.get("/healthz")
@public
def alive() -> Response:
    """This process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
def ready() -> tuple[Response, HTTPStatus]:
    """Database and storage answer. Redis is told of but not needed: work only waits longer."""
    states = {name: _state(check) for name, check in checks(runtime()).items()}
    fit = all(state == "ok" for name, state in states.items() if name != "queue")
    status = HTTPStatus.OK if fit else HTTPStatus.SERVICE_UNAVAILABLE
    return jsonify(status="ok" if fit else "unavailable", parts=states), status


def checks(runtime: Runtime) -> dict[str, Callable[[], object]]:
    """Each part, and what proves that it answers."""

    def database() -> None:
        with runtime.reading() as session:
            session.execute(text("SELECT 1"))

    def queue() -> None:
        if isinstance(runtime.bell, Broker):
            runtime.bell.check()

    return {"database": database, "queue": queue, "storage": runtime.storage.check}


def _state(check: Callable[[], object]) -> str:
    try:
        check()
    except (SQLAlchemyError, BellError, StorageError):
        return "no answer"
    return "ok"
