"""Decisions about words alone, on the page of their film."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cvtube.accounts.access import for_roles, me
from cvtube.accounts.models import Role
from cvtube.moderation import caption_review
from cvtube.moderation.blueprint import blueprint
from cvtube.moderation.caption_review import CaptionReview
from cvtube.moderation.film_views import load_film
from cvtube.web.addresses import full_url
from cvtube.web.forms import plain_text
from cvtube.web.unit_of_work import db, runtime

_ONE = "/moderation/films/<video_id>/captions/<clip_id>/<int:version>"


@blueprint.post(f"{_ONE}/approval")
@for_roles(Role.MODERATOR)
def approve_captions(video_id: str, clip_id: str, version: int) -> Response:
    """These words may be read."""
    words = CaptionReview(clip_id, version)
    caption_review.approve(db(), load_film(video_id), words, runtime().now(), moderator=me())
    flash(_("Recruiters can now read these captions."), "good")
    return redirect(url_for("moderation.film", video_id=video_id), 303)


@blueprint.post(f"{_ONE}/return")
@for_roles(Role.MODERATOR)
def send_captions_back(video_id: str, clip_id: str, version: int) -> Response:
    """These words are to be corrected first."""
    video = load_film(video_id)
    caption_review.send_back(
        db(),
        video,
        CaptionReview(clip_id, version),
        runtime().now(),
        moderator=me(),
        why=plain_text(request.form.get("words")) or "",
        link=full_url("captions.film", video_id=video.id),
    )
    flash(_("We have asked the candidate to correct these captions."), "good")
    return redirect(url_for("moderation.film", video_id=video_id), 303)
