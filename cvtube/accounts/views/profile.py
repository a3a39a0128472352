"""A candidate's profile on one page, and a recruiter's organisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cvtube.accounts import labels
from cvtube.accounts.access import for_roles, me, myself
from cvtube.accounts.forms import OrganisationForm
from cvtube.accounts.models import Role
from cvtube.accounts.profile import profile_job_sought, save_profile
from cvtube.accounts.profile_form import ProfileForm
from cvtube.accounts.recruiters import correct_organisation
from cvtube.accounts.views.blueprint import blueprint, go
from cvtube.errors import Refused
from cvtube.web.forms import form_page
from cvtube.web.language import chosen
from cvtube.web.unit_of_work import db, runtime


@blueprint.route("/profile", methods=["GET", "POST"])
@for_roles(Role.CANDIDATE)
def profile() -> Response:
    """Say which job one looks for, and what else recruiters should know."""
    kept = me().profile
    form = ProfileForm(runtime().now().date(), kept)
    if form.accepted():
        save_profile(db(), me(), form.said(), runtime().now())
        flash(_("Your profile is saved."), "good")
        return go("accounts.profile")
    return form_page(
        "accounts/profile.html",
        form,
        contracts=_translated(labels.CONTRACTS),
        experiences=[*_translated(labels.EXPERIENCES), ("", _("I would rather not say"))],
        levels=_translated(labels.LEVELS),
        licences=_translated(labels.LICENCES),
        languages=labels.language_names(chosen()),
        distances=labels.DISTANCES,
        complete=bool(profile_job_sought(kept)),
    )


def _translated(words: Mapping[Any, str]) -> list[tuple[str, str]]:
    """Codes with their words in the reader's language."""
    return [(str(code), _(text)) for code, text in words.items()]


@blueprint.route("/organisation", methods=["GET", "POST"])
@for_roles(Role.RECRUITER)
def organisation() -> Response:
    """Where one stands, what happens next, and what one may correct meanwhile."""
    known = me().organisation
    if known is None:
        raise Refused("not_found")
    form = OrganisationForm(
        data={"organisation": known.name, "siret": known.siret, "website": known.website}
    )
    if form.accepted():
        correct_organisation(
            db(),
            myself(),
            runtime().now(),
            name=form.text("organisation"),
            siret=form.text("siret"),
            website=form.text("website"),
        )
        flash(_("Your organisation is saved."), "good")
        return go("accounts.organisation")
    return form_page("accounts/organisation.html", form, known=known)
