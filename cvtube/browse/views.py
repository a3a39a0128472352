"""Pages; to be built."""

from __future__ import annotations

from flask import Blueprint, render_template

from cvtube.accounts.access import public

blueprint = Blueprint("browse", __name__)


@blueprint.get("/")
@public
def home() -> str:
    """To be built."""
    return render_template("stub.html", name="browse.home")
