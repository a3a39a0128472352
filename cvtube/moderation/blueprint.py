"""What the slice's views hang on."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response

from cvtube.errors import Refused
from cvtube.web import errors

blueprint = Blueprint("moderation", __name__)


@blueprint.errorhandler(Refused)
def refused(refusal: Refused) -> Response:
    """Who comes too late with a decision is led on to the next one."""
    if refusal.status == HTTPStatus.CONFLICT:
        return errors.refusal_response(refusal, "moderation/refused.html")
    return errors.refusal_response(refusal)
