"""My videos, and the page of one: how it stands, what to do next, and the ways out of it."""

from __future__ import annotations

import json
from hashlib import sha256
from http import HTTPStatus

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from cvtube.accounts.access import for_roles, me
from cvtube.accounts.models import Role
from cvtube.candidate import context
from cvtube.candidate.blueprint import blueprint
from cvtube.candidate.context import my_film
from cvtube.candidate.films import film_page
from cvtube.candidate.films import my_films as listing
from cvtube.candidate.films.progress import progress_of
from cvtube.errors import Refused
from cvtube.playback.player import player_of
from cvtube.taxonomy.occupations import job_sought
from cvtube.videos import consents, exports, lifecycle, queries, status
from cvtube.videos.models import Video
from cvtube.videos.timeline import Version, newest
from cvtube.web.language import chosen
from cvtube.web.objects import object_address
from cvtube.web.unit_of_work import db, runtime

SHOWN_AT_ONCE = 50  # films; nobody has made so many


@blueprint.get("/my-films")
@for_roles(Role.CANDIDATE)
def my_films() -> str:
    """All my films; the first time, what to do."""
    films = db().scalars(queries.owned_by(me()).options(*queries.whole()).limit(SHOWN_AT_ONCE))
    cards = listing.film_cards(films, runtime().now())
    return render_template(
        "candidate/films/my_films.html",
        cards=cards,
        going_on=listing.to_continue(cards),
        job=_job,
        poster=_poster,
    )


@blueprint.get("/my-films/<video_id>")
@for_roles(Role.CANDIDATE)
def film(video_id: str) -> str:
    """How my film stands, and the one thing to do next."""
    video = context.my_film(video_id)
    page = film_page.build(db(), video, runtime().now())
    settings = runtime().settings
    audience = consents.AUDIENCES.get(video.visibility)
    asked = consents.missing(db(), video.id, audience.needs) if audience else []
    return render_template(
        "candidate/films/film.html",
        page=page,
        film_player=player_of(video, Version.WORKING),
        audience=audience,
        asked=asked,
        besides=consents.may_add(db(), video.id, drafts_captions=settings.drafts_captions),
        job=_job,
        to_film=status.TO_FILM,
        max_bytes=settings.upload_max_bytes,
        promise=settings.review_promise_hours,
    )


@blueprint.get("/my-films/<video_id>/state")
@for_roles(Role.CANDIDATE)
def film_progress(video_id: str) -> Response:
    """The same in a few bytes, for the page to ask again and again."""
    progress = progress_of(db(), video_id, me(), runtime().now())
    parts = {id_: part.percent for id_, part in progress.forecast.parts.items()}
    facts = {
        "version": progress.version,
        "percent": progress.percent,
        "moving": progress.moving,
        "parts": parts,
    }
    body = json.dumps(facts)
    response = Response(body, content_type="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(sha256(body.encode()).hexdigest()[:16])
    return response.make_conditional(request)  # type: ignore[return-value]


@blueprint.post("/my-films/<video_id>/chapters/<chapter_id>/dropping")
@for_roles(Role.CANDIDATE)
def cancel_upload(video_id: str, chapter_id: str) -> AnyResponse:
    """Give up what is on its way; a sent film without anything else goes with it."""
    video = context.my_film(video_id)
    chapter = queries.own_chapter(db(), me().id, chapter_id)
    if chapter.video_id != video.id:
        raise Refused("not_found")
    if chapter.next_clip_id:
        lifecycle.abandon_clip(db(), chapter.next_clip_id, runtime().now(), actor=me())
        db().expire_all()
    chapters = context.my_film(video_id).chapters
    if not any(newest(one) or one.topic for one in chapters):
        lifecycle.delete_video(db(), video, runtime().now(), actor=me())
        return redirect(url_for("candidate.my_films"), HTTPStatus.SEE_OTHER)
    return redirect(url_for("candidate.film", video_id=video.id), HTTPStatus.SEE_OTHER)


@blueprint.get("/my-films/<video_id>/deletion")
@for_roles(Role.CANDIDATE)
def ask_to_delete_film(video_id: str) -> str:
    """Say what deleting means, and ask."""
    return render_template(
        "candidate/films/deletion.html", video=context.my_film(video_id), job=_job
    )


@blueprint.post("/my-films/<video_id>/deletion")
@for_roles(Role.CANDIDATE)
def delete_film(video_id: str) -> AnyResponse:
    """Gone for everybody at once; its bytes are purged next."""
    lifecycle.delete_video(db(), context.my_film(video_id), runtime().now(), actor=me())
    flash(gettext("Your video is deleted."), "good")
    return redirect(url_for("candidate.my_films"), HTTPStatus.SEE_OTHER)


def _poster(video: Video) -> str | None:
    asset = film_page.poster(video)
    return object_address(asset.key) if asset else None


def _job(video: Video) -> str:
    return job_sought(video.occupation_code, video.job_words).named(chosen())


@blueprint.post("/my-films/<video_id>/file")
@for_roles(Role.CANDIDATE)
def order_export(video_id: str) -> AnyResponse:
    """Have it made, unless it is there."""
    exports.order_export(db(), my_film(video_id), runtime().now())
    return redirect(url_for("candidate.film", video_id=video_id), HTTPStatus.SEE_OTHER)


@blueprint.get("/my-films/<video_id>/file")
@for_roles(Role.CANDIDATE)
def download_export(video_id: str) -> AnyResponse:
    """The file, for as long as it is kept."""
    file = exports.current_export(db(), my_film(video_id))
    if file is None or not exports.is_ready(file):
        raise Refused("not_found")
    return redirect(object_address(exports.object_key(file)), HTTPStatus.FOUND)
