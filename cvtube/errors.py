"""Every refusal there is: a stable code for machines, an HTTP status, one sentence for people.

Code raises `Refused("code", name=value)`; `cvtube.web.errors` renders it once, as a page or
as JSON. Codes are part of the API: they are never renamed or reused. Sentences say what
happened and what to do, in plain words, at most twelve words each.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import NamedTuple

from cvtube.i18n import N_, translate


class Problem(NamedTuple):
    """One row of the table."""

    status: HTTPStatus
    sentence: str


class Refused(Exception):
    """Something cannot be done; the code says what, the table says the rest.

    `values` fill the `%(name)s` places of the sentence. `headers` go with an HTTP answer
    where a protocol demands them.
    """

    def __init__(
        self, code: str, /, *, headers: dict[str, str] | None = None, **values: object
    ) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
        self.headers = headers or {}

    @property
    def status(self) -> HTTPStatus:
        return PROBLEMS[self.code].status

    def sentence(self, language: str) -> str:
        return translate(PROBLEMS[self.code].sentence, language, **self.values)


PROBLEMS: dict[str, Problem] = {
    # -- anywhere ---------------------------------------------------------------------------
    "not_found": Problem(HTTPStatus.NOT_FOUND, N_("This page does not exist, or is not for you.")),
    "method_not_allowed": Problem(
        HTTPStatus.METHOD_NOT_ALLOWED, N_("This address does not work that way.")
    ),
    "bad_request": Problem(HTTPStatus.BAD_REQUEST, N_("We did not understand this request.")),
    "form_expired": Problem(
        HTTPStatus.BAD_REQUEST, N_("This page was open too long. Reload it and try again.")
    ),
    "range_not_there": Problem(
        HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, N_("This part of the file does not exist.")
    ),
    "too_many_requests": Problem(
        HTTPStatus.TOO_MANY_REQUESTS, N_("Too many tries. Wait a little and try again.")
    ),
    "request_too_big": Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, N_("This is too big to be sent this way.")
    ),
    "log_in_first": Problem(HTTPStatus.UNAUTHORIZED, N_("Please log in first.")),
    "internal": Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        N_("Something went wrong on our side. Nothing is lost. Please try again."),
    ),
    "storage_unavailable": Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        N_("Our storage does not answer. Nothing is lost. Try again soon."),
    ),
    "storage_full": Problem(
        HTTPStatus.INSUFFICIENT_STORAGE,
        N_("Our storage is full. What you sent before is safe. Try later."),
    ),
    "database_unavailable": Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        N_("Our database does not answer. Nothing is lost. Try again soon."),
    ),
    # -- accounts ---------------------------------------------------------------------------
    "address_not_valid": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This e-mail address is not complete. Example: first.last@example.org"),
    ),
    "address_taken": Problem(
        HTTPStatus.CONFLICT, N_("There is already an account with this address.")
    ),
    "password_too_short": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This password is too short. Type at least %(shortest)s characters."),
    ),
    "password_too_long": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This password is too long. Type at most %(longest)s characters."),
    ),
    "password_too_common": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        N_("This password is too easy to guess. Choose another one."),
    ),
    "organisation_missing": Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, N_("Say which organisation you recruit for.")
    ),
    "words_missing": Problem(HTTPStatus.UNPROCESSABLE_ENTITY, N_("Say why, in a few words.")),
    # -- films ------------------------------------------------------------------------------
    "already_decided": Problem(HTTPStatus.CONFLICT, N_("Someone else has already decided this.")),
}
