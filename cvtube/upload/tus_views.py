"""The tus 1.0.0 server: how a film's bytes get here (https://tus.io/protocols/resumable-upload).

A thin door: headers are read by `protocol`, bytes are taken in by `receiving`. Uploads belong
to a person; to everybody else they do not exist.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, cast

from flask import Blueprint, Flask, Response, g, request, url_for
from flask.blueprints import BlueprintSetupState

from cvtube.accounts.access import for_roles, me, public
from cvtube.accounts.models import Role
from cvtube.errors import Refused
from cvtube.storage.contract import Readable, StorageError
from cvtube.upload import cancellation, protocol, quotas, receiving, senders, uploads
from cvtube.upload.method_override import MethodOverride
from cvtube.upload.streams import Body
from cvtube.upload.uploads import UploadMetadata, UploadState
from cvtube.web import rate_limits
from cvtube.web.unit_of_work import db, runtime

PREFIX = "/uploads"
# Bytes. Each piece is a row, a file and some waiting for the disk, however little is in it.
SMALL = 256 * 1024

blueprint = Blueprint("tus", __name__, url_prefix=PREFIX)


# -- around every request -------------------------------------------------------------------


@blueprint.record_once
def _hear_overridden_methods(state: BlueprintSetupState) -> None:
    app = cast(Flask, state.app)
    app.wsgi_app = MethodOverride(app.wsgi_app, PREFIX)  # type: ignore[method-assign]


@blueprint.url_value_preprocessor
def _speak_the_same_language(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Here, since forgery protection looks into bodies before any function of this blueprint.

    That is harmless for an upload's own type alone, so any other is refused before it.
    """
    if request.method == "OPTIONS":
        return
    protocol.check_version(request.headers.get("Tus-Resumable"))
    if request.method == "PATCH":
        protocol.check_content_type(request.content_type)
    if request.mimetype == protocol.CONTENT_TYPE:
        request.max_content_length = sys.maxsize  # the upload's own length is the limit


@blueprint.after_app_request
def _say_the_version(response: Response) -> Response:
    if request.path == PREFIX or request.path.startswith(f"{PREFIX}/"):
        response.headers["Tus-Resumable"] = protocol.VERSION
    return response


# -- the verbs ------------------------------------------------------------------------------


@blueprint.route("", methods=["OPTIONS"], provide_automatic_options=False)
@blueprint.route("/<upload_id>", methods=["OPTIONS"], provide_automatic_options=False)
@public
def offer(upload_id: str = "") -> Response:  # noqa: ARG001 (the same for each upload)
    """What this server can do."""
    return _answer(
        HTTPStatus.NO_CONTENT,
        {
            "Tus-Version": protocol.VERSION,
            "Tus-Extension": protocol.EXTENSIONS,
            "Tus-Max-Size": str(runtime().settings.upload_max_bytes),
            "Tus-Checksum-Algorithm": ",".join(protocol.CHECKSUM_BYTES),
        },
    )


@blueprint.route("", methods=["POST"], provide_automatic_options=False)
@for_roles(Role.CANDIDATE)
@rate_limits.limit(rate_limits.UPLOADS)
def create() -> Response:
    """Begin an upload, and take in the first bytes if they come along."""
    with _body() as body:
        if body.more():
            protocol.check_content_type(request.content_type)
        state = _begin()
        if body.more():
            state = _receive_first(state, body)
    headers = {
        "Location": url_for("tus.status", upload_id=state.upload_id),
        "Film-Location": url_for("candidate.film", video_id=state.video_id),
        "Upload-Offset": str(state.received),
        "Clip-Id": state.clip_id,
    }
    return _answer(HTTPStatus.CREATED, headers | _expiry(state))


@blueprint.route("/<upload_id>", methods=["HEAD"], provide_automatic_options=False)
@for_roles(Role.CANDIDATE)
def status(upload_id: str) -> Response:
    """Where the upload stands."""
    upload, state = uploads.find_upload(db(), upload_id, me().id, runtime().now())
    headers = {
        "Upload-Offset": str(state.received),
        "Clip-Id": state.clip_id,
        "Cache-Control": "no-store",
    }
    if state.length is None:
        headers["Upload-Defer-Length"] = "1"
    else:
        headers["Upload-Length"] = str(state.length)
    if upload.metadata_header:
        headers["Upload-Metadata"] = upload.metadata_header
    return _answer(HTTPStatus.OK, headers | _expiry(state))


