"""How often one person may do something, so that nobody alone keeps the site busy.

Each measure is far beyond what people do, also in a hurry and also with eight tabs open: whoever
meets one is a program, or a mistake. Those who are logged in are counted as persons, wherever
they are. Strangers are counted by their network, behind which a whole classroom may sit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

from flask import Flask, Response, current_app
from flask_limiter import RateLimitExceeded, RequestLimit

from cvtube.errors import Refused
from cvtube.web.errors import refusal_response
from cvtube.web.security import client_network, limiter

_EXTENSION = "cvtube.person"

F = TypeVar("F", bound=Callable[..., Any])


class RateLimit(NamedTuple):
    """How often, for what is counted together."""

    scope: str
    person: str
    network: str | None = None  # of strangers, where there may be any


# Pages of results and the wall: one for each stroke of a quick typist is some 300 in a minute.
SEARCH = RateLimit("search", "600/minute;6000/hour", "6000/minute")
# Suggestions come while somebody types.
TYPING = RateLimit("typing", "900/minute", "9000/minute")
# A player asks for some ten lists as a film begins, a page of cards for a picture each.
PLAYERS = RateLimit("players", "1800/minute", "18000/minute")

# A browser sends as much in one request as takes three seconds, and 8 MiB at most: on a local
# network that is a dozen in a second.
PIECES = RateLimit("pieces", "1800/minute")
# A recording under way is sent every two seconds at the soonest, however little there is of it.
SMALL_PIECES = RateLimit("small pieces", "120/minute;3000/hour")
# A browser waits longer after each break: a bad network brings some twenty in a minute.
CUT_PIECES = RateLimit("cut pieces", "120/minute")
UPLOADS = RateLimit("uploads", "60/minute")
VOICE_NOTES = RateLimit("voice notes", "60/minute")
FILMS = RateLimit("films", "20/minute;100/day")


def tell_people_apart(app: Flask, person: Callable[[], str | None]) -> None:
    """`person` gives the id of who is logged in, if somebody is. It must not raise."""
    app.extensions[_EXTENSION] = person


def limit(
    measure: RateLimit,
    *,
    code: str = "too_many_requests",
    unless: Callable[[], bool] = lambda: False,
    only: Callable[[Response], bool] | None = None,
) -> Callable[[F], F]:
    """A decorator that counts requests: none of which `unless` is true, and `only` some answers.

    Beyond the measure the answer is a refusal with this code, which says when to come again.
    """

    def refuse(_breached: RequestLimit) -> Response:
        return refusal_response(Refused(code))

    def is_exempt() -> bool:
        return unless() or (measure.network is None and _person() is None)

    decorator = limiter.shared_limit(
        lambda: measure.person if _person() else measure.network or "",
        scope=measure.scope,
        key_func=_whose,
        exempt_when=is_exempt,
        on_breach=refuse,
        deduct_when=only,
    )
    return cast(Callable[[F], F], decorator)


def _person() -> str | None:
    return cast("str | None", current_app.extensions[_EXTENSION]())


def _whose() -> str:
    person = _person()
    return f"person {person}" if person else client_network()


def count_film() -> None:
    """A person begins another film, by whichever of the ways there are.

    Raises:
        Refused: `too_many_films`.
    """
    try:
        _count_film()
    except RateLimitExceeded as exceeded:
        raise Refused("too_many_films") from exceeded


@limit(FILMS)
def _count_film() -> None:
    pass
