"""The brake on guessing, for this request's browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from cvtube.accounts import access, credentials, throttle
from cvtube.accounts.models import User
from cvtube.errors import Refused
from cvtube.web.addresses import full_url
from cvtube.web.security import client_network
from cvtube.web.unit_of_work import db, runtime

YEAR_S = 31_536_000
PURPOSE = "log-in brake"
MOST_KNOWN = 8  # people of one browser: a computer of a training room has many
BETWEEN = "~"  # in the cookie, between two marks: no letter of theirs


@contextmanager
def throttled(address: str) -> Iterator[None]:
    """Count a try to prove a password, and forget the tries if it succeeds.

    In transactions of their own: what fails is rolled back, and must be counted all the same.
    """
    secret = _secret()
    key = throttle.throttle_key(secret, "tries", address, _device(address) or "")
    with runtime().transaction() as session:
        throttle.count_try(session, key, runtime().now())
    yield
    with runtime().transaction() as session:
        throttle.reset(session, key)


def strangers_tries(session: Session, address: str) -> int:
    """How many wrong passwords came in a row from browsers the address is not known in."""
    return throttle.recent_tries(session, throttle.throttle_key(_secret(), "tries", address, ""))


@contextmanager
def braked_card(number: str, *, here: bool) -> Iterator[None]:
    """The same for a card's PIN.

    Who is `here` with the card, or comes from a browser it is known in, is not slowed down by
    what others do. Everybody else shares the brake of the number and that of their network.

    Raises:
        Refused: "tries_slowed" to the former, "card_slowed" to the latter: it names the way in
            that stays open.
    """
    device = _device(card_subject(number)) or ("card" if here else "")
    pin = throttle.throttle_key(_secret(), "pin", number, device)
    network = throttle.throttle_key(_secret(), "pins", client_network())
    with runtime().transaction() as session:
        if device:
            throttle.count_try(session, pin, runtime().now(), throttle.PIN)
        else:
            _count_strangers_try(session, pin, network)
    yield
    with runtime().transaction() as session:
        throttle.reset(session, pin)
        if not device:
            throttle.uncount_try(session, network, runtime().now())


def _count_strangers_try(session: Session, pin: str, network: str) -> None:
    now = runtime().now()
    try:
        throttle.count_try(session, network, now, throttle.NETWORK)
        throttle.count_try(session, pin, now, throttle.PIN)
    except Refused as refused:
        raise Refused("card_slowed", headers=refused.headers) from refused


def card_subject(number: str) -> str:
    """Whom a browser is known to by a card."""
    return f"card {number}"


def is_known(subject: str) -> bool:
    """Whether this address, or card, has come in from this browser before."""
    return _device(subject) is not None


def welcome(answer: Response, user: User, subject: str) -> None:
    """Somebody has come in: tell them if it is from a new place, and remember the place."""
    if not is_known(subject):
        credentials.notify_of_new_device(
            db(),
            user,
            runtime().now(),
            device=access.device_name(),
            link=full_url("accounts.forgotten"),
        )
    mark_browser(answer, subject)


def mark_browser(answer: Response, subject: str) -> None:
    """Remember that this address, or card, comes in from here; the cookie names neither.

    Others who share the browser stay known: those who came last, for a cookie has an end.
    """
    others = [mark for mark in _marks() if _device_of(subject, mark) is None]
    marks = [throttle.device_mark(_secret(), subject), *others[: MOST_KNOWN - 1]]
    secure = _secure()
    answer.set_cookie(
        _name(), BETWEEN.join(marks), max_age=YEAR_S, secure=secure, httponly=True, samesite="Lax"
    )


def _device(subject: str) -> str | None:
    found = (_device_of(subject, mark) for mark in _marks())
    return next((device for device in found if device), None)


def _device_of(subject: str, mark: str) -> str | None:
    return throttle.known_device(runtime().keys_for(PURPOSE), subject, mark)


def _marks() -> list[str]:
    return request.cookies.get(_name(), "").split(BETWEEN)[:MOST_KNOWN]


def _secret() -> bytes:
    return runtime().key_for(PURPOSE)


def _name() -> str:
    return "__Host-cvtube-browser" if _secure() else "cvtube-browser"


def _secure() -> bool:
    return runtime().settings.public_url.startswith("https://")
