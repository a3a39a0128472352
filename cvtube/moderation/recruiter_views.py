"""Recruiters who wait for their verification, and those who have been through it."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from cvtube.accounts import recruiters as verdicts
from cvtube.accounts.access import for_roles, me
from cvtube.accounts.models import Role, User
from cvtube.accounts.recruiters import Standing
from cvtube.db import keyset
from cvtube.errors import Refused
from cvtube.moderation import recruiters as lists
from cvtube.moderation.blueprint import blueprint
from cvtube.moderation.forms import RefusalForm
from cvtube.web.addresses import absolute_url, full_url
from cvtube.web.unit_of_work import db, runtime

Answer = str | Response | tuple[str, HTTPStatus]


@blueprint.get("/moderation/recruiters")
@for_roles(Role.MODERATOR)
def recruiters() -> str:
    """One list for each standing; those who wait come first."""
    try:
        which = Standing(request.args.get("standing", Standing.WAITING))
    except ValueError as error:
        raise Refused("not_found") from error
    page = lists.in_standing(db(), which, after=keyset.decode_position(request.args.get("after")))
    return render_template(
        "moderation/recruiters.html",
        page=page,
        which=which,
        counts=lists.count_by_standing(db()),
        now=runtime().now(),
    )


@blueprint.get("/moderation/recruiters/<user_id>")
@for_roles(Role.MODERATOR)
def recruiter(user_id: str) -> Answer:
    """What is known of a recruiter and the organisation."""
    return _page(lists.load_recruiter(db(), user_id), RefusalForm())


@blueprint.post("/moderation/recruiters/<user_id>/verification")
@for_roles(Role.MODERATOR)
def verify(user_id: str) -> Answer:
    """Open the films to this recruiter."""
    user = lists.load_recruiter(db(), user_id)
    link = absolute_url(user.wanted_path or url_for("browse.home"))
    verdicts.verify_recruiter(db(), user, runtime().now(), actor=me(), link=link)
    flash(_("The recruiter is verified."), "good")
    return redirect(url_for("moderation.recruiters"), 303)


@blueprint.post("/moderation/recruiters/<user_id>/refusal")
@for_roles(Role.MODERATOR)
def refuse(user_id: str) -> Answer:
    """Keep this recruiter out, with the reason."""
    user = lists.load_recruiter(db(), user_id)
    form = RefusalForm()
    if not form.accepted():
        return _page(user, form), HTTPStatus.UNPROCESSABLE_ENTITY
    link, words = full_url("accounts.organisation"), form.text("words")
    verdicts.refuse_recruiter(db(), user, runtime().now(), actor=me(), words=words, link=link)
    flash(_("You rejected this recruiter. We have told them why."), "good")
    return redirect(url_for("moderation.recruiters"), 303)


def _page(user: User, form: RefusalForm) -> str:
    return render_template(
        "moderation/recruiter.html",
        recruiter=user,
        standing=verdicts.standing(user),
        colleagues=lists.colleagues(db(), user),
        standing_of=verdicts.standing,
        events=lists.events(db(), user),
        form=form,
    )
