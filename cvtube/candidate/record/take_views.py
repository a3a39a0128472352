"""What the recorder asks and tells about takes, in JSON; choosing and discarding as forms, too."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from cvtube.accounts.access import for_roles, me
from cvtube.accounts.models import Role
from cvtube.candidate.blueprint import blueprint
from cvtube.candidate.context import my_chapter
from cvtube.candidate.record import takes
from cvtube.candidate.record.takes import Take
from cvtube.errors import Refused
from cvtube.videos import lifecycle, queries
from cvtube.videos.lifecycle import Trim
from cvtube.videos.models import Chapter
from cvtube.videos.originals import joined, media_type, pieces
from cvtube.web.unit_of_work import db, runtime


@blueprint.get("/studio/chapters/<chapter_id>/takes")
@for_roles(Role.CANDIDATE)
def list_takes(chapter_id: str) -> Response:
    """Every recording of my chapter that is not thrown away."""
    chapter = queries.own_chapter(db(), me().id, chapter_id)
    found = [_facts(take) for take in takes.takes_of(db(), chapter, kept())]
    response = jsonify(takes=found)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/studio/takes/<take_id>/choice")
@for_roles(Role.CANDIDATE)
def choose_take(take_id: str) -> AnyResponse:
    """This one is in my film, trimmed so."""
    take = queries.own_take(db(), me().id, take_id)
    chapter_id = str(take.chapter_id)
    lifecycle.choose_take(db(), take, runtime().now(), actor=me(), trim=_trim())
    db().expire_all()
    if not request.is_json:
        return redirect(url_for("candidate.chapter", chapter_id=chapter_id), HTTPStatus.SEE_OTHER)
    chapter = db().get_one(Chapter, chapter_id)
    return jsonify(_facts(takes.one(db(), take, chapter, kept())))


@blueprint.put("/studio/takes/<take_id>/trim")
@for_roles(Role.CANDIDATE)
def trim_take(take_id: str) -> AnyResponse:
    """This much of it is wanted, should I choose it."""
    take = queries.own_take(db(), me().id, take_id)
    wanted = _trim()
    if wanted is None:
        raise Refused("trim_not_valid")
    lifecycle.trim_take(db(), take, trim=wanted)
    return Response(status=HTTPStatus.NO_CONTENT)


@blueprint.delete("/studio/takes/<take_id>")
@for_roles(Role.CANDIDATE)
def discard_take(take_id: str) -> AnyResponse:
    """Away with it, at once."""
    _discard(take_id)
    return Response(status=HTTPStatus.NO_CONTENT)


@blueprint.get("/studio/takes/<take_id>/film")
@for_roles(Role.CANDIDATE)
def watch_take(take_id: str) -> AnyResponse:
    """My take as it was sent, or the part of it a Range asks for: for whoever has to choose."""
    take = queries.own_take(db(), me().id, take_id)
    sent = pieces(db(), take.id)
    if not sent:
        raise Refused("not_found")
    storage = runtime().storage
    response = Response(joined(storage, sent), mimetype=media_type(storage, sent))
    response.headers["Cache-Control"] = "private, no-store"
    whole = sent[-1].start + sent[-1].size
    return response.make_conditional(request, accept_ranges=True, complete_length=whole)


@blueprint.get("/studio/takes/<take_id>/discarding")
@for_roles(Role.CANDIDATE)
def ask_to_discard_take(take_id: str) -> str:
    """It cannot be brought back, so ask."""
    take = queries.own_take(db(), me().id, take_id)
    return render_template(
        "candidate/record/discarding.html", take=take, asked=my_chapter(str(take.chapter_id))
    )


@blueprint.post("/studio/takes/<take_id>/discarding")
@for_roles(Role.CANDIDATE)
def discard_take_by_form(take_id: str) -> AnyResponse:
    """The same without JavaScript."""
    chapter_id = _discard(take_id)
    return redirect(url_for("candidate.chapter", chapter_id=chapter_id), HTTPStatus.SEE_OTHER)


def kept() -> timedelta:
    """How long a take is kept that nobody has chosen."""
    return timedelta(days=runtime().settings.take_kept_days)


def _discard(take_id: str) -> str:
    take = queries.own_take(db(), me().id, take_id)
    chapter_id = str(take.chapter_id)
    lifecycle.discard_take(db(), take, runtime().now(), actor=me())
    return chapter_id


def _trim() -> Trim | None:
    """What the request says is to be kept; None if it says nothing."""
    said: Any = (request.get_json() or {}) if request.is_json else request.form
    if not hasattr(said, "get"):
        raise Refused("trim_not_valid")
    if "start_ms" not in said and "end_ms" not in said:
        return None
    return Trim(_milliseconds(said.get("start_ms")) or 0, _milliseconds(said.get("end_ms")))


def _milliseconds(said: object) -> int | None:
    if said is None or said == "":
        return None
    if isinstance(said, bool) or not isinstance(said, int | float | str):
        raise Refused("trim_not_valid")
    try:
        number = round(float(said))
    except (ValueError, OverflowError) as error:
        raise Refused("trim_not_valid") from error
    if not 0 <= number <= LATEST_MS:
        raise Refused("trim_not_valid")
    return number


LATEST_MS = 24 * 3600 * 1000  # later than any recording that is accepted


def _facts(take: Take) -> dict[str, object]:
    clip = take.clip
    return {
        "id": clip.id,
        "state": clip.stage.value,
        "bytes": take.size,
        "duration_ms": clip.duration_ms,
        "start_ms": clip.trim_start_ms,
        "end_ms": clip.trim_end_ms,
        "chosen": take.chosen,
        "live": take.live,
        "recorded_at": clip.created_at.isoformat(),
        "expires_at": take.expires_at.isoformat() if take.expires_at else None,
        "problem": gettext(take.problem) if take.problem else None,
    }
