"""How often one network may come to the pages of signing in, where nobody is known yet.

Behind one network sit an attacker's programs, or thirty people of a training room who all sign
in within a minute. What they do differs in one thing: whoever belongs here is soon let in. So a
door counts what was wrong, and what was right only against the cost of looking at it.

Guessing one account's password is slowed down by the account's own brake, wherever the tries come
from (`cvtube.accounts.throttle`), and emails to one address are counted by that address
(`cvtube.accounts.mail_throttle`). These measures are about many accounts at once.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar, cast

from flask import request
from werkzeug.wrappers import Response

from cvtube.accounts import addresses
from cvtube.accounts.views.throttling import is_known
from cvtube.errors import Refused
from cvtube.web import rate_limits
from cvtube.web.rate_limits import RateLimit
from cvtube.web.security import limiter
from cvtube.web.unit_of_work import READING

F = TypeVar("F", bound=Callable[..., Any])

# Thirty people who each mistype twice, in one minute; a hundred wrong passwords in an hour.
WRONG_PASSWORDS = "60/minute;100/hour"
# Each is hashed, right or wrong, which takes some 70 ms of one core.
PASSWORDS = "120/minute;1200/hour"
# A room makes its accounts at once. Each one costs an email to whatever address was typed.
NEW_ACCOUNTS = "40/minute;60/hour"
# What was not accepted made nothing.
SIGN_UP_FORMS = "120/minute;600/hour"
FORGOTTEN = "40/hour"
MAILED_LINKS = "60/minute"
# A code is opened, and then pressed.
PHONES = "180/minute"

# Whoever is signed in is counted as a person, in the same room.
NEW_ADDRESSES = RateLimit("new addresses", "5/minute;20/hour")
CARDS = RateLimit("cards", "20/minute;200/hour")
HAND_OVERS = RateLimit("hand-overs", "20/minute;100/hour")


def passwords(view: F) -> F:
    """The door where a password is typed.

    A browser in which this very address has signed in before is let through to the brake: what
    others in the room mistype does not keep its owner out.
    """
    wrong = limiter.limit(
        WRONG_PASSWORDS, methods=["POST"], deduct_when=_refused, exempt_when=_comes_back
    )
    return cast(F, wrong(limiter.limit(PASSWORDS, methods=["POST"])(view)))


def new_accounts(view: F) -> F:
    """The door where an account is made."""
    made = limiter.limit(NEW_ACCOUNTS, methods=["POST"], deduct_when=_accepted)
    return cast(F, made(limiter.limit(SIGN_UP_FORMS, methods=["POST"])(view)))


def limit_writes(measure: RateLimit) -> Callable[[F], F]:
    """Count what changes something; a page that only asks whether to is read for nothing."""
    return rate_limits.limit(measure, unless=lambda: request.method in READING)


def _refused(answer: Response) -> bool:
    return answer.status_code >= HTTPStatus.BAD_REQUEST


def _accepted(answer: Response) -> bool:
    return HTTPStatus.MULTIPLE_CHOICES <= answer.status_code < HTTPStatus.BAD_REQUEST


def _comes_back() -> bool:
    try:
        return is_known(addresses.normalize(request.form.get("email", "")))
    except Refused:
        return False
