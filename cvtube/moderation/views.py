"""The queue, and taking a film out of it; the other pages stand in the modules imported here."""

from __future__ import annotations

from datetime import timedelta

from flask import jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from cvtube.accounts.access import for_roles, me
from cvtube.accounts.models import Role
from cvtube.accounts.recruiters import Standing
from cvtube.db import keyset
from cvtube.moderation import (
    audit_log_views,
    caption_review,
    caption_views,
    deferred,
    film_views,
    locks,
    queue,
    recruiter_views,
    recruiters,
    review,
    statement_views,
)
from cvtube.moderation.blueprint import blueprint
from cvtube.web.errors import wants_json
from cvtube.web.forms import one_line
from cvtube.web.unit_of_work import db, runtime

__all__ = [
    "audit_log_views",
    "blueprint",
    "caption_views",
    "film_views",
    "recruiter_views",
    "statement_views",
]


@blueprint.get("/moderation", endpoint="queue")
@for_roles(Role.MODERATOR)
def show_queue() -> str:
    """Films that wait, the oldest first."""
    now = runtime().now()
    page = queue.waiting(
        db(),
        me(),
        now,
        promise=timedelta(hours=runtime().settings.review_promise_hours),
        after=keyset.decode_position(request.args.get("after")),
    )
    return render_template(
        "moderation/queue.html",
        page=page,
        now=now,
        count=queue.how_many(db(), me()),
        lately=review.decided_lately(db(), me(), now),
        undoable=deferred.undoable(db(), me(), now, film_views.undo_window()),
        recruiters_waiting=recruiters.count_by_standing(db())[Standing.WAITING],
        captions_waiting=caption_review.unreviewed_captions(db(), me()),
    )


@blueprint.post("/moderation/next")
@for_roles(Role.MODERATOR)
def take_next() -> Answer:
    """Reserve the film that has waited longest, and go there.

    A page of a film names it as the one that is passed.
    """
    return film_views.to_next(passed=one_line(request.form.get("passed")))


@blueprint.post("/moderation/films/<video_id>/lock")
@for_roles(Role.MODERATOR)
def take(video_id: str) -> Answer:
    """Reserve this film, or keep it reserved."""
    video = film_views.load_film(video_id)
    until = locks.take(db(), video.id, me(), runtime().now())
    if wants_json():
        return jsonify(until=until.isoformat(), seconds=int(locks.HELD.total_seconds()))
    return redirect(url_for("moderation.film", video_id=video.id), 303)


@blueprint.post("/moderation/films/<video_id>/release")
@for_roles(Role.MODERATOR)
def release(video_id: str) -> Answer:
    """Let others have the film, undecided."""
    video = film_views.load_film(video_id)
    queue.note_passed(db(), me(), runtime().now(), video.id)
    locks.release(db(), video.id, me())
    return redirect(url_for("moderation.queue"), 303)
