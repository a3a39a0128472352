"""A candidate's own film as one file: have it made, and fetch it. Nobody else's, ever."""

from __future__ import annotations

from http import HTTPStatus

from flask import redirect, url_for
from werkzeug.wrappers import Response

from cvtube.accounts.access import for_roles
from cvtube.accounts.models import Role
from cvtube.candidate.blueprint import blueprint
from cvtube.candidate.context import my_film
from cvtube.errors import Refused
from cvtube.videos import exports
from cvtube.web.objects import object_address
from cvtube.web.unit_of_work import db, runtime


@blueprint.post("/my-films/<video_id>/file")
@for_roles(Role.CANDIDATE)
def order_export(video_id: str) -> Response:
    """Have it made, unless it is there."""
    exports.order_export(db(), my_film(video_id), runtime().now())
    return redirect(url_for("candidate.film", video_id=video_id), HTTPStatus.SEE_OTHER)


@blueprint.get("/my-films/<video_id>/file")
@for_roles(Role.CANDIDATE)
def download_export(video_id: str) -> Response:
    """The file, for as long as it is kept."""
    file = exports.current_export(db(), my_film(video_id))
    if file is None or not exports.is_ready(file):
        raise Refused("not_found")
    return redirect(object_address(exports.object_key(file)), HTTPStatus.FOUND)
