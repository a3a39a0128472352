"""Pages; to be built."""

from __future__ import annotations

from flask import Blueprint, render_template

from cvtube.accounts.access import public

blueprint = Blueprint("moderation", __name__)


@blueprint.get("/moderation")
@public
def queue() -> str:
    """To be built."""
    return render_template("stub.html", name="moderation.queue")


@blueprint.get("/moderation/recruiters")
@public
def recruiters() -> str:
    """To be built."""
    return render_template("stub.html", name="moderation.recruiters")
