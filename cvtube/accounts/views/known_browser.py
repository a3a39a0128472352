"""The brake on guessing, for this request's browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import request
from werkzeug.wrappers import Response

from cvtube.accounts import brake
from cvtube.web.unit_of_work import runtime

YEAR_S = 31_536_000


@contextmanager
def braked(address: str) -> Iterator[None]:
    """Count a try to prove a password, and forget the tries if it succeeds.

    In transactions of their own: what fails is rolled back, and must be counted all the same.
    """
    doors = runtime()
    secret = doors.key_for("log-in brake")
    device = brake.known_device(secret, address, request.cookies.get(_name(), ""))
    key = brake.key_of(secret, "tries", address, device or "")
    with doors.transaction() as session:
        brake.count_try(session, key, doors.now())
    yield
    with doors.transaction() as session:
        brake.release(session, key)


def mark_browser(answer: Response, address: str) -> None:
    """Remember that this address logs in from here; the cookie names neither."""
    secure = _secure()
    answer.set_cookie(
        _name(),
        brake.device_mark(runtime().key_for("log-in brake"), address),
        max_age=YEAR_S,
        secure=secure,
        httponly=True,
        samesite="Lax",
    )


def _name() -> str:
    return "__Host-cvtube-browser" if _secure() else "cvtube-browser"


def _secure() -> bool:
    return runtime().settings.public_url.startswith("https://")
