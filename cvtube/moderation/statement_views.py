"""The rules for films, for everybody; and why one film is not shown, for its owner."""

from __future__ import annotations

from flask import render_template

from cvtube.accounts.access import me, public, signed_in
from cvtube.errors import Refused
from cvtube.moderation import review
from cvtube.moderation.blueprint import blueprint
from cvtube.videos.decisions import decisions
from cvtube.videos.reasons import FINAL, REASONS, REPAIRABLE
from cvtube.web.unit_of_work import db, runtime


@blueprint.get("/film-rules")
@public
def rules() -> str:
    """What a film is measured by: the very vocabulary that decisions are made with."""
    return render_template(
        "moderation/rules.html",
        repairable=[REASONS[code] for code in REPAIRABLE],
        final=[REASONS[code] for code in FINAL],
        promise=runtime().settings.review_promise_hours,
        contact=runtime().settings.contact,
    )


@blueprint.get("/decisions/<clip_id>")
@signed_in
def statement(clip_id: str) -> str:
    """The statement of reasons about one clip, for its owner and for moderators."""
    kept = review.statement_about(db(), clip_id)
    if me().id != kept.owner_id and not me().is_staff:
        raise Refused("not_found")
    said = decisions(db(), [clip_id]).get(clip_id)
    return render_template("moderation/statement.html", kept=kept, said=said)
