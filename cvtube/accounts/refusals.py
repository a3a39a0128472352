"""How often people are refused what they ask for: counted by role and kind of page, for the log.

Somebody who tries one address after the other, or one password after the other, shows in these
numbers. They say neither who it was, nor which film or account it was about, nor from where: a log
is read and copied by people whom that does not concern. What one account meets has its own record
(the throttle on wrong passwords, the account's events).
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from http import HTTPStatus
from typing import NamedTuple

from flask import Flask, Response, request

from cvtube.accounts.access import viewer_of_page

log = logging.getLogger(__name__)

TOLD_EVERY_S = 60
REFUSALS = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)
# Who is not let in here has filled in a form wrongly, as far as HTTP knows.
SIGN_IN_ENDPOINTS = frozenset({"accounts.log_in", "accounts.log_in_by_card"})
NOBODY, NO_SUCH_PAGE = "nobody", "no such page"


class RefusalCount(NamedTuple):
    """What is counted together."""

    status: int
    role: str
    page: str  # the view's name, the same for every film and person


class Tally:
    """One process's counts, told to the log once a minute: a few lines, however fast they come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[RefusalCount] = Counter()
        self._since = time.monotonic()

    def count(self, refusal: RefusalCount) -> None:
        """Add one."""
        with self._lock:
            self._counts[refusal] += 1

    def tell_if_due(self) -> None:
        """Write down what there is and begin anew, if the minute is over."""
        if time.monotonic() < self._since + TOLD_EVERY_S:
            return
        with self._lock:
            counts, self._counts = self._counts, Counter()
            self._since = time.monotonic()
        for refusal, times in sorted(counts.items()):
            log.info("refused: %d %s, %s: %d times", *refusal, times)


def init_app(app: Flask) -> None:
    """Count every refusal of this application."""
    tally = Tally()

    @app.after_request
    def count(answer: Response) -> Response:
        if answer.status_code in REFUSALS or _is_refused_sign_in(answer):
            user = viewer_of_page()
            role = user.role.value if user else NOBODY
            tally.count(RefusalCount(answer.status_code, role, request.endpoint or NO_SUCH_PAGE))
        tally.tell_if_due()
        return answer


def _is_refused_sign_in(answer: Response) -> bool:
    return request.endpoint in SIGN_IN_ENDPOINTS and answer.status_code >= HTTPStatus.BAD_REQUEST