@blueprint.route("/<upload_id>", methods=["PATCH"], provide_automatic_options=False)
@for_roles(Role.CANDIDATE)
@rate_limits.limit(rate_limits.PIECES)
@rate_limits.limit(rate_limits.CUT_PIECES, only=lambda _: g.get("piece") == "cut")
@rate_limits.limit(
    rate_limits.SMALL_PIECES,
    code="pieces_too_small",
    unless=lambda: (request.content_length or 0) >= SMALL,
    only=lambda _: g.get("piece") == "small",
)
def go_on(upload_id: str) -> Response:
    """Take in more bytes, from where the upload stands."""
    with _body() as body:
        before = _state_to_continue(upload_id)
        try:
            with senders.only(upload_id, body):
                state = receiving.receive(runtime(), before, body, _checksum())
        except Refused as refused:
            if refused.code == "pieces_too_small":  # it was written all the same
                g.piece = "small"
            raise
    if state.received - before.received < SMALL and not state.whole:
        g.piece = "cut" if body.broken else "small"
    return _answer(HTTPStatus.NO_CONTENT, {"Upload-Offset": str(state.received)} | _expiry(state))


@blueprint.route("/<upload_id>", methods=["DELETE"], provide_automatic_options=False)
@for_roles(Role.CANDIDATE)
def take_back(upload_id: str) -> Response:
    """Give the upload up; what it has brought is purged."""
    now = runtime().now()
    upload, _place = uploads.find_upload(db(), upload_id, me().id, now)
    cancellation.cancel(db(), upload, now, actor=me())
    return _answer(HTTPStatus.NO_CONTENT, {})


# -- what they share ------------------------------------------------------------------------


def _begin() -> UploadState:
    """A new upload as the headers ask for it."""
    protocol.check_extensions(request.headers.get("Upload-Concat"))
    length = protocol.parse_length(
        request.headers.get("Upload-Length"), request.headers.get("Upload-Defer-Length")
    )
    raw = request.headers.get("Upload-Metadata", "")
    fields = protocol.parse_metadata(raw)
    metadata = UploadMetadata(
        name=fields.get("filename", ""),
        fingerprint=fields.get("fingerprint", ""),
        chapter_id=fields.get("chapter", ""),
        take="take" in fields,
        metadata_header=raw,
    )
    if not metadata.chapter_id:
        rate_limits.count_film()
    return receiving.open_upload(runtime(), me(), metadata, length)


def _receive_first(state: UploadState, body: Body) -> UploadState:
    """Take in what comes with the creation. If it is refused, nobody learns the address."""
    try:
        return receiving.receive(runtime(), state, body, _checksum())
    except (Refused, StorageError):
        receiving.abandon(runtime(), state, me())
        raise


def _state_to_continue(upload_id: str) -> UploadState:
    """Where the upload stands, if that is where the sender wants to go on."""
    owner_id, settings, now = me().id, runtime().settings, runtime().now()
    offset = protocol.parse_offset(request.headers.get("Upload-Offset"))
    late_length = protocol.parse_late_length(request.headers.get("Upload-Length"))
    if late_length is not None and late_length > settings.upload_max_bytes:
        raise quotas.too_big(settings)
    with runtime().reading() as session:
        _upload, state = uploads.find_upload(session, upload_id, owner_id, now)
        if offset != state.received:
            raise Refused("upload_offset")
        if state.length is None:
            quotas.check_growth(
                receiving.request_to_continue(runtime(), session, state, owner_id, now)
            )
    if state.length is None and quotas.has_rested(state.expires_at, settings, now):
        state = receiving.take_up_again(runtime(), state, me())
    if late_length is not None and late_length != state.length:
        if state.length is None and late_length > state.end(settings):
            raise Refused("upload_longer_than_said")
        with runtime().transaction() as session:
            state = uploads.set_length(session, state, late_length)
    if (request.content_length or 0) > state.room(settings):
        raise Refused("upload_longer_than_said")
    return state


@contextmanager
def _body() -> Iterator[Body]:
    """The request's bytes. A sender who is refused is listened to a little longer."""
    checksum = _checksum()
    body = Body(
        _stream(),
        expected=request.content_length,
        algorithm=checksum.algorithm if checksum else None,
        connection=request.environ.get("gunicorn.socket"),
    )
    try:
        yield body
    except Refused:
        body.skip()
        raise


def _stream() -> Readable:
    """The body as the web server hands it out, which ends it where its length says.

    The framework's own stream counts once more, and copies every byte three times for it.
    """
    if request.environ.get("wsgi.input_terminated"):
        return cast(Readable, request.environ["wsgi.input"])
    return request.stream


def _checksum() -> protocol.Checksum | None:
    return protocol.parse_checksum(request.headers.get("Upload-Checksum"))


def _expiry(state: UploadState) -> dict[str, str]:
    return {} if state.whole else {"Upload-Expires": protocol.http_date(state.expires_at)}


def _answer(status: HTTPStatus, headers: dict[str, str]) -> Response:
    response = Response(status=status, headers=headers)
    response.headers.pop("Content-Type", None)
    return response
