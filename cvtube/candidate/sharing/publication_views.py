"""A film's publication: sent to the moderators and then shown, paused, or taken back."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from cvtube.accounts.access import for_roles, me
from cvtube.accounts.models import Role
from cvtube.candidate.blueprint import blueprint
from cvtube.candidate.context import my_film
from cvtube.candidate.films import status_text
from cvtube.errors import Refused
from cvtube.videos import consents, lifecycle, policy, sharing, status
from cvtube.videos.models import Video, Visibility
from cvtube.videos.status import Situation
from cvtube.web.unit_of_work import db, runtime


@blueprint.post("/my-films/<video_id>/publication")
@for_roles(Role.CANDIDATE)
def publish(video_id: str) -> AnyResponse:
    """To the moderators, and once they approve, to those whom I choose; also to choose anew."""
    video = my_film(video_id)
    audience = consents.audience_for(request.form.get("to"))
    if audience is None:  # nobody is taken to mean everybody
        raise Refused("choice_unknown")
    if video.visibility is Visibility.DRAFT and not status.may_be_published(video):
        raise Refused("film_not_ready")
    said, now, until = request.form.getlist("consent"), runtime().now(), video.expires_at
    was_shown = policy.is_seen(video, now)
    sharing.share(db(), video, audience.visibility, said, now, actor=me())
    db().expire_all()
    state = status.of_film(video := my_film(video_id), now)
    if was_shown and video.expires_at != until:
        flash(gettext("Your video stays online for 6 more months."), "good")
    elif state is Situation.IN_REVIEW:
        flash(gettext("We have sent your video to our moderators."), "good")
    else:
        _tell(video, state)
    return _to_film(video)


@blueprint.post("/my-films/<video_id>/pause")
@for_roles(Role.CANDIDATE)
def pause(video_id: str) -> AnyResponse:
    """Nobody else sees it for now: I have found something, or need a break."""
    video = my_film(video_id)
    lifecycle.pause(db(), video, runtime().now(), actor=me())
    flash(gettext("Your video is paused. Nobody else sees it."), "good")
    return _to_film(video)


@blueprint.post("/my-films/<video_id>/resumption")
@for_roles(Role.CANDIDATE)
def resume(video_id: str) -> AnyResponse:
    """The end of the pause."""
    video, now = my_film(video_id), runtime().now()
    lifecycle.resume(db(), video, now, actor=me())
    db().expire_all()
    _tell(video := my_film(video_id), status.of_film(video, now))
    return _to_film(video)


@blueprint.post("/my-films/<video_id>/withdrawal")
@for_roles(Role.CANDIDATE)
def withdraw(video_id: str) -> AnyResponse:
    """Back to being nobody's but mine."""
    video = my_film(video_id)
    sharing.withdraw_consent(db(), video, runtime().now(), actor=me())
    flash(gettext("Now only you can see your video."), "good")
    return _to_film(video)


def _tell(video: Video, state: Situation) -> None:
    text = status_text.film_status_text(video, state)
    flash(gettext(text.headline, **text.numbers), "good")


def _to_film(video: Video) -> AnyResponse:
    return redirect(url_for("candidate.film", video_id=video.id), HTTPStatus.SEE_OTHER)
