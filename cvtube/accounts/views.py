"""Pages; to be built."""

from __future__ import annotations

from flask import Blueprint, render_template

from cvtube.accounts.access import public

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/login")
@public
def log_in() -> str:
    """To be built."""
    return render_template("stub.html", name="accounts.log_in")


@blueprint.get("/signup")
@public
def sign_up() -> str:
    """To be built."""
    return render_template("stub.html", name="accounts.sign_up")


@blueprint.get("/profile")
@public
def profile() -> str:
    """To be built."""
    return render_template("stub.html", name="accounts.profile")


@blueprint.get("/organisation")
@public
def organisation() -> str:
    """To be built."""
    return render_template("stub.html", name="accounts.organisation")


@blueprint.get("/account")
@public
def settings() -> str:
    """To be built."""
    return render_template("stub.html", name="accounts.settings")


@blueprint.post("/logout")
@public
def log_out() -> str:
    """To be built."""
    return render_template("stub.html", name="log_out")
