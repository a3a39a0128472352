"""A candidate's own film as one file: have it made, and fetch it. Nobody else's, ever."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from cvtube.accounts.access import for_roles, me
from cvtube.accounts.models import Role
from cvtube.errors import Refused
from cvtube.videos import exports, policy, queries
from cvtube.videos.models import Video
from cvtube.videos.orders import Doing
from cvtube.web.objects import address
from cvtube.web.unit_of_work import db, runtime

blueprint = Blueprint("film_files", __name__, url_prefix="/my-films")


@blueprint.post("/<video_id>/file")
@for_roles(Role.CANDIDATE)
def order(video_id: str) -> Response:
    """Have it made, unless it is there."""
    exports.order(db(), _my_film(video_id), runtime().now())
    return redirect(url_for("upload.film", video_id=video_id), HTTPStatus.SEE_OTHER)


@blueprint.get("/<video_id>/file")
@for_roles(Role.CANDIDATE)
def fetch(video_id: str) -> Response:
    """The file, for as long as it is kept."""
    file = exports.of(db(), _my_film(video_id))
    if file is None or file.state is not Doing.DONE:
        raise Refused("not_found")
    return redirect(address(exports.key_of(file)), HTTPStatus.FOUND)


def _my_film(video_id: str) -> Video:
    video = queries.load_video(db(), video_id)
    if not policy.owns(me(), video):
        raise Refused("not_found")
    return video
