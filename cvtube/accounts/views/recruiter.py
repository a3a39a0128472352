"""A recruiter's organisation: what is known of it, and whether a moderator has verified it."""

from __future__ import annotations

from flask import flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cvtube.accounts.access import for_roles, me, myself
from cvtube.accounts.forms import OrganisationForm
from cvtube.accounts.models import Role
from cvtube.accounts.recruiters import correct_organisation
from cvtube.accounts.views.blueprint import blueprint, go
from cvtube.errors import Refused
from cvtube.web.forms import form_page
from cvtube.web.unit_of_work import db, runtime


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
