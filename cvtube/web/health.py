"""For machines that watch machines: that the process is alive, and that its parts answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from cvtube.queue.broker import Broker
from cvtube.queue.notify import NotifyError
from cvtube.runtime import Runtime
from cvtube.storage.contract import StorageError, StorageFull
from cvtube.web.guard import public
from cvtube.web.security import limiter
from cvtube.web.unit_of_work import runtime

WELL_FOR_S = 5  # how long "ok" is believed
ILL_FOR_S = 1
ANSWERED_WITHIN_S = 4  # else a part does not answer; load balancers mostly wait for 5
OK, FULL, SILENT = "ok", "full", "no answer"
_CHECKS = "cvtube.readiness"

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
    """Database and storage answer. Redis is told of but not needed: work only waits longer.

    Nor does a full disk make the site unfit: what is there can be watched.
    """
    checks = _checks(runtime())
    for check in checks.values():
        check.begin_if_old()
    until = time.monotonic() + ANSWERED_WITHIN_S
    states = {name: check.state(until) for name, check in checks.items()}
    fit = all(state in {OK, FULL} for name, state in states.items() if name != "queue")
    status = HTTPStatus.OK if fit else HTTPStatus.SERVICE_UNAVAILABLE
    return jsonify(status="ok" if fit else "unavailable", parts=states), status


class BackgroundCheck:
    """How one part is, asked in the background: whoever calls, and however often.

    One check at a time. While one takes longer than it may, the part does not answer.
    """

    def __init__(self, check: Callable[[], object]) -> None:
        self._check = check
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._ended.set()
        self._state = ""
        self._began_at = self._ended_at = 0.0

    def begin_if_old(self) -> None:
        """Check again, unless somebody is checking or has just done so."""
        believed_s = WELL_FOR_S if self._state == OK else ILL_FOR_S
        with self._lock:
            is_fresh = bool(self._state) and time.monotonic() < self._ended_at + believed_s
            if is_fresh or not self._ended.is_set():
                return
            self._ended.clear()
            self._began_at = time.monotonic()
        threading.Thread(target=self._run, daemon=True, name="readiness").start()

    def state(self, until: float) -> str:
        """What was seen last; where nothing is known yet, waits for it until then (monotonic)."""
        if not self._state:
            self._ended.wait(max(0.0, until - time.monotonic()))
        too_long = time.monotonic() > self._began_at + ANSWERED_WITHIN_S
        if not self._state or (too_long and not self._ended.is_set()):
            return SILENT
        return self._state

    def _run(self) -> None:
        try:
            self._state = _state(self._check)
        finally:
            self._ended_at = time.monotonic()
            self._ended.set()


def _checks(of: Runtime) -> dict[str, BackgroundCheck]:
    """This application's checks, of the runtime it works with now."""
    known: tuple[Runtime, dict[str, BackgroundCheck]] | None = current_app.extensions.get(_CHECKS)
    if known is None or known[0] is not of:
        known = of, {name: BackgroundCheck(check) for name, check in part_checks(of).items()}
        current_app.extensions[_CHECKS] = known
    return known[1]


def part_checks(runtime: Runtime) -> dict[str, Callable[[], object]]:
    """Each part, and what proves that it answers."""

    def database() -> None:
        with runtime.reading() as session:
            session.execute(text("SELECT 1"))

    def queue() -> None:
        if isinstance(runtime.notifier, Broker):
            runtime.notifier.check()

    return {"database": database, "queue": queue, "storage": runtime.storage.check}


def _state(check: Callable[[], object]) -> str:
    try:
        check()
    except StorageFull:
        return FULL
    except (SQLAlchemyError, NotifyError, StorageError):
        return SILENT
    return OK
