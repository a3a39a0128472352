"""The page on which a video is sent; without JavaScript, its form brings the video itself."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import format_timedelta, get_locale
from werkzeug.wrappers import Response as AnyResponse

from cvtube.accounts.access import for_roles, me
from cvtube.accounts.models import Role
from cvtube.errors import Refused
from cvtube.upload import multipart, plain_form, streams
from cvtube.upload.uploads import UploadState
from cvtube.videos import upload_sessions
from cvtube.web import rate_limits
from cvtube.web.security import check_form_token, csrf
from cvtube.web.unit_of_work import runtime

blueprint = Blueprint("upload", __name__, url_prefix="/my-films")


@blueprint.get("/new")
@for_roles(Role.CANDIDATE)
def new() -> str:
    """Choose a video and send it."""
    return _sending_page()


@blueprint.post("/new")
@csrf.exempt  # type: ignore[untyped-decorator]  # its token is read from the stream, before anything is stored
@for_roles(Role.CANDIDATE)
def send() -> AnyResponse:
    """The same without JavaScript: the form itself brings the video."""
    try:
        state = _take_in_form()
    except Refused as refused:
        if refused.status in {HTTPStatus.NOT_FOUND, HTTPStatus.UNAUTHORIZED}:
            raise
        sentence = refused.sentence(str(get_locale()))
        return make_response(_sending_page(refusal=sentence), refused.status)
    return redirect(url_for("candidate.film", video_id=state.video_id), HTTPStatus.SEE_OTHER)


@blueprint.get("/begun")
@for_roles(Role.CANDIDATE)
def begun() -> Response:
    """My unfinished uploads, for a sender that has lost an address."""
    with runtime().reading() as session:
        found = upload_sessions.unfinished(session, me().id, runtime().now())
        known = [
            {
                "url": url_for("tus.status", upload_id=upload.id),
                "film": url_for("candidate.film", video_id=video_id),
                "fingerprint": upload.fingerprint,
            }
            for upload, video_id in found
        ]
    return jsonify(uploads=known)


@blueprint.url_value_preprocessor
def _let_the_film_be_big(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if endpoint == "upload.send":
        request.max_content_length = sys.maxsize  # it streams, and has its own limit


def _take_in_form() -> UploadState:
    body = streams.Body(request.stream, expected=request.content_length)
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
        rate_limits.count_film()


def _sending_page(refusal: str = "") -> str:
    settings = runtime().settings
    with runtime().reading() as session:
        return render_template(
            "upload/new.html",
            refusal=refusal,
            begun=upload_sessions.unfinished(session, me().id, runtime().now()),
            max_bytes=settings.upload_max_bytes,
            longest=format_timedelta(timedelta(seconds=settings.film_max_s), threshold=2),
        )
