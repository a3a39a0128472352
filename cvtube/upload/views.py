"""The candidate's own pages: my films, sending one, and the live page of one film."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import format_timedelta, get_locale, gettext
from werkzeug.wrappers import Response as AnyResponse

from cvtube.accounts.access import for_roles, me
from cvtube.accounts.models import Role
from cvtube.errors import Refused
from cvtube.playback.player import player_of
from cvtube.taxonomy.occupations import job_sought
from cvtube.upload import bodies, filmpage, multipart, my_films, plain_form, telling
from cvtube.upload.models import UploadSession
from cvtube.upload.sessions import Place, unfinished
from cvtube.videos import consents, lifecycle, queries, sharing, status
from cvtube.videos.models import Video, Visibility
from cvtube.videos.status import Situation
from cvtube.videos.timeline import Version, newest
from cvtube.web import rates
from cvtube.web.language import chosen
from cvtube.web.objects import address
from cvtube.web.security import check_form_token, csrf
from cvtube.web.unit_of_work import db, runtime

blueprint = Blueprint("upload", __name__, url_prefix="/my-films")

SHOWN_AT_ONCE = 50  # films; nobody has made so many


# -- my films, and a new one ----------------------------------------------------------------


@blueprint.get("")
@for_roles(Role.CANDIDATE)
def mine() -> str:
    """All my films; the first time, what to do."""
    films = db().scalars(queries.owned_by(me()).options(*queries.whole()).limit(SHOWN_AT_ONCE))
    cards = my_films.cards(films, runtime().now())
    going_on = my_films.to_continue(cards)
    return render_template("upload/mine.html", cards=cards, going_on=going_on)


@blueprint.get("/new")
@for_roles(Role.CANDIDATE)
def new() -> str:
    """Choose a film and send it."""
    return _sending_page()


@blueprint.post("/new")
@csrf.exempt  # type: ignore[untyped-decorator]  # its token is read from the stream, before anything is stored
@for_roles(Role.CANDIDATE)
def send() -> AnyResponse:
    """The same without JavaScript: the form itself brings the film."""
    try:
        place = _take_in_form()
    except Refused as refused:
        if refused.status in {HTTPStatus.NOT_FOUND, HTTPStatus.UNAUTHORIZED}:
            raise
        sentence = refused.sentence(str(get_locale()))
        return make_response(_sending_page(refusal=sentence), refused.status)
    return redirect(url_for("upload.film", video_id=place.video_id), HTTPStatus.SEE_OTHER)


@blueprint.get("/begun")
@for_roles(Role.CANDIDATE)
def begun() -> Response:
    """My unfinished uploads, for a sender that has lost an address."""
    with runtime().reading() as session:
        found = [_begun(*row) for row in unfinished(session, me().id, runtime().now())]
    return jsonify(uploads=found)


@blueprint.url_value_preprocessor
def _let_the_film_be_big(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if endpoint == "upload.send":
        request.max_content_length = sys.maxsize  # it streams, and has its own limit


def _take_in_form() -> Place:
    body = bodies.Body(request.stream, expected=request.content_length)
    try:
        return plain_form.take_in(
            runtime(),
            me(),
            body,
            multipart.boundary_of(request.content_type),
            announced=request.content_length,
            check_fields=_may_send,
        )
    except Refused:
        body.skip()
        raise


def _may_send(fields: Mapping[str, str]) -> None:
    check_form_token(fields.get("csrf_token"))
    if not fields.get("chapter"):
        rates.count_film()


def _sending_page(refusal: str = "") -> str:
    with runtime().reading() as session:
        begun = [_begun(*found) for found in unfinished(session, me().id, runtime().now())]
    return render_template("upload/new.html", refusal=refusal, begun=begun)


# -- one film -------------------------------------------------------------------------------


@blueprint.get("/<video_id>")
@for_roles(Role.CANDIDATE)
def film(video_id: str) -> str:
    """How my film stands, and the one thing to do next."""
    video = _my_film(video_id)
    page = filmpage.look(db(), video, runtime().now())
    audience = consents.AUDIENCES.get(video.visibility)
    asked = consents.missing(db(), video.id, audience.needs) if audience else []
    machine = runtime().settings.drafts_captions
    return render_template(
        "upload/film.html",
        page=page,
        film_player=player_of(video, Version.WORKING),
        audience=audience,
        asked=asked,
        besides=consents.may_add(db(), video.id, drafts_captions=machine),
    )


@blueprint.get("/<video_id>/state")
@for_roles(Role.CANDIDATE)
def state(video_id: str) -> Response:
    """The same in a few bytes, for the page to ask again and again."""
    pulse = filmpage.feel_pulse(db(), video_id, me(), runtime().now())
    parts = {id_: part.percent for id_, part in pulse.forecast.parts.items()}
    facts = {
        "version": pulse.version,
        "percent": pulse.percent,
        "moving": pulse.moving,
        "parts": parts,
    }
    body = json.dumps(facts)
    response = Response(body, content_type="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(sha256(body.encode()).hexdigest()[:16])
    return response.make_conditional(request)  # type: ignore[return-value]


@blueprint.post("/<video_id>/publication")
@for_roles(Role.CANDIDATE)
def publish(video_id: str) -> AnyResponse:
    """To the moderators, and once they approve, to those whom I choose; also to choose anew."""
    video = _my_film(video_id)
    audience = consents.audience(request.form.get("to"))
    if audience is None:  # nobody is taken to mean everybody
        raise Refused("choice_unknown")
    if video.visibility is Visibility.DRAFT and not status.may_be_published(video):
        raise Refused("film_not_ready")
    said, now = request.form.getlist("consent"), runtime().now()
    sharing.show(db(), video, audience.visibility, said, now, actor=me())
    db().expire_all()
    state = status.of_film(video := _my_film(video_id), now)
    if state is Situation.IN_REVIEW:
        flash(gettext("We have sent your video to our moderators."), "good")
    else:
        words = telling.words(video, state)
        flash(gettext(words.headline, **words.numbers), "good")
    return _back_to(video)


@blueprint.post("/<video_id>/withdrawal")
@for_roles(Role.CANDIDATE)
def withdraw(video_id: str) -> AnyResponse:
    """Back to being nobody's but mine."""
    video = _my_film(video_id)
    sharing.take_back(db(), video, runtime().now(), actor=me())
    flash(gettext("Now only you can see your video."), "good")
    return _back_to(video)


