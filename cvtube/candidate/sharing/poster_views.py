"""The picture that stands for my film."""

from __future__ import annotations

from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from cvtube.accounts.access import for_roles, me
from cvtube.accounts.models import Role
from cvtube.candidate.blueprint import blueprint
from cvtube.candidate.context import my_film
from cvtube.candidate.sharing import posters
from cvtube.errors import Refused
from cvtube.videos import lifecycle
from cvtube.web.unit_of_work import db, runtime


@blueprint.get("/studio/films/<video_id>/poster")
@for_roles(Role.CANDIDATE)
def poster(video_id: str) -> str:
    """The picture that stands for my film, of those its parts offer."""
    video = my_film(video_id)
    return render_template(
        "candidate/sharing/poster.html", video=video, offers=posters.offered_stills(video)
    )


@blueprint.post("/studio/films/<video_id>/poster")
@for_roles(Role.CANDIDATE)
def choose_poster(video_id: str) -> AnyResponse:
    """This one."""
    video = my_film(video_id)
    wanted = request.form.get("picture", "")
    offer = next((one for one in posters.offered_stills(video) if one.value == wanted), None)
    if offer is None:
        raise Refused("choice_unknown")
    chapter, clip = offer.part.chapter, offer.part.clip
    lifecycle.choose_poster(db(), chapter, clip, offer.still, runtime().now(), actor=me())
    return redirect(url_for("candidate.review", video_id=video.id), HTTPStatus.SEE_OTHER)
