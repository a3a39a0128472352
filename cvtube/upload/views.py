"""Pages; to be built."""

from __future__ import annotations

from flask import Blueprint, render_template

from cvtube.accounts.access import public

blueprint = Blueprint("upload", __name__)


@blueprint.get("/my-films")
@public
def mine() -> str:
    """To be built."""
    return render_template("stub.html", name="upload.mine")


@blueprint.get("/my-films/new")
@public
def new() -> str:
    """To be built."""
    return render_template("stub.html", name="upload.new")


@blueprint.get("/my-films/<video_id>")
@public
def film(video_id: str) -> str:
    """To be built."""
    return render_template("stub.html", name=video_id)