@blueprint.post("/<video_id>/chapters/<chapter_id>/dropping")
@for_roles(Role.CANDIDATE)
def drop_take(video_id: str, chapter_id: str) -> AnyResponse:
    """Give up what is on its way; a sent film without anything else goes with it."""
    video = _my_film(video_id)
    chapter = queries.own_chapter(db(), me().id, chapter_id)
    if chapter.video_id != video.id:
        raise Refused("not_found")
    if chapter.next_clip_id:
        lifecycle.abandon_clip(db(), chapter.next_clip_id, runtime().now(), actor=me())
        db().expire_all()
    chapters = _my_film(video_id).chapters
    if not any(newest(one) or one.topic for one in chapters):
        lifecycle.delete_video(db(), video, runtime().now(), actor=me())
        return redirect(url_for("upload.mine"), HTTPStatus.SEE_OTHER)
    return _back_to(video)


@blueprint.get("/<video_id>/deletion")
@for_roles(Role.CANDIDATE)
def ask_to_delete(video_id: str) -> str:
    """Say what deleting means, and ask."""
    return render_template("upload/deletion.html", video=_my_film(video_id))


@blueprint.post("/<video_id>/deletion")
@for_roles(Role.CANDIDATE)
def delete(video_id: str) -> AnyResponse:
    """Gone for everybody at once; its bytes are purged next."""
    lifecycle.delete_video(db(), _my_film(video_id), runtime().now(), actor=me())
    flash(gettext("Your video is deleted."), "good")
    return redirect(url_for("upload.mine"), HTTPStatus.SEE_OTHER)


# -- what they share ------------------------------------------------------------------------


def _my_film(video_id: str) -> Video:
    return queries.own_film(db(), me(), video_id)


def _back_to(video: Video) -> AnyResponse:
    return redirect(url_for("upload.film", video_id=video.id), HTTPStatus.SEE_OTHER)


def _begun(upload: UploadSession, video_id: str) -> dict[str, object]:
    """An unfinished upload as the page's sender must know it."""
    return {
        "url": url_for("tus.state", upload_id=upload.id),
        "film": url_for("upload.film", video_id=video_id),
        "fingerprint": upload.fingerprint,
    }


@blueprint.context_processor
def _words_of_these_pages() -> dict[str, object]:
    settings = runtime().settings
    limits = {
        "bytes": settings.upload_max_bytes,
        "time": format_timedelta(timedelta(seconds=settings.film_max_s), threshold=2),
    }
    return {
        "begun_upload": _begun,
        "poster": _poster,
        "job": _job,
        "WORDS": telling.WORDS,
        "to_film": status.TO_FILM,
        "limits": limits,
        "promise": settings.review_promise_hours,
    }


def _poster(video: Video) -> str | None:
    asset = filmpage.poster(video)
    return address(asset.key) if asset else None


def _job(video: Video) -> str:
    return job_sought(video.occupation_code, video.job_words).named(chosen())
